// What was measured, and the files that hold it: results.json, written anew after every round, and latencies.ndjson, which grows.
import {
	appendFileSync,
	readFileSync,
	renameSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { isGeneratorLimited } from "../run/calibration.js";
import { areServedAlike, dimensions, haveSameWorkload } from "./dimensions.js";
import { addHistogram, describeLatencies } from "./histogram.js";
import { findNoise } from "./noise.js";
import { describeOpenLoop } from "../load/open-loop.js";
import { checkResults, schemaVersion } from "./schema.js";
import {
	median,
	pairedDifference,
	pairedRatio,
	pairRounds,
	spread,
} from "./statistics.js";
import { baseTier, ceilings } from "../subjects/tiers.js";

export const resultsFile = "results.json";
/** A line for each round of each row: { row, round, latencyUs: [[latency, count], …] }. */
export const latenciesFile = "latencies.ndjson";

export function createResults({ directory, machine, settings }) {
	return {
		directory,
		machine,
		settings,
		startedAt: new Date(),
		isComplete: false,
		roundsDone: 0,
		calibration: null,
		entries: [],
		leftOut: [],
		skipped: [],
	};
}

export const findEntry = ({ entries }, tier) =>
	entries.find((entry) => entry.tier === tier);

/** Adds a tier that has passed verification; `engine` and `node` are what its host says it uses. */
export function addTier(results, { tier, ...found }) {
	const entry = {
		tier,
		...found,
		startupMs: [],
		memory: null,
		samples: [],
		openLoop: [],
		histogram: new Map(),
		idle: { cpuSeconds: 0, seconds: 0 },
		problem: null,
	};
	results.entries.push(entry);
	return entry;
}

/** One line that is fit to be shown: what a process printed can hold anything. */
function toSentence(error) {
	return error.message.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
}

/** A tier that failed: left out if it has no rounds yet, else it keeps them beside the reason, which is returned. */
export function recordFailure(results, tier, error) {
	const reason = toSentence(error);
	const entry = findEntry(results, tier);
	if (entry?.samples.length) {
		entry.problem = reason;
	} else {
		results.entries = results.entries.filter((other) => other !== entry);
		const { name, id, engine } = tier;
		results.leftOut.push({ name, id, engine, reason });
	}
	return reason;
}

/** Adds what one round of one tier gave: see runWrk, and the CPU time of the host in that time, with the kernel's part of it. */
export function addRound(results, entry, round, { load, ...times }) {
	const { cpuSeconds, systemCpuSeconds = null } = times;
	const { requests, seconds, bytes, bytesSent, failures } = load;
	const { name, batchSize } = entry.tier;
	const requestsPerSecond = (requests - failures.status) / seconds;
	const hasCpu = cpuSeconds !== null; // unknown of a server that others have started
	const cpuMicrosPerRequest = hasCpu ? (cpuSeconds * 1e6) / requests : null;
	entry.samples.push({
		...{ round, seconds, requests, requestsPerSecond, cpuMicrosPerRequest },
		imagesPerSecond: requestsPerSecond * batchSize,
		cpuMicrosPerImage: hasCpu ? cpuMicrosPerRequest / batchSize : null,
		cpuSystemShare:
			cpuSeconds && systemCpuSeconds !== null
				? Math.min(1, systemCpuSeconds / cpuSeconds)
				: null,
		generatorCpuShare: load.generatorCpuShare,
		...{ bytesReceived: bytes, bytesSent, failures },
	});
	addHistogram(entry.histogram, load.histogram);
	const line = { row: name, round, latencyUs: [...load.histogram] };
	appendFileSync(
		join(results.directory, latenciesFile),
		`${JSON.stringify(line)}\n`,
	);
}

function sumFailures(samples) {
	const sum = { connect: 0, read: 0, write: 0, timeout: 0, status: 0 };
	for (const { failures } of samples)
		for (const kind of Object.keys(sum)) sum[kind] += failures[kind];
	return sum;
}

/** What a tier costs beyond what its kind of host costs anyway; null without a ceiling that was measured. */
function compareToCeiling(entry, entries) {
	if (entry.tier.target) return null;
	const id = entry.node ? ceilings.express : ceilings.program;
	const ceiling = entries.find(
		({ tier }) => tier.id === id && areServedAlike(tier, entry.tier),
	);
	if (!ceiling || ceiling === entry) return null;
	const pairs = pairRounds(entry, ceiling, "cpuMicrosPerImage");
	return {
		id,
		cpuMicrosPerImage: {
			...pairedDifference(pairs),
			ratio: pairedRatio(pairs),
		},
	};
}

/** What a row is relative to: the first of the base tier, or else of any, that encodes the same under the same load. */
function findBase(entry, entries) {
	const alike = entries.filter(({ tier }) =>
		haveSameWorkload(tier, entry.tier),
	);
	return alike.find(({ tier }) => tier.id === baseTier) ?? alike[0];
}

/** Each entry in relation to its base: [{ entry, isBase, to, imagesPerSecond, cpuMicrosPerImage, ceiling }] */
export function compareAll({ entries }) {
	return entries.map((entry) => {
		const base = findBase(entry, entries);
		const ratio = (figure) => pairedRatio(pairRounds(entry, base, figure));
		return {
			...{ entry, isBase: entry === base, to: base.tier.name },
			imagesPerSecond: ratio("imagesPerSecond"),
			cpuMicrosPerImage: ratio("cpuMicrosPerImage"),
			ceiling: compareToCeiling(entry, entries),
		};
	});
}

function describeRow({ tier, engine, node }) {
	const values = dimensions.map(({ id }) => [id, tier[id] ?? null]);
	return {
		...{ name: tier.name, id: tier.id, engine },
		...Object.fromEntries(values),
		node,
		isAgain: tier.isAgain ?? false,
		target: tier.target ?? null,
	};
}

function sum(samples, figure) {
	return samples.reduce((total, sample) => total + sample[figure], 0);
}

function describeTotals(samples, failures) {
	const requests = sum(samples, "requests");
	const { status, ...broken } = failures;
	const attempts = Object.values(broken).reduce((a, b) => a + b, requests);
	return {
		...{ seconds: sum(samples, "seconds"), requests },
		answers: { ok: requests - status, other: status },
		successRatio: attempts ? (requests - status) / attempts : null,
		bytesReceived: sum(samples, "bytesReceived"),
		bytesSent: sum(samples, "bytesSent"),
	};
}

function summariseTier({ entry, to, ...relative }, { calibration, settings }) {
	const { samples, memory, idle, cpus } = entry;
	const all = (figure) => samples.map((sample) => sample[figure]);
	const failures = sumFailures(samples);
	const { imagesPerSecond, cpuMicrosPerImage, ceiling } = relative;
	const generator = {
		requestsPerSecond: median(all("requestsPerSecond")),
		generatorCpuShare: median(all("generatorCpuShare")),
	};
	return {
		...describeRow(entry),
		...{ cpus, durationSeconds: entry.durationSeconds, rounds: samples.length },
		requestsPerSecond: spread(all("requestsPerSecond")),
		imagesPerSecond: spread(all("imagesPerSecond")),
		...describeLatencies(entry.histogram),
		responseBytes: { mean: entry.meanImageBytes },
		memoryBytes: {
			pssPeak: memory?.pss ?? null,
			rssPeak: memory?.rss ?? null,
			pssIdle: memory?.pssIdle ?? null,
			isLowerBound: memory?.isLowerBound ?? false,
		},
		cpuMicrosPerRequest: spread(all("cpuMicrosPerRequest")),
		cpuMicrosPerImage: spread(all("cpuMicrosPerImage")),
		cpuSystemShare: median(
			all("cpuSystemShare").filter((share) => share !== null),
		),
		totals: describeTotals(samples, failures),
		failures,
		startupMs: median(entry.startupMs),
		relative: { to, imagesPerSecond, cpuMicrosPerImage, ceiling },
		noise: findNoise(samples),
		generatorCpuShare: generator.generatorCpuShare,
		isGeneratorLimited: isGeneratorLimited(generator, calibration),
		openLoop: entry.openLoop.map((point) =>
			describeOpenLoop(point, settings.durationSeconds),
		),
		idleCpuShare: idle.seconds ? idle.cpuSeconds / idle.seconds : null,
		details: entry.details,
		problem: entry.problem,
		samples,
	};
}

/** What results.json holds. */
export function summarise(results) {
	const { machine, settings, isComplete, leftOut, skipped } = results;
	return {
		schemaVersion,
		startedAt: results.startedAt.toISOString(),
		endedAt: new Date().toISOString(),
		...{ isComplete, machine, settings },
		calibration: results.calibration,
		tiers: compareAll(results).map((found) => summariseTier(found, results)),
		...{ leftOut, skipped },
	};
}

/** Replaces a file as a whole, so that whoever reads it never sees half of it. */
export function writeWhole(path, text) {
	const temporary = `${path}.${process.pid}.tmp`;
	writeFileSync(temporary, text);
	renameSync(temporary, path);
}

/** What a run has left in a directory, or a file by itself, of whatever version. Throws a sentence if that cannot be read. */
export function readUnchecked(directoryOrFile) {
	let path = directoryOrFile;
	try {
		if (statSync(path).isDirectory()) path = join(path, resultsFile);
		return JSON.parse(readFileSync(path));
	} catch (error) {
		throw new Error(`${path} cannot be read: ${error.message}`);
	}
}

/** The same; throws also if they are not what today's kit writes. */
export function readResults(directoryOrFile) {
	const results = readUnchecked(directoryOrFile);
	checkResults(results);
	return results;
}

/** Throws if what would be written is not what results.schema.json promises. */
export function writeResults(results) {
	const summary = summarise(results);
	checkResults(summary);
	writeWhole(
		join(results.directory, resultsFile),
		`${JSON.stringify(summary, null, "\t")}\n`,
	);
	return summary;
}
