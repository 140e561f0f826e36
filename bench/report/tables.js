// What a report says, as plain tables and sentences made from results.json alone; how it looks is up to terminal.js and markdown.js.
import { fewestRounds } from "../statistics.js";
import { ceilings, groupOf, nameOf } from "../tiers.js";
import {
	formatMegabytes,
	formatNumber,
	formatPercent,
	formatRange,
	formatRatio,
} from "./format.js";

/** A generator that uses more of its CPU than this may be what was measured. */
const generatorLimit = 0.9;
const idleLimit = 0.01;

const rowNames = [
	["tier", ({ id }) => id, "left"],
	["engine", ({ engine }) => engine ?? "–", "left"],
];

function speedTable(results) {
	const latency = (name) => (tier) => formatNumber(tier.latencyMs[name]);
	return table("Speed", results, [
		...rowNames,
		["requests/s", (tier) => formatNumber(tier.requestsPerSecond.median)],
		[
			"lowest–highest",
			({ requestsPerSecond: { low, high } }) => formatRange(low, high),
		],
		["mean ms", latency("mean")],
		["p50 ms", latency("p50")],
		["p90 ms", latency("p90")],
		["p99 ms", latency("p99")],
		["max ms", latency("max")],
	]);
}

function failureCount({ failures }) {
	return Object.values(failures).reduce((sum, count) => sum + count, 0);
}

function costTable(results) {
	const memory = (name) => (tier) =>
		(tier.memoryBytes.isLowerBound ? "≥ " : "") +
		formatMegabytes(tier.memoryBytes[name]);
	return table("Cost", results, [
		...rowNames,
		[
			"CPU µs\n/request",
			(tier) => formatNumber(tier.cpuMicrosPerRequest.median),
		],
		["peak\nPSS MB", memory("pssPeak")],
		["peak\nRSS MB", memory("rssPeak")],
		["image\nbytes", (tier) => formatNumber(tier.responseBytes.mean)],
		["first\nimage ms", (tier) => formatNumber(tier.startupMs)],
		["failed\nrequests", (tier) => `${failureCount(tier)}`],
		["generator\nCPU %", (tier) => formatPercent(tier.generatorCpuShare)],
	]);
}

function intervalCell({ low, high, distinguishable }) {
	if (low === null) return "–";
	const range = `${formatRatio(low)}–${formatRatio(high)}`;
	return distinguishable ? range : `${range} not\ndistinguishable`;
}

function relativeTable(results) {
	const { tiers, relativeTo } = results;
	const base = tiers.find((tier) => nameOf(tier) === relativeTo);
	const times = (pick) => (tier) =>
		formatRatio(ratioOf(pick(tier), pick(base)));
	const isBase = (tier) => tier === base;
	return table(`Relative to ${relativeTo} = 1.00x`, results, [
		...rowNames,
		[
			"requests/s",
			(tier) => formatRatio(tier.relative.requestsPerSecond.ratio),
		],
		[
			"95 % interval",
			(tier) =>
				isBase(tier) ? "" : intervalCell(tier.relative.requestsPerSecond),
		],
		["n", ({ relative }) => `${relative.requestsPerSecond.rounds}`],
		["p99", times(({ latencyMs }) => latencyMs.p99)],
		[
			"CPU\n/request",
			(tier) => formatRatio(tier.relative.cpuMicrosPerRequest.ratio),
		],
		["peak\nPSS", times(({ memoryBytes }) => memoryBytes.pssPeak)],
		["image\nbytes", times(({ responseBytes }) => responseBytes.mean)],
		["first\nimage", times(({ startupMs }) => startupMs)],
	]);
}

function ratioOf(value, base) {
	return value === null || base === null ? null : value / base;
}

/** What each tier costs beyond what its kind of host costs anyway. */
function ceilingTable(results) {
	const tiers = results.tiers.filter(
		({ relative }) => relative.ceiling?.cpuMicrosPerRequest.rounds > 0,
	);
	const figure = (format) => (tier) =>
		format(tier.relative.ceiling.cpuMicrosPerRequest);
	return table(
		"CPU/request above a constant image from the same kind of host",
		{ ...results, tiers },
		[
			...rowNames,
			["above", ({ relative }) => relative.ceiling.id, "left"],
			["µs", figure(({ difference }) => formatNumber(difference))],
			["95 % interval", figure(({ low, high }) => formatRange(low, high))],
			["times", figure(({ ratio }) => formatRatio(ratio.ratio))],
			["95 % interval", figure(({ ratio }) => intervalCell(ratio))],
			["n", figure(({ rounds }) => `${rounds}`)],
		],
	);
}

/** Tiers that have an engine in common are a group of rows. */
function table(title, { tiers, settings }, columns) {
	const groups = new Map();
	for (const tier of tiers) {
		const group = groupOf(tier, settings.engines);
		groups.set(group, [...(groups.get(group) ?? []), tier]);
	}
	return {
		title,
		columns: columns.map(([head, , align = "right"]) => ({ head, align })),
		groups: [...groups.values()].map((group) =>
			group.map((tier) => columns.map(([, cell]) => cell(tier))),
		),
	};
}

/** [{ title, columns: [{ head, align }], groups: [rows] }] */
export function makeTables(results) {
	const make = [speedTable, costTable, relativeTable, ceilingTable];
	return make
		.map((makeTable) => makeTable(results))
		.filter(({ groups }) => groups.length > 0);
}

const names = (tiers) => tiers.map(nameOf).join(", ");

function methodNotes({ settings, tiers }) {
	const { generatorCpus, serverCpus, cpusAreShared } = settings;
	const notes = [
		`requests/s and CPU are medians of rounds, latencies are pooled over all rounds; each round is ${settings.durationSeconds} s of ${settings.connections} connections in a closed loop (each sends its next request when the last was answered), so latency follows from throughput. A warm-up round was left out.`,
		"Ratios of requests/s and CPU are paired within each of the n rounds: geometric mean, and the 95 % t-interval of it. The other ratios are plain.",
		cpusAreShared
			? `The servers and the generator share the CPUs ${serverCpus.join(", ")}: they slow each other down. Compare CPU/request rather than requests/s.`
			: `The generator ran on CPU ${generatorCpus.join(", ")}, the servers on CPU ${serverCpus.join(", ")}.`,
		"MB are 1,000,000 bytes. PSS counts a page that n processes share as 1/n in each. Image bytes are without HTTP headers. First image: from the start of the process, on all CPUs.",
	];
	const withoutEngine = tiers.filter(({ engine }) => engine === null);
	if (withoutEngine.length)
		notes.push(
			`An engine is what the C core works with; without one: ${names(withoutEngine)}.`,
		);
	const shown = Object.values(ceilings).filter((ceiling) =>
		tiers.some(({ id }) => id === ceiling),
	);
	if (shown.length)
		notes.push(
			`${shown.join(" and ")}: no tier, but the ceiling of all that the same kind of host serves. What is above it is the mean difference within the rounds.`,
		);
	return notes;
}

function caveats({ settings, tiers, relativeTo, isComplete }) {
	const measured = tiers.filter(({ rounds }) => rounds > 0);
	const when = (affected, sentence) =>
		affected.length ? [`${names(affected)}: ${sentence}`] : [];
	const fewRounds = measured.filter(({ rounds }) => rounds < fewestRounds);
	return [
		...(isComplete
			? []
			: ["The run was interrupted: this is what was measured until then."]),
		...when(fewRounds, `fewer than ${fewestRounds} rounds give no interval.`),
		...when(
			measured.filter((tier) => tier.generatorCpuShare > generatorLimit),
			"the generator was near its own limit; the tier may be faster than this.",
		),
		...when(
			tiers.filter(({ memoryBytes }) => memoryBytes.isLowerBound),
			"memory is a lower bound (≥), since child processes came and went between two samples.",
		),
		...when(
			measured.filter(({ samples }) =>
				samples.some(({ requests }) => requests < settings.textCount),
			),
			`some rounds were too short for all ${settings.textCount} texts; try a longer --duration.`,
		),
		...when(
			measured.filter(({ idleCpuShare }) => idleCpuShare > idleLimit),
			"used CPU while others were measured.",
		),
		...measured
			.filter((tier) => failureCount(tier) > 0)
			.map(
				(tier) => `${nameOf(tier)}: requests failed: ${failureKinds(tier)}.`,
			),
		...tiers
			.filter((tier) => nameOf(tier) !== relativeTo)
			.filter(
				({ relative }) => relative.requestsPerSecond.distinguishable === false,
			)
			.map(
				(tier) =>
					`${nameOf(tier)}: not distinguishable from ${relativeTo} in requests/s; try more rounds.`,
			),
	];
}

function failureKinds({ failures }) {
	return Object.entries(failures)
		.filter(([, count]) => count > 0)
		.map(([kind, count]) => `${count} ${kind}`)
		.join(", ");
}

/** Sentences under the tables: first what needs attention, then how to read them. */
export function makeNotes(results) {
	return [
		...results.leftOut.map(
			(row) => `${nameOf(row)} was left out: ${row.reason}`,
		),
		...results.tiers
			.filter(({ problem }) => problem)
			.map(
				(tier) =>
					`${nameOf(tier)} failed after ${tier.rounds} rounds: ${tier.problem}`,
			),
		...caveats(results),
		...methodNotes(results),
	];
}

/** [name, value] of everything that the numbers depend on. */
export function makeFacts({ machine, settings, tiers, startedAt }) {
	return [
		["Date", startedAt],
		["CPU", `${machine.cpu}, ${machine.cores} cores`],
		["Memory", `${formatNumber(machine.memoryBytes / 1e9)} GB`],
		[
			"System",
			[machine.distribution, machine.kernel].filter(Boolean).join(", "),
		],
		[
			"Node.js",
			machine.node === settings.node
				? machine.node
				: `${settings.node} (and ${machine.node} for the kit itself)`,
		],
		["Packages", machine.packages.join(", ")],
		["Generator", machine.generator],
		["Commit", machine.gitCommit ?? "unknown"],
		[
			"Settings",
			`rounds: ${settings.rounds} of ${settings.durationSeconds} s, connections: ${settings.connections}, processes: ${settings.processes}`,
		],
		[
			"Texts",
			`${settings.text}: ${settings.textCount} texts, ${formatNumber(settings.meanTextBytes)} bytes in the mean`,
		],
		...tiers.map((tier) => [`Host ${nameOf(tier)}`, tier.details]),
	];
}
