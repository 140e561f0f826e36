// The sentences under the tables: first what needs attention, then how to read them.

import { connectionsFor } from "../results/dimensions.js";
import { generatorCapacity } from "../results/generator-limit.js";
import { judgedRatios } from "../results/relative.js";
import { ceilings } from "../results/roles.js";
import {
	fewestRounds,
	halfWidth,
	wantedHalfWidth,
} from "../results/statistics.js";
import {
	answerName,
	countFailures,
	unitOfWork,
	withShortNames,
} from "./columns.js";
import { formatNumber, formatRatio, formatRounds } from "./format.js";

/** Other programs that use more of the CPUs than this are worth a note. */
const foreignLimit = 0.1;
/** Rates that differ more than this from round to round hide small differences. */
const noiseLimit = 0.1;
/** More noisy rows than this are not all named. */
const mostNoisyListed = 5;
const noisyListed = 3;
/** Fewer requests than this on a connection in a round make those count that were cut off at its end. */
const fewestRequestsPerConnection = 3;

const names = (rows) => rows.map(({ name }) => name).join(", ");
const cpuList = (cpus) => `CPU${cpus.length > 1 ? "s" : ""} ${cpus.join(", ")}`;
const percent = (share) => `${Math.round(share * 100)} %`;

/** One note for each way in which the CPUs were given out. */
function cpuNotes(rows) {
	const groups = new Map();
	for (const row of rows) {
		const key = JSON.stringify(row.cpus);
		groups.set(key, [...(groups.get(key) ?? []), row]);
	}
	return [...groups.values()].map((group) => {
		const [{ cpus }] = group;
		const who = groups.size > 1 ? `${names(group)}: ` : "";
		if (cpus.server.length === 0)
			return `${names(group)}: running already, so nothing is known of its CPU time, memory and start. The generator ran on ${cpuList(cpus.generator)}; the network between them is a part of the latency.`;
		return (
			who +
			(cpus.areShared
				? `${who ? "the" : "The"} servers and the generator share the ${cpuList(cpus.server)}: they slow each other down. Compare CPU time rather than rates.`
				: `${who ? "the" : "The"} generator ran on ${cpuList(cpus.generator)}, the servers on ${cpuList(cpus.server)}.`)
		);
	});
}

/** What others used while rows were measured. */
function busyMachine(rows) {
	const shares = rows.map(({ foreignCpuShare }) => foreignCpuShare.median ?? 0);
	const most = Math.max(0, ...shares);
	const repeats = rows.reduce((sum, row) => sum + row.repeats, 0);
	return [
		...(most > foreignLimit
			? [
					`Other programs used up to ${percent(most)} of the CPUs in the median round of a row. Rates suffer from that more than CPU time; ratios of rows in one run suffer least.`,
				]
			: []),
		...(repeats
			? [
					`${repeats} ${repeats === 1 ? "round was" : "rounds were"} measured again, since other programs used much more of the CPUs than usual.`,
				]
			: []),
	];
}

function longRounds({ settings, rows }) {
	const longer = rows.filter(
		({ durationSeconds }) => durationSeconds > settings.durationSeconds,
	);
	if (longer.length === 0) return [];
	const list = longer.map(
		({ name, durationSeconds }) => `${name} ${durationSeconds} s`,
	);
	return [`Rounds were longer where requests take long: ${list.join(", ")}.`];
}

function batchNotes(rows) {
	const batches = rows.filter(({ batchSize }) => batchSize > 1);
	if (batches.length === 0) return [];
	const list = batches.map((row) => `${row.name} over ${connectionsFor(row)}`);
	return [
		`Batches came over fewer connections, at least 2 a process, so that as many texts were on their way at once: ${list.join(", ")}.`,
	];
}

function describeOpenLimit({ requestsPerSecond }) {
	return requestsPerSecond === null
		? "In the open loop it was late at every rate: something else uses its CPU."
		: `In the open loop it kept time up to ${formatNumber(requestsPerSecond)} a second; rates were doubled until it didn't, or until they were beyond what that server answers.`;
}

function calibrationNotes({ calibration }) {
	if (!calibration) return [];
	const { server, connections, closedLoop, openLoop } = calibration;
	const rate = ({ requestsPerSecond }) => formatNumber(requestsPerSecond);
	const open = openLoop ? ` ${describeOpenLimit(openLoop)}` : "";
	return [
		`The generator's own limit: ${server}, which does next to nothing, gave it ${rate(closedLoop)} requests/s over ${connections} connections. That took ${percent(closedLoop.generatorCpuShare)} of its CPU, so all of it would make about ${formatNumber(generatorCapacity(calibration))}.${open}`,
	];
}

const arrivalSentences = {
	uniform:
		"They come at even spacing; in clusters, as from many users, queues are longer (--arrivals poisson).",
	poisson:
		"They come independently of each other, at the same times for each row.",
	ramp: "Their rate grows from none to the one that is given: goodput is a mean over all of that.",
};

function openLoopNotes({ rows, settings }) {
	const points = rows.flatMap(({ name, openLoop = [] }) =>
		openLoop.map((point) => ({ ...point, name })),
	);
	if (points.length === 0) return [];
	const limited = points.filter((point) => point.isGeneratorLimited);
	const list = limited.map(({ name, wanted }) => `${name} at ${wanted}`);
	const refused = points
		.filter(({ statuses = [] }) => statuses.length)
		.map(
			({ name, wanted, statuses }) =>
				`${name} at ${wanted}: ${listStatuses(statuses)}`,
		);
	return [
		`Open loop: requests are sent by the clock, whatever the answers do, over as many connections as they need; beyond 1000 they wait. ${arrivalSentences[settings.arrivals ?? "uniform"]} Latency is that of answers 200, from when a request was due, so it includes queues; from send: without the time that a request waited for a connection. Goodput: answers 200 a second while requests were being sent. Shares are of the row's own requests/s above: at 200% at most half can be good.`,
		...(refused.length
			? [`Open loop: answers other than 200: ${refused.join("; ")}.`]
			: []),
		...(list.length
			? [
					`Open loop: the generator itself was late or sent too little (late): ${list.join(", ")}. The figures there include its own delay.`,
				]
			: []),
	];
}

function grpcNotes(rows) {
	if (!rows.some(({ transport }) => transport === "grpc")) return [];
	return [
		"gRPC: h2load sends one request over and over, so each round has another text or batch, the same for all rows. It can't read a gRPC status. A gRPC client checked the answers before; under load their length shows all failures of a connection but one. Bytes sent are without headers.",
	];
}

function methodNotes(given) {
	const results = withShortNames(given);
	const { settings, rows } = results;
	const unit = unitOfWork(results);
	const answer = answerName(results);
	const notes = [
		`${unit}s/s and CPU are medians of rounds; latencies are of requests, pooled over all rounds. A round is ${settings.durationSeconds} s in a closed loop: each connection sends its next request when the last was answered, so latency follows from throughput. Each round has a process of its own, which is warmed up first.`,
		`Ratios of ${unit}s/s and CPU are paired within each round: their geometric mean and its 95 % t-interval, with allowance for what successive rounds have in common. The other ratios are plain.`,
		...cpuNotes(rows),
		...calibrationNotes(results),
		...openLoopNotes(results),
		...longRounds(results),
		...batchNotes(rows),
		...grpcNotes(rows),
		`MB are 1,000,000 bytes. A page that several processes of a tier share counts once. Bytes of an ${answer} are without headers. First ${answer}: from the start of the process, on all CPUs.`,
	];
	const withoutEngine = new Set(
		rows
			.filter(({ engine, target }) => engine === null && !target)
			.map(({ id }) => id),
	);
	if (withoutEngine.size && !results.settings.tierDirectory)
		notes.push(
			`An engine is what encodes in the C core; tiers without one: ${[...withoutEngine].join(", ")}.`,
		);
	const shown = Object.values(ceilings).filter((ceiling) =>
		rows.some(({ id }) => id === ceiling),
	);
	if (shown.length)
		notes.push(
			`${shown.join(" and ")}: not a tier, but the most that its kind of host can serve. What a row takes above it is the mean difference within the rounds.`,
		);
	return notes;
}

function describeOutliers({ name, noise }) {
	const list = noise.outliers.map(
		({ round, share }) =>
			`${round} (${share > 0 ? "+" : "−"}${percent(Math.abs(share))})`,
	);
	return `${name} in round ${list.join(", ")}`;
}

const moreRounds = ({ rounds }) =>
	rounds === "auto" ? "a higher --limit" : "more rounds, or --rounds auto";

/** All of them, or the worst if they are many. */
function listNoisy(noisy) {
	const isLong = noisy.length > mostNoisyListed;
	const shown = isLong
		? noisy
				.toSorted((a, b) => b.noise.deviation - a.noise.deviation)
				.slice(0, noisyListed)
		: noisy;
	const list = shown.map(
		({ name, noise }) =>
			`${name} (rounds differ by ${percent(noise.deviation)})`,
	);
	return isLong
		? `${noisy.length} rows, most of all ${list.join(", ")}`
		: list.join(", ");
}

function noiseNotes({ settings, rows }) {
	const noisy = rows.filter(({ noise }) => noise?.deviation > noiseLimit);
	const withOutliers = rows.filter(({ noise }) => noise?.outliers.length);
	const notes = [];
	if (noisy.length) {
		notes.push(
			`Noisy: ${listNoisy(noisy)}. Try a machine with nothing else to do, longer rounds (--duration 5), ${moreRounds(settings)}.`,
		);
	}
	if (withOutliers.length)
		notes.push(
			`Outliers: ${withOutliers.map(describeOutliers).join("; ")}. Something else may have used the CPUs then. If that was rare, more rounds help.`,
		);
	return notes;
}

/** The widest interval that a row is judged by. */
function widestOf({ name, cpus, relative }) {
	const [interval = { low: null, high: null }] = judgedRatios({
		cpus,
		relative,
	}).toSorted((a, b) => Number(halfWidth(b)) - Number(halfWidth(a)));
	const isOfCpu = interval === relative.cpuMicrosPerImage;
	return { name, interval, what: isOfCpu ? "CPU" : "rate" };
}

/** Rows that --rounds auto could not get precise in time. */
function wideIntervals({ settings, rows }) {
	if (settings.rounds !== "auto") return [];
	const wide = rows
		.filter(({ name, relative }) => relative.to !== name)
		.map(widestOf)
		.filter(({ interval }) => Number(halfWidth(interval)) > wantedHalfWidth);
	if (wide.length === 0) return [];
	const list = wide.map(
		({ name, what, interval: { low, high } }) =>
			`${name} (${what} ${formatRatio(low)}–${formatRatio(high)})`,
	);
	return [
		`The time was up before all intervals were within ${100 * wantedHalfWidth} %: ${list.join(", ")}. Try a higher --limit.`,
	];
}

/** Whether a row differs from its base in rate or CPU time; null without enough rounds. */
function canTell(row) {
	const known = judgedRatios(row)
		.map(({ distinguishable }) => distinguishable)
		.filter((value) => value !== null);
	return known.length ? known.includes(true) : null;
}

function indistinguishable({ settings, rows }) {
	const found = rows.filter(
		(row) => row.relative.to !== row.name && canTell(row) === false,
	);
	const again = found
		.filter(({ isAgain }) => isAgain)
		.map(
			({ name, relative }) =>
				`${name}: not distinguishable from ${relative.to}, as it must be.`,
		);
	const others = found.filter(({ isAgain }) => !isAgain);
	const bases = [...new Set(others.map(({ relative }) => relative.to))];
	return [
		...again,
		...bases.map((base) => {
			const alike = others.filter(({ relative }) => relative.to === base);
			return `${names(alike)}: not distinguishable from ${base}; try ${moreRounds(settings)}.`;
		}),
	];
}

function ghosts({ rows }) {
	return rows
		.filter((row) => row.isAgain && canTell(row) === true)
		.map(
			({ name, relative }) =>
				`${name} differs from ${relative.to}, although it is the same. Chance does that in 1 of 20 runs to its rate, and in as many to its CPU time; take differences of this size for noise.`,
		);
}

function tooFewTexts({ settings, rows }) {
	const counts = new Map(
		settings.texts.map(({ kind, count }) => [kind, count]),
	);
	return rows.filter(
		({ samples, batchSize, text, transport }) =>
			transport !== "grpc" &&
			samples.some(({ requests }) => requests * batchSize < counts.get(text)),
	);
}

function caveats(results) {
	const { rows, isComplete } = results;
	const measured = rows.filter(({ rounds }) => rounds > 0);
	const when = (affected, sentence) => {
		if (affected.length === 0) return [];
		const isAll = affected.length === rows.length && rows.length > 1;
		return [`${isAll ? "All rows" : names(affected)}: ${sentence}`];
	};
	const hasFew = (row) =>
		row.samples.some(
			({ requests }) =>
				requests < fewestRequestsPerConnection * connectionsFor(row),
		);
	return [
		...(isComplete
			? []
			: ["The run was interrupted: this is what was measured by then."]),
		...when(
			measured.filter(({ rounds }) => rounds < fewestRounds),
			`fewer than ${fewestRounds} rounds give no interval.`,
		),
		...when(
			measured.filter((row) => row.isGeneratorLimited),
			"the generator was near its own limit; the tier may be faster than this (≥).",
		),
		...when(
			rows.filter(({ memoryBytes }) => memoryBytes.isLowerBound),
			"memory is a lower bound (≥), since child processes came and went between two samples.",
		),
		...when(
			measured.filter(hasFew),
			`some rounds had fewer than ${fewestRequestsPerConnection} requests on a connection, so requests cut off at the end matter. Try a longer --duration or fewer --connections.`,
		),
		...when(
			tooFewTexts(results),
			"some rounds were too short for all texts; try a longer --duration.",
		),
		...busyMachine(measured),
		...measured
			.filter((row) => countFailures(row) > 0)
			.map(
				(row) =>
					`${row.name}: requests failed: ${failureKinds(row)}.${describeStatuses(row)}`,
			),
		...wideIntervals(results),
		...noiseNotes(results),
		...ghosts(results),
		...indistinguishable(results),
	];
}

/** 3 × 503 "busy", 1 × 500 */
const listStatuses = (statuses) =>
	statuses
		.map(
			({ status, count, text }) =>
				`${count.toLocaleString("en-US")} × ${status}${text ? ` “${text}”` : ""}`,
		)
		.join(", ");

const describeStatuses = ({ statuses = [] }) =>
	statuses.length
		? ` A load after that, to look at the answers, had ${listStatuses(statuses)}.`
		: "";

function failureKinds({ failures }) {
	return Object.entries(failures)
		.filter(([, count]) => count > 0)
		.map(([kind, count]) => `${count} ${kind}`)
		.join(", ");
}

/**
 * What readForReport() found missing.
 * @type {(results: Kit.Summary) => string[]}
 */
const describeAbsent = ({ absent = [] }) =>
	absent.length
		? [
				`These results are from an older kit or have been changed: they lack ${absent.join(", ")}.`,
			]
		: [];

/**
 * What needs attention: [sentence].
 * @type {(results: Kit.Summary) => string[]}
 */
export function makeAlerts(given) {
	const results = withShortNames(given);
	return [
		...describeAbsent(results),
		...results.leftOut.map(
			({ name, reason }) => `${name} was left out: ${reason}`,
		),
		...results.rows
			.filter(({ problem }) => problem)
			.map(
				({ name, rounds, problem }) =>
					`${name} failed after ${formatRounds(rounds)}: ${problem}`,
			),
		...results.skipped.map(
			({ id, reason }) => `Not all rows of ${id}: ${reason}`,
		),
		...caveats(results),
	];
}

/** How to read the figures: [sentence]. */
export const makeExplanations = methodNotes;

/** @type {(results: Kit.Summary) => string[]} */
export const makeNotes = (results) => [
	...makeAlerts(results),
	...makeExplanations(results),
];
