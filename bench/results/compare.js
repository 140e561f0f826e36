// Compares two runs of the kit, or two commits that were measured in one run.

import { dimensions, haveSameWorkload, thisCommit } from "./dimensions.js";
import { baseTier, ceilings } from "./roles.js";
import {
	confidence,
	pairedRatio,
	pairRounds,
	ratioOfRatios,
} from "./statistics.js";

/** Numbers of machines that differ in one of these say nothing about what changed in the code. */
const machineFacts = [
	"cpu",
	"cores",
	"memoryBytes",
	"kernel",
	"distribution",
	"node",
	"generators",
];
const figures = ["imagesPerSecond", "cpuMicrosPerImage"];
const rowFacts = [...dimensions.map(({ id }) => id), "cpus"];

const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const show = (value) =>
	typeof value === "object" ? JSON.stringify(value) : `${value}`;

function difference(what, a, b) {
	return isSame(a, b) ? [] : [`${what}: ${show(a)} and ${show(b)}`];
}

function textDifferences(a, b) {
	return a.settings.texts.flatMap((texts) => {
		const other = b.settings.texts.find(({ kind }) => kind === texts.kind);
		return other ? difference(`${texts.kind} texts`, texts, other) : [];
	});
}

/**
 * Sentences on all that should be the same in both runs and isn't. The commit and the packages are what may be compared.
 * @type {(a: Kit.Summary, b: Kit.Summary, pairs: [Kit.SummaryRow, Kit.SummaryRow][]) => string[]}
 */
export function findDifferences(a, b, pairs) {
	return [
		...machineFacts.flatMap((fact) =>
			difference(fact, a.machine[fact], b.machine[fact]),
		),
		...difference(
			"seconds of a round",
			a.settings.durationSeconds,
			b.settings.durationSeconds,
		),
		...difference(
			"seconds of a warm-up",
			a.settings.warmUpSeconds,
			b.settings.warmUpSeconds,
		),
		...textDifferences(a, b),
		...pairs.flatMap(([rowA, rowB]) =>
			rowFacts.flatMap((fact) =>
				difference(`${fact} of ${rowA.name}`, rowA[fact], rowB[fact]),
			),
		),
	];
}

/** The rows of both runs that have the same name, as [of A, of B]. */
function matchRows(a, b) {
	return a.rows.flatMap((row) => {
		const other = b.rows.find(({ name }) => name === row.name);
		return other ? [[row, other]] : [];
	});
}

/** The pair of rows that others are divided by: the first of the wanted ones (by name or tier), in the same workload if there is one. */
function findControl([row], pairs, wanted) {
	const others = pairs.filter(([other]) => other !== row);
	for (const name of wanted) {
		const found = others.filter(([{ name: row, id }]) =>
			[row, id].includes(name),
		);
		const control =
			found.find(([other]) => haveSameWorkload(other, row)) ?? found[0];
		if (control) return control;
	}
	return null;
}

const isKnown = (row, figure) => row[figure].median !== null;

/**
 * What a row is judged by. CPU time tells more than rates where other work makes these noisy; where the generator shares the CPUs, rates
 * tell nothing; and the CPU time of a server that ran already is unknown.
 */
const figuresOf = ([a, b]) =>
	figures.filter(
		(figure) =>
			isKnown(a, figure) &&
			isKnown(b, figure) &&
			!(figure === "imagesPerSecond" && b.cpus.areShared),
	);

const lessIsFaster = (figure) => figure === "cpuMicrosPerImage";

function verdictOn(judged, ratios) {
	const isFaster = (figure) =>
		ratios[figure].ratio < 1 === lessIsFaster(figure);
	if (judged.every((figure) => ratios[figure].distinguishable === null))
		return null;
	const clear = judged.filter((figure) => ratios[figure].distinguishable);
	if (clear.length === 0) return "not distinguishable";
	if (clear.every(isFaster)) return "faster";
	return clear.some(isFaster) ? "mixed" : "slower";
}

const medians = (row) =>
	Object.fromEntries(figures.map((figure) => [figure, row[figure].median]));

/** `ratios`: figure → ratio of B to A. */
function describeRow(name, [a, b], ratios) {
	const judged = figuresOf([a, b]);
	return {
		name,
		figures: judged,
		...ratios,
		a: medians(a),
		b: medians(b),
		verdict: verdictOn(judged, ratios),
	};
}

/** Bonferroni: all intervals together hold their values with 95 %, so that many rows don't make a false alarm likely. */
function levelFor(pairs) {
	const count = pairs.flatMap(figuresOf).length;
	return 1 - (1 - confidence) / Math.max(1, count);
}

function describeRun({ startedAt, isComplete, machine }) {
	return { startedAt, isComplete, gitCommit: machine.gitCommit };
}

/** Rows that were measured before and now failed: no figure is worse than that. */
function findFailures(a, b) {
	const measured = new Set(a.rows.map(({ name }) => name));
	const broken = b.rows.filter(({ problem }) => problem);
	return [
		...b.leftOut,
		...broken.map(({ name, problem }) => ({ name, reason: problem })),
	]
		.filter(({ name }) => measured.has(name))
		.map(({ name, reason }) => ({ name, reason }));
}

const missingFrom = (other, { rows }) =>
	rows
		.map(({ name }) => name)
		.filter((name) => !other.rows.some((row) => row.name === name));

/**
 * What run B gave in relation to run A, both as in results.json. Machines drift from run to run, so each row is divided by a control within
 * each round, and these ratios are compared. `control`: the name of a row or a tier. Throws a sentence if there is nothing to compare, and,
 * unless it is forced, if the runs are not alike.
 * @type {(a: Kit.Summary, b: Kit.Summary, options?: { control?: string, force?: boolean }) => Kit.Comparison}
 */
export function compareRuns(a, b, { control, force = false } = {}) {
	const pairs = matchRows(a, b);
	const wanted = control ? [control] : [baseTier, ...Object.values(ceilings)];
	const controlled = pairs
		.map((pair) => ({ pair, control: findControl(pair, pairs, wanted) }))
		.filter((found) => found.control);
	if (controlled.length === 0)
		throw new Error(
			`There is nothing to compare: both runs must have a row and another one as its control, ${wanted.join(" or ")}; both have ${pairs.map(([{ name }]) => name).join(", ") || "none"}. --control names another.`,
		);
	const differences = findDifferences(a, b, pairs);
	if (differences.length && !force)
		throw new Error(
			`The runs are not alike: ${differences.join("; ")}. --force compares them all the same.`,
		);
	const level = levelFor(controlled.map(({ pair }) => pair));
	const rows = controlled.map(({ pair: [rowA, rowB], control: [inA, inB] }) => {
		const ratio = (figure) =>
			ratioOfRatios(
				pairRounds(rowB, inB, figure),
				pairRounds(rowA, inA, figure),
				level,
			);
		const ratios = figures.map((figure) => [figure, ratio(figure)]);
		return {
			...describeRow(rowB.name, [rowA, rowB], Object.fromEntries(ratios)),
			control: inA.name,
		};
	});
	const judged = new Set(rows.map(({ name }) => name));
	const controls = controlled.map((found) => found.control);
	return {
		kind: "runs",
		level,
		foreignCpuShare: foreignShareOf(pairs.flat()),
		a: describeRun(a),
		b: describeRun(b),
		rows,
		differences,
		failed: findFailures(a, b),
		controls: [...new Set(controls)]
			.filter(([{ name }]) => !judged.has(name))
			.map(([inA, inB]) => ({
				name: inA.name,
				a: medians(inA),
				b: medians(inB),
			})),
		onlyInA: missingFrom(b, a),
		onlyInB: missingFrom(a, b),
	};
}

/**
 * Rows of both commits in one run need no control: they are paired within its rounds. Null if there is only one.
 * @type {(results: Kit.Summary) => Kit.Comparison | null}
 */
export function compareCommits(results) {
	const { rows: all, leftOut } = results;
	const here = (row) => row.name.replace(` at ${row.commit}`, "");
	const old = all.filter(({ commit }) => commit && commit !== thisCommit);
	if (old.length === 0) return null;
	const pairs = old.flatMap((row) => {
		const twin = all.find(({ name }) => name === here(row));
		return twin ? [[row, twin]] : [];
	});
	const level = levelFor(pairs);
	const rows = pairs.map(([a, b]) => {
		const ratio = (figure) => pairedRatio(pairRounds(b, a, figure), level);
		const ratios = figures.map((figure) => [figure, ratio(figure)]);
		return describeRow(b.name, [a, b], Object.fromEntries(ratios));
	});
	const names = old.map(here);
	const run = describeRun(results);
	return {
		kind: "commits",
		level,
		foreignCpuShare: foreignShareOf(pairs.flat()),
		rows,
		controls: [],
		differences: [],
		a: { ...run, gitCommit: old[0].commit },
		b: run,
		failed: findFailures({ rows: names.map((name) => ({ name })) }, results),
		onlyInA: names.filter(
			(name) => ![...all, ...leftOut].some((row) => row.name === name),
		),
		onlyInB: [],
	};
}

/** What others used of the CPUs in the median round of the row that had most of that. */
const foreignShareOf = (rows) =>
	Math.max(0, ...rows.map((row) => row.foreignCpuShare.median ?? 0));

/** Beside others that use more of the CPUs than this nothing is judged. */
export const mostForeignShare = 0.3;

const isUndecided = ({ verdict }) => verdict === null;

/** The ratios that a row is judged by and that have an interval, as [figure, ratio]. */
const judgedRatios = (row) =>
	row.figures
		.map((figure) => [figure, row[figure]])
		.filter(([, { low }]) => low !== null);

const isRegression = (row, threshold) =>
	judgedRatios(row).some(([figure, { low, high }]) =>
		lessIsFaster(figure) ? 1 / low < 1 - threshold : high < 1 - threshold,
	);

/** Whether a change by the threshold would hide in each of the intervals. */
const isTooNoisy = (row, threshold) =>
	judgedRatios(row).every(
		([, { low, high }]) => Math.sqrt(high / low) > 1 + threshold,
	);

/**
 * The gate: { threshold, regressions, undecided: rows with too few rounds, tooNoisy: rows that hide a change of that size, isTooBusy: others
 * used so much of the CPUs that nothing is judged, unless it is forced }. A row is a regression only if the near end of an
 * interval is past the threshold, a share such as 0.1 (images/s go down by so much, or images for a second of CPU time), or if it failed.
 * @type {(comparison: Pick<Kit.Comparison, "rows" | "failed" | "foreignCpuShare">, threshold: number, options?: { force?: boolean }) => Kit.Gate}
 */
export function judge(
	{ rows, failed, foreignCpuShare },
	threshold,
	{ force = false } = {},
) {
	const names = (list) => list.map(({ name }) => name);
	const undecided = rows.filter(isUndecided);
	const decided = rows.filter((row) => !undecided.includes(row));
	const slower = decided.filter((row) => isRegression(row, threshold));
	const noisy = decided.filter(
		(row) => !slower.includes(row) && isTooNoisy(row, threshold),
	);
	return {
		threshold,
		regressions: [...new Set([...names(slower), ...names(failed)])],
		undecided: names(undecided),
		tooNoisy: names(noisy),
		isTooBusy: !force && foreignCpuShare > mostForeignShare,
	};
}
