// What was measured, and the file that holds it: results.json, written anew after every round.
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addHistogram, latencyMs } from "./histogram.js";
import { median, pairedDifference, pairedRatio, spread } from "./statistics.js";
import { baseTier, ceilings, nameOf } from "./tiers.js";

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

/** Adds a tier that has passed verification; `engine` and `node` are what its host says it uses. */
export function addTier(results, { tier, ...found }) {
	const entry = {
		tier,
		...found,
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
export function recordFailure(results, tier, error) {
	const reason = toSentence(error);
	const entry = results.entries.find((other) => other.tier === tier);
	if (entry?.samples.length) {
		entry.problem = reason;
	} else {
		results.entries = results.entries.filter((other) => other !== entry);
		const { id, engine } = tier;
		results.leftOut.push({ id, engine, reason });
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

/** [figure, the same of another tier] in the rounds that both have. */
function pairRounds(entry, other, figure) {
	const ofOther = new Map(
		other.samples.map((sample) => [sample.round, sample]),
	);
	return entry.samples
		.filter(({ round }) => ofOther.has(round))
		.map((sample) => [sample[figure], ofOther.get(sample.round)[figure]]);
}

/** What a tier costs beyond what its kind of host costs anyway; null without a ceiling that was measured. */
function compareToCeiling(entry, findEntry) {
	const id = entry.node ? ceilings.express : ceilings.program;
	const ceiling = findEntry(id);
	if (!ceiling || ceiling === entry) return null;
	const pairs = pairRounds(entry, ceiling, "cpuMicrosPerRequest");
	return {
		id,
		cpuMicrosPerRequest: {
			...pairedDifference(pairs),
			ratio: pairedRatio(pairs),
		},
	};
}

function compare(entry, base, findEntry) {
	const ratio = (figure) => pairedRatio(pairRounds(entry, base, figure));
	return {
		requestsPerSecond: ratio("requestsPerSecond"),
		cpuMicrosPerRequest: ratio("cpuMicrosPerRequest"),
		ceiling: compareToCeiling(entry, findEntry),
	};
}

function summariseTier(entry, relative, settings) {
	const { tier, samples, memory, idle } = entry;
	const all = (figure) => samples.map((sample) => sample[figure]);
	return {
		id: tier.id,
		engine: entry.engine,
		node: entry.node,
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
		relative,
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
	const find = (id) => entries.find(({ tier }) => tier.id === id);
	const base = find(baseTier) ?? entries[0];
	return {
		schemaVersion,
		startedAt: results.startedAt.toISOString(),
		endedAt: new Date().toISOString(),
		isComplete: results.isComplete,
		machine: results.machine,
		settings,
		relativeTo: base ? nameOf({ ...base.tier, engine: base.engine }) : null,
		tiers: entries.map((entry) =>
			summariseTier(entry, compare(entry, base, find), settings),
		),
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
