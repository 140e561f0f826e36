// What results.json holds.

import { dimensions } from "./dimensions.js";
import { isGeneratorLimited } from "./generator-limit.js";
import { describeLatencies } from "./histogram.js";
import { findNoise } from "./noise.js";
import { describeOpenLoop } from "./open-loop.js";
import { compareAll } from "./relative.js";
import { schemaVersion } from "./schema.js";
import { median, spread } from "./statistics.js";

function sumFailures(samples) {
	const sum = { connect: 0, read: 0, write: 0, timeout: 0, status: 0 };
	for (const { failures } of samples)
		for (const kind of Object.keys(sum)) sum[kind] += failures[kind];
	return sum;
}

function describeRow({ row, engine, node }) {
	const values = dimensions.map(({ id }) => [id, row[id] ?? null]);
	return {
		name: row.name,
		id: row.id,
		engine,
		...Object.fromEntries(values),
		node,
		isAgain: row.isAgain ?? false,
		target: row.target ?? null,
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
		seconds: sum(samples, "seconds"),
		requests,
		answers: { ok: requests - status, other: status },
		successRatio: attempts ? (requests - status) / attempts : null,
		bytesReceived: sum(samples, "bytesReceived"),
		bytesSent: sum(samples, "bytesSent"),
	};
}

/** Each round had a process of its own. */
function describeMemory(samples) {
	const all = samples.flatMap(({ memory }) => memory ?? []);
	const of = (figure) => median(all.map((memory) => memory[figure]));
	return {
		peak: of("peak"),
		idle: of("idle"),
		isLowerBound: all.some(({ isLowerBound }) => isLowerBound),
	};
}

function summariseRow(
	{ measurement, to, ...relative },
	{ calibration, settings },
) {
	const { samples, cpus } = measurement;
	const all = (figure) => samples.map((sample) => sample[figure]);
	const failures = sumFailures(samples);
	const { imagesPerSecond, cpuMicrosPerImage, ceiling } = relative;
	const generator = {
		requestsPerSecond: median(all("requestsPerSecond")),
		generatorCpuShare: median(all("generatorCpuShare")),
	};
	return {
		...describeRow(measurement),
		cpus,
		durationSeconds: measurement.durationSeconds,
		warmUpSeconds: measurement.warmUpSeconds,
		rounds: samples.length,
		requestsPerSecond: spread(all("requestsPerSecond")),
		imagesPerSecond: spread(all("imagesPerSecond")),
		...describeLatencies(measurement.histogram),
		responseBytes: { mean: measurement.meanImageBytes },
		memoryBytes: describeMemory(samples),
		cpuMicrosPerRequest: spread(all("cpuMicrosPerRequest")),
		cpuMicrosPerImage: spread(all("cpuMicrosPerImage")),
		cpuSystemShare: median(
			all("cpuSystemShare").filter((share) => share !== null),
		),
		totals: describeTotals(samples, failures),
		failures,
		statuses: measurement.statuses ?? [],
		startupMs: median(measurement.startupMs),
		relative: { to, imagesPerSecond, cpuMicrosPerImage, ceiling },
		noise: findNoise(samples),
		generatorCpuShare: generator.generatorCpuShare,
		isGeneratorLimited: isGeneratorLimited(generator, calibration),
		openLoop: measurement.openLoop.map((point) =>
			describeOpenLoop(point, settings.durationSeconds),
		),
		foreignCpuShare: spread(all("foreignCpuShare")),
		repeats: measurement.repeats,
		details: measurement.details,
		problem: measurement.problem,
		samples,
	};
}

/**
 * What results.json holds.
 * @type {(results: Kit.Results) => Kit.Summary}
 */
export function summarise(results) {
	const { machine, settings, isComplete, leftOut, skipped } = results;
	return {
		schemaVersion,
		startedAt: results.startedAt.toISOString(),
		endedAt: new Date().toISOString(),
		isComplete,
		machine,
		settings,
		calibration: results.calibration,
		rows: compareAll(results).map((found) => summariseRow(found, results)),
		leftOut,
		skipped,
	};
}
