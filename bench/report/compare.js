// What a comparison of two runs or commits says, on a terminal and as Markdown.
import { makeStyle } from "./colours.js";
import { formatNumber, formatRatio } from "./format.js";
import {
	escapeMarkdown,
	drawTable as markdownTable,
} from "./markdown-table.js";
import { withPlainText } from "./plain.js";
import { drawTable as textTable, wrap } from "./text-table.js";

const heads = {
	imagesPerSecond: "images/s",
	cpuMicrosPerImage: "CPU µs\n/image",
};
const shownDigits = 10;

const asPercent = (share) => `${Number((100 * share).toFixed(2))} %`;

const fromTo = ({ a, b }, figure) =>
	`${formatNumber(a[figure])} → ${formatNumber(b[figure])}`;

function changeCells(figure) {
	const change = (row) => row[figure];
	return [
		[`${heads[figure]}\nA → B`, (row) => fromTo(row, figure), "optional"],
		[`${heads[figure]}\nB to A`, (row) => formatRatio(change(row).ratio)],
		[
			"interval",
			(row) =>
				change(row).low === null
					? "–"
					: `${formatRatio(change(row).low)}–${formatRatio(change(row).high)}`,
		],
	];
}

/**
 * For drawTable().
 * @type {(comparison: Kit.Comparison) => Kit.Table}
 */
export function makeTable({ kind, rows }) {
	/** @type {Kit.Cells} */
	const columns = [
		["row", ({ name }) => name],
		...(kind === "runs" ? [["control", ({ control }) => control]] : []),
		...changeCells("imagesPerSecond"),
		...changeCells("cpuMicrosPerImage"),
		["n", ({ imagesPerSecond }) => `${imagesPerSecond.rounds}`],
		["verdict", ({ verdict }) => verdict ?? "too few rounds"],
	];
	const left = ["row", "control", "verdict"];
	return {
		title: "B compared with A",
		columns: columns.map(([head, , importance]) => ({
			head,
			align: left.includes(head) ? "left" : "right",
			isOptional: importance === "optional",
		})),
		groups: [rows.map((row) => columns.map(([, cell]) => cell(row)))],
	};
}

function describeSide(name, { gitCommit, startedAt, isComplete }, kind) {
	const commit = gitCommit?.replace(/^[0-9a-f]{40}/, (id) =>
		id.slice(0, shownDigits),
	);
	const what =
		kind === "commits"
			? `commit ${commit ?? "unknown"}`
			: `the run of ${startedAt.slice(0, 16).replace("T", " ")}, commit ${commit ?? "unknown"}`;
	return `${name}: ${what}${isComplete ? "" : " (interrupted)"}`;
}

function explain({ kind, level, rows }) {
	const together = `Each interval is one of ${asPercent(level)}, so that all of them together hold with 95 %. Slower means fewer images/s, or more CPU time for an image.`;
	const shared = rows
		.filter(({ figures }) => !figures.includes("imagesPerSecond"))
		.map(({ name }) => name);
	return [
		kind === "runs"
			? `Machines drift from run to run, so every row is divided by its control in each round, and these ratios are compared (geometric means, Welch's interval of the difference of their logarithms; n: rounds of B, A). ${together}`
			: `Both commits were measured in turn in the same rounds; ratios are paired within each (geometric mean, t-interval of the logarithms; n: rounds). ${together}`,
		...(kind === "runs"
			? [
					"--against is the better comparison: it measures both in the same rounds.",
				]
			: []),
		...(shared.length
			? [
					`Judged by CPU time alone, because they shared CPUs with the generator: ${shared.join(", ")}.`,
				]
			: []),
	];
}

function describeNoise({ threshold, tooNoisy }) {
	if (tooNoisy.length === 0) return [];
	return [
		`Gate: a change of ${asPercent(threshold)} can hide in the wide intervals of ${tooNoisy.join(", ")}. Try more rounds or a quieter machine.`,
	];
}

function describeGate(
	{ threshold, regressions, undecided, isTooBusy },
	{ foreignCpuShare },
) {
	const limit = asPercent(threshold);
	if (isTooBusy)
		return [
			`Gate: not decided; other programs used ${Math.round(100 * foreignCpuShare)} % of the CPUs. Try a quieter machine, or --force.`,
		];
	if (regressions.length)
		return [`Gate: slower by more than ${limit}: ${regressions.join(", ")}.`];
	if (undecided.length)
		return [
			`Gate: not decided; too few rounds for an interval: ${undecided.join(", ")}.`,
		];
	return [`Gate: passed; no row is slower by more than ${limit} for certain.`];
}

/**
 * The sentences under the table; `gate`: what judge() said, if it was asked.
 * @type {(comparison: Kit.Comparison, gate: Kit.Gate | null) => string[]}
 */
export function makeNotes(comparison, gate) {
	const { differences, failed, controls, onlyInA, onlyInB } = comparison;
	const list = (names, sentence) =>
		names.length ? [`${sentence}: ${names.join(", ")}.`] : [];
	return [
		...(gate
			? [...describeGate(gate, comparison), ...describeNoise(gate)]
			: []),
		...failed.map(
			({ name, reason }) =>
				`${name} was measured in A and failed in B: ${reason}`,
		),
		...list(
			differences,
			"Compared by force, although these differ and may be all that is seen",
		),
		...list(onlyInA, "Only in A"),
		...list(onlyInB, "Only in B"),
		...controls.map(
			(control) =>
				`${control.name} is a control alone, ${fromTo(control, "imagesPerSecond")} images/s; what changes it looks like the opposite change in all others.`,
		),
		...explain(comparison),
	];
}

/**
 * What A is and what B is.
 * @type {(comparison: Pick<Kit.Comparison, "a" | "b" | "kind">) => string[]}
 */
export const describeSides = ({ a, b, kind }) => [
	describeSide("A", a, kind),
	describeSide("B", b, kind),
];

/**
 * `gate`: what judge() said, if it was asked.
 * @type {(untrusted: Kit.Comparison, untrustedGate: Kit.Gate | null, options?: { colours?: boolean }) => string}
 */
export function renderComparison(
	untrusted,
	untrustedGate,
	{ colours = false } = {},
) {
	const [comparison, gate] = withPlainText([untrusted, untrustedGate]);
	const style = makeStyle(colours);
	const bold = (text) => style("bold", text);
	const notes = makeNotes(comparison, gate).map(
		(note) => `- ${wrap(note, "  ")}`,
	);
	return `${[
		describeSides(comparison).join("\n"),
		textTable(makeTable(comparison), bold),
		notes.join("\n"),
	].join("\n\n")}\n`;
}

/** @type {(untrusted: Kit.Comparison, untrustedGate: Kit.Gate | null) => string} */
export function renderComparisonMarkdown(untrusted, untrustedGate) {
	const [comparison, gate] = withPlainText([untrusted, untrustedGate]);
	const items = (lines) =>
		lines.map((line) => `- ${escapeMarkdown(line)}`).join("\n");
	return `${[
		"# Two measurements compared",
		items(describeSides(comparison)),
		markdownTable(makeTable(comparison)),
		items(makeNotes(comparison, gate)),
	].join("\n\n")}\n`;
}
