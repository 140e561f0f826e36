// What a run has measured so far.
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { latenciesFile, resultsFile, writeWhole } from "./files.js";
import { addHistogram } from "./histogram.js";
import { checkResults } from "./schema.js";
import { summarise } from "./summary.js";

/** @type {(of: Pick<Kit.Results, "directory" | "machine" | "settings">) => Kit.Results} */
export function createResults({ directory, machine, settings }) {
	return {
		directory,
		machine,
		settings,
		startedAt: new Date(),
		isComplete: false,
		roundsDone: 0,
		calibration: null,
		measurements: [],
		leftOut: [],
		skipped: [],
	};
}

/** @type {(results: Kit.Results, row: Kit.Row) => any} */
export const findMeasurement = ({ measurements }, row) =>
	measurements.find((measurement) => measurement.row === row);

/**
 * Adds a row that has passed verification; `engine` and `node` are what its host says it uses.
 * @type {(results: Kit.Results, found: Kit.Found) => Kit.Measurement}
 */
export function addMeasurement(results, { row, ...found }) {
	const measurement = {
		row,
		...found,
		durationSeconds: results.settings.durationSeconds,
		warmUpSeconds: 0,
		samples: [],
		repeats: 0,
		openLoop: [],
		histogram: new Map(),
		problem: null,
	};
	results.measurements.push(measurement);
	return measurement;
}

/** One line that is fit to be shown: what a process printed can hold anything. */
function toSentence(error) {
	return error.message.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
}

/**
 * A row that failed: left out if it has no rounds yet, else it keeps them beside the reason, which is returned.
 * @type {(results: Kit.Results, row: Kit.Row, error: Error) => string}
 */
export function recordFailure(results, row, error) {
	const reason = toSentence(error);
	const measurement = findMeasurement(results, row);
	if (measurement?.samples.length) {
		measurement.problem = reason;
	} else {
		results.measurements = results.measurements.filter(
			(other) => other !== measurement,
		);
		const { name, id, engine } = row;
		results.leftOut.push({ name, id, engine, reason });
	}
	return reason;
}

/**
 * Adds what one round of one row gave: see runWrk, the CPU time of the host in that time with the kernel's part of it, the memory of its
 * process, and what others used of the CPUs.
 * @type {(results: Kit.Results, measurement: Kit.Measurement, round: number, given: Kit.Loaded & { memory: Kit.RoundMemory | null, foreignCpuShare: number, statuses?: Kit.StatusCount[] }) => void}
 */
export function addRound(results, measurement, round, { load, ...found }) {
	const { cpuSeconds, systemCpuSeconds, memory, foreignCpuShare } = found;
	measurement.statuses ??= found.statuses;
	const { requests, seconds, bytes, bytesSent, failures } = load;
	const { name, batchSize } = measurement.row;
	const requestsPerSecond = (requests - failures.status) / seconds;
	const hasCpu = cpuSeconds !== null; // unknown of a server that others have started
	const cpuMicrosPerRequest = hasCpu ? (cpuSeconds * 1e6) / requests : null;
	measurement.samples.push({
		round,
		atSeconds: (Date.now() - Number(results.startedAt)) / 1000,
		seconds,
		requests,
		requestsPerSecond,
		cpuMicrosPerRequest,
		imagesPerSecond: requestsPerSecond * batchSize,
		cpuMicrosPerImage:
			cpuMicrosPerRequest === null ? null : cpuMicrosPerRequest / batchSize,
		cpuSystemShare:
			cpuSeconds && systemCpuSeconds !== null
				? Math.min(1, systemCpuSeconds / cpuSeconds)
				: null,
		generatorCpuShare: load.generatorCpuShare,
		foreignCpuShare,
		memory,
		bytesReceived: bytes,
		bytesSent,
		failures,
	});
	addHistogram(measurement.histogram, load.histogram);
	const line = { row: name, round, latencyUs: [...load.histogram] };
	appendFileSync(
		join(results.directory, latenciesFile),
		`${JSON.stringify(line)}\n`,
	);
}

/**
 * Throws if what would be written is not what results.schema.json promises.
 * @type {(results: Kit.Results) => Kit.Summary}
 */
export function writeResults(results) {
	const summary = summarise(results);
	checkResults(summary);
	writeWhole(
		join(results.directory, resultsFile),
		`${JSON.stringify(summary, null, "\t")}\n`,
	);
	return summary;
}
