// What a row gave at fixed arrival rates, pooled over the passes.
import { addHistogram, describeLatencies } from "./histogram.js";
import { median, spread } from "./statistics.js";

/**
 * Adds what another load of the same rate gave.
 * @type {(pool: Kit.OpenLoadPool, load: Kit.OpenLoadPool) => void}
 */
export function addEstimate(pool, { fromDue, fromSend, lag }) {
	addHistogram(pool.fromDue, fromDue);
	addHistogram(pool.fromSend, fromSend);
	addHistogram(pool.lag, lag);
}

/** @type {() => Kit.OpenLoadPool} */
export const emptyPool = () => ({
	fromDue: new Map(),
	fromSend: new Map(),
	lag: new Map(),
});

/**
 * Adds a load at a rate to what a measurement has of that rate.
 * @type {(measurement: Pick<Kit.Measurement, "openLoop">, rate: { wanted: string, ratePerSecond: number }, load: Kit.OpenLoad) => void}
 */
export function addOpenLoad(measurement, { wanted, ratePerSecond }, load) {
	let point = measurement.openLoop.find((other) => other.wanted === wanted);
	if (!point) {
		point = { wanted, ratePerSecond, loads: [], pool: emptyPool() };
		measurement.openLoop.push(point);
	}
	point.loads.push(load);
	addEstimate(point.pool, load);
}

function sumOf(loads, name) {
	return loads.reduce((sum, load) => sum + load[name], 0);
}

function sumFailures(loads) {
	const kinds = Object.keys(loads[0].failures);
	return Object.fromEntries(
		kinds.map((kind) => [
			kind,
			loads.reduce((sum, { failures }) => sum + failures[kind], 0),
		]),
	);
}

/** The most frequent first. */
function sumStatuses(loads) {
	const counts = new Map();
	for (const { statuses = [] } of loads)
		for (const [status, count] of statuses)
			counts.set(status, (counts.get(status) ?? 0) + count);
	return [...counts]
		.map(([status, count]) => ({ status, count }))
		.toSorted((a, b) => b.count - a.count);
}

const p99Ms = (counts) => describeLatencies(counts).latencyMs.p99;

/** A generator whose 99th percentile of lateness is above this, and above a share of that of the latency, is a part of what was measured. */
export const lagLimitMs = 0.1;
const lagShare = 0.1;
const sentShare = 0.98;

function isLimited({ duePerSecond, sentPerSecond, p99LagMs, latencyMs }) {
	const isLate =
		p99LagMs > lagLimitMs && p99LagMs > lagShare * (latencyMs.p99 ?? 0);
	return isLate || sentPerSecond < sentShare * duePerSecond;
}

/**
 * What results.json holds of a rate.
 * @type {(point: Kit.OpenLoopPoint, durationSeconds: number) => object}
 */
export function describeOpenLoop(
	{ wanted, ratePerSecond, loads, pool },
	durationSeconds,
) {
	const { latencyMs, percentiles } = describeLatencies(pool.fromDue);
	const p99LagMs = p99Ms(pool.lag);
	const sentPerSecond = median(loads.map(({ sentPerSecond }) => sentPerSecond));
	return {
		wanted,
		ratePerSecond,
		loads: loads.length,
		sentPerSecond,
		goodputPerSecond: spread(loads.map(({ good }) => good / durationSeconds)),
		due: sumOf(loads, "due"),
		answered: sumOf(loads, "answered"),
		failures: sumFailures(loads),
		statuses: sumStatuses(loads),
		latencyMs,
		percentiles,
		p99FromSendMs: p99Ms(pool.fromSend),
		p99LagMs,
		isGeneratorLimited: isLimited({
			duePerSecond: sumOf(loads, "due") / loads.length / durationSeconds,
			sentPerSecond,
			p99LagMs,
			latencyMs,
		}),
		generatorCpuShare: median(
			loads.map(({ generatorCpuShare }) => generatorCpuShare),
		),
	};
}
