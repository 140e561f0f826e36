// What was measured, and the file that holds it: results.json, written anew after every round.
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addHistogram, latencyMs } from "./histogram.js";
import { median, pairedRatio, spread } from "./statistics.js";
import { baseTier } from "./tiers.js";

const schemaVersion = 1;

export function createResults({ directory, machine, settings }) {
	return {
		directory,
		machine,
		settings,
		startedAt: new Date(),
		isComplete: false,
		entries: [],
		leftOut: [],
	};
}

/** Adds a tier that has passed verification. */
export function addTier(results, { id, engine, details, meanImageBytes }) {
	const entry = {
		id,
		engine,
		details,
		meanImageBytes,
		startupMs: [],
		memory: null,
		samples: [],
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
export function recordFailure(results, id, error) {
	const reason = toSentence(error);
	const entry = results.entries.find((other) => other.id === id);
	if (entry?.samples.length) {
		entry.problem = reason;
	} else {
		results.entries = results.entries.filter((other) => other !== entry);
		results.leftOut.push({ id, reason });
	}
	return reason;
}

/** Adds what one round of one tier gave: see runWrk, and the CPU time of the host in that time. */
export function addRound(entry, round, { load, cpuSeconds }) {
	const succeeded = load.requests - load.failures.status;
	entry.samples.push({
		round,
		seconds: load.seconds,
		requests: load.requests,
		requestsPerSecond: succeeded / load.seconds,
		cpuMicrosPerRequest: (cpuSeconds * 1e6) / load.requests,
		generatorCpuShare: load.generatorCpuShare,
		failures: load.failures,
	});
	addHistogram(entry.histogram, load.histogram);
}

function sumFailures(samples) {
	const sum = { connect: 0, read: 0, write: 0, timeout: 0, status: 0 };
	for (const { failures } of samples)
		for (const kind of Object.keys(sum)) sum[kind] += failures[kind];
	return sum;
}

/** Ratios to the base tier, paired within the rounds that both have. */
function compare(entry, base, figure) {
	const ofBase = new Map(base.samples.map((sample) => [sample.round, sample]));
	return pairedRatio(
		entry.samples
			.filter(({ round }) => ofBase.has(round))
			.map((sample) => [sample[figure], ofBase.get(sample.round)[figure]]),
	);
}

function summariseTier(entry, base, settings) {
	const { samples, memory, idle } = entry;
	const all = (figure) => samples.map((sample) => sample[figure]);
	return {
		id: entry.id,
		engine: entry.engine,
		processes: settings.processes,
		rounds: samples.length,
		requestsPerSecond: spread(all("requestsPerSecond")),
		latencyMs: latencyMs(entry.histogram),
		responseBytes: { mean: entry.meanImageBytes },
		memoryBytes: {
			pssPeak: memory?.pss ?? null,
			rssPeak: memory?.rss ?? null,
			isLowerBound: memory?.isLowerBound ?? false,
		},
		cpuMicrosPerRequest: spread(all("cpuMicrosPerRequest")),
		failures: sumFailures(samples),
		startupMs: median(entry.startupMs),
		relative: {
			requestsPerSecond: compare(entry, base, "requestsPerSecond"),
			cpuMicrosPerRequest: compare(entry, base, "cpuMicrosPerRequest"),
		},
		generatorCpuShare: median(all("generatorCpuShare")),
		idleCpuShare: idle.seconds ? idle.cpuSeconds / idle.seconds : null,
		details: entry.details,
		problem: entry.problem,
		samples,
	};
}

/** What results.json holds. */
export function summarise(results) {
	const { entries, settings } = results;
	const base = entries.find(({ id }) => id === baseTier) ?? entries[0];
	return {
		schemaVersion,
		startedAt: results.startedAt.toISOString(),
		endedAt: new Date().toISOString(),
		isComplete: results.isComplete,
		machine: results.machine,
		settings,
		relativeTo: base?.id ?? null,
		tiers: entries.map((entry) => summariseTier(entry, base, settings)),
		leftOut: results.leftOut,
	};
}

/** Replaces a file as a whole, so that whoever reads it never sees half of it. */
export function writeWhole(path, text) {
	const temporary = `${path}.${process.pid}.tmp`;
	writeFileSync(temporary, text);
	renameSync(temporary, path);
}

export function writeResults(results) {
	const summary = summarise(results);
	writeWhole(
		join(results.directory, "results.json"),
		`${JSON.stringify(summary, null, "\t")}\n`,
	);
	return summary;
}
