// The parts of README.md and docs/tiers.md that consist of figures, as Markdown.
import {
	formatMegabytes,
	formatNumber,
	formatRatio,
} from "../report/format.js";
import { drawRows } from "../report/markdown-table.js";
import { isCeiling } from "../results/roles.js";

/** The rows that the front page shows, from the first step to the last, with what each is in words. */
export const steps = new Map([
	["js", "npm `qrcode` in Express"],
	["cli@fast", "Express spawns a C command"],
	["js-best", "a better JavaScript library"],
	["addon@fast", "the C core in Express, as an addon"],
	["addon-http@fast", "the same, ahead of Express"],
	["server@fast", "a C server"],
]);

/** From here on a gain counts as one. */
const someGain = 1.25;

/** @type {(results: Kit.Summary, name: string) => Kit.SummaryRow} */
export function findRow({ rows }, name) {
	const row = rows.find((candidate) => candidate.name === name);
	if (!row) throw new Error(`The run has no row ${name}.`);
	return row;
}

/** 24 of 24.1.0. */
const majorOf = (version) => Number(version.split(".")[0]);
const gainOf = ({ relative }) => relative.imagesPerSecond;
const times = (row) => formatRatio(gainOf(row).ratio);

/** Says so where it is hardly any. */
const buys = (row) =>
	gainOf(row).ratio < someGain ? `next to nothing (${times(row)})` : times(row);

/** 36.1x (30.2–41.0) */
function withInterval(row) {
	const { low, high } = gainOf(row);
	if (low === null) return times(row);
	return `${times(row)} (${[low, high].map((bound) => formatRatio(bound).slice(0, -1)).join("–")})`;
}

/**
 * The answer, in four lines.
 * @type {(tiers: Kit.Summary, nodes: Kit.Summary) => string}
 */
export function answer(tiers, nodes) {
	const row = (name) => findRow(tiers, name);
	const newest = nodes.rows
		.filter(({ id }) => id === "addon")
		.toSorted((a, b) => majorOf(b.node) - majorOf(a.node))[0];
	const oldest = majorOf(tiers.machine.node.slice(1));
	return [
		`- **A better JavaScript library buys ${buys(row("js-best"))}**, about what going native with the usual C libraries does (${times(row("addon@reference"))}).`,
		`- **This package's C core buys ${buys(row("addon@fast"))}** in Express. Then the image costs next to nothing, and Express is what is left to pay for.`,
		`- **A newer Node is worth ${times(newest)} of that again** (${majorOf(newest.node)} for ${oldest}); answering ahead of Express, in the same process, ${times(row("addon-http@fast"))} in all; a C server, ${times(row("server@fast"))}.`,
		`- **Spawning a command for each request buys ${buys(row("cli@fast"))}.**`,
	].join("\n");
}

const left = (head) => ({ head, align: "left" });
const right = (head) => ({ head, align: "right" });

const atLeast = (bound, text) => (bound ? `≥ ${text}` : text);

const figureColumns = [
	[
		right("requests/s"),
		({ imagesPerSecond, isGeneratorLimited }) =>
			atLeast(isGeneratorLimited, formatNumber(imagesPerSecond.median)),
	],
	[
		right("gain"),
		(row) => (row.relative.to === row.name ? "1x" : withInterval(row)),
	],
	[right("p99 ms"), ({ latencyMs }) => formatNumber(latencyMs.p99)],
	[
		right("CPU µs a request"),
		({ cpuMicrosPerImage }) => formatNumber(cpuMicrosPerImage.median),
	],
	[
		right("memory MB"),
		({ memoryBytes: { peak, isLowerBound } }) =>
			atLeast(isLowerBound, formatMegabytes(peak)),
	],
	[
		right("image bytes"),
		({ responseBytes }) => formatNumber(responseBytes.mean),
	],
];

/** Names are code; drawRows() would escape its quotes. */
function table(leadColumns, rows) {
	const columns = [...leadColumns, ...figureColumns];
	const drawn = drawRows({
		columns: columns.map(([column]) => column),
		groups: [rows.map((row) => columns.map(([, cell]) => cell(row)))],
	});
	return drawn.replaceAll("\\`", "`");
}

/**
 * The front page's table.
 * @type {(tiers: Kit.Summary) => string}
 */
export function stepsTable(tiers) {
	const rows = [...steps.keys()].map((name) => findRow(tiers, name));
	return table(
		[
			[left("tier"), ({ id }) => `\`${id}\``],
			[left("what it is"), ({ name }) => steps.get(name) ?? ""],
		],
		rows,
	);
}

/**
 * All rows, the slowest first and what is a ceiling last.
 * @type {(tiers: Kit.Summary) => string}
 */
export function allTable({ rows }) {
	const rank = (row) => (isCeiling(row) ? 1 : 0);
	const sorted = rows.toSorted(
		(a, b) =>
			rank(a) - rank(b) || a.imagesPerSecond.median - b.imagesPerSecond.median,
	);
	return table(
		[
			[left("tier"), ({ id }) => `\`${id}\``],
			[left("engine"), ({ engine }) => engine ?? "–"],
		],
		sorted,
	);
}

/**
 * Node versions side by side, relative to the first row.
 * @type {(nodes: Kit.Summary) => string}
 */
export function nodesTable({ rows }) {
	const versions = [...new Set(rows.map(({ node }) => node))];
	const ids = [...new Set(rows.map(({ id }) => id))];
	const cell = (id, version) => {
		const row = rows.find(({ id: of, node }) => of === id && node === version);
		if (!row) return "–";
		return row.relative.to === row.name ? "1x" : withInterval(row);
	};
	return drawRows({
		columns: [
			left("tier, engine fast"),
			...versions.map((version) =>
				right(`Node ${version.split(".").slice(0, 2).join(".")}`),
			),
		],
		groups: [
			ids.map((id) => [
				`\`${id}\``,
				...versions.map((version) => cell(id, version)),
			]),
		],
	}).replaceAll("\\`", "`");
}

/**
 * Where the figures are from, in a line.
 * @type {(results: Kit.Summary) => string}
 */
export function provenance({ machine, settings, startedAt }) {
	const { cpu, cores, distribution, node } = machine;
	const { rounds, dimensions, command } = settings;
	return (
		`${startedAt.slice(0, 10)}, \`${command}\`: ${cpu.replaceAll("(R)", "")}, ${cores} cores, ${distribution}, Node ${node.slice(1)}, ` +
		`${dimensions.connections.join(", ")} connections, ${rounds} rounds. Parentheses hold the 95 % interval of the gain; ≥ marks a lower bound.`
	);
}
