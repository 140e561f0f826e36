// What a run has measured so far.
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { latenciesFile, resultsFile, writeWhole } from "./files.js";
import { addHistogram } from "./histogram.js";
import { checkResults } from "./schema.js";
import { summarise } from "./summary.js";

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
		round,
		seconds,
		requests,
		requestsPerSecond,
		cpuMicrosPerRequest,
		imagesPerSecond: requestsPerSecond * batchSize,
		cpuMicrosPerImage: hasCpu ? cpuMicrosPerRequest / batchSize : null,
		cpuSystemShare:
			cpuSeconds && systemCpuSeconds !== null
				? Math.min(1, systemCpuSeconds / cpuSeconds)
				: null,
		generatorCpuShare: load.generatorCpuShare,
		bytesReceived: bytes,
		bytesSent,
		failures,
	});
	addHistogram(entry.histogram, load.histogram);
	const line = { row: name, round, latencyUs: [...load.histogram] };
	appendFileSync(
		join(results.directory, latenciesFile),
		`${JSON.stringify(line)}\n`,
	);
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
