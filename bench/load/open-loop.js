// Latency at a fixed arrival rate, as a share of what a row reached in its rounds or as requests per second.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InvalidArgumentError } from "commander";
import { describeLatencies } from "../results/histogram.js";
import { median, spread } from "../results/statistics.js";
import { runGenerator } from "./generator.js";
import { addEstimate, emptyPool } from "./open-loop-estimator.js";
import { httpRequest } from "./transports.js";
import { makeBatches, parametersOf } from "./workload.js";

const generator = fileURLToPath(
	new URL("open-loop-generator.js", import.meta.url),
);
/** So many passes over all rates; latencies are pooled over them. */
export const passes = 3;
const timeoutSeconds = 10;
const mostConnections = 1000;
const usage =
	"Give requests per second, such as 1000, or a share of each row's own peak, such as 50%, or several with commas between them.";

function parseRate(value) {
	const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(value) ?? [];
	const number = Number(digits);
	if (!(number > 0 && number <= (percent ? 1000 : 1e6)))
		throw new InvalidArgumentError(usage);
	return percent
		? { wanted: value, share: number / 100 }
		: { wanted: value, perSecond: number };
}

/** "10%,1000" → [{ wanted: "10%", share: 0.1 }, { wanted: "1000", perSecond: 1000 }] */
export function parseRates(value) {
	const rates = value.split(",").map(parseRate);
	if (new Set(rates.map(({ wanted }) => wanted)).size < rates.length)
		throw new InvalidArgumentError("Name each rate once.");
	return rates;
}

/** Requests per second for a row that reached those samples in its rounds. */
export function rateFor({ share, perSecond }, samples) {
	if (perSecond) return perSecond;
	return (
		share * median(samples.map(({ requestsPerSecond }) => requestsPerSecond))
	);
}

/** What a row is sent, in the order of its closed loop. */
export function openLoopRequests(row, texts) {
	const parameters = parametersOf(row);
	return makeBatches(texts, row.batchSize).map((batch) => {
		const request = httpRequest(row, batch, parameters);
		return { ...request, body: request.body?.toString("base64") };
	});
}

/**
 * Runs the generator once: { due, answered, good, sentPerSecond, failures, bytes, fromDue, fromSend, lag, generatorCpuShare }, see
 * estimate(). Where it has no CPU for itself (`cpus`) it sleeps between requests rather than take the server's.
 */
export async function runOpenLoop(
	{ url, requests, ratePerSecond, durationSeconds, connections },
	{ directory, cpus, signal, onLoadEnd },
) {
	const file = join(directory, `open-loop.${process.pid}.json`);
	const config = {
		...{ url, requests, ratePerSecond, durationSeconds, connections },
		...{ timeoutSeconds, isAlone: cpus !== undefined },
		mostConnections: Math.max(mostConnections, connections),
	};
	writeFileSync(file, JSON.stringify(config));
	try {
		const { lines, ownCpuSeconds, how } = await runGenerator(
			{
				...{ command: process.execPath, args: [generator, file] },
				...{ durationSeconds, isLoadEnd: (line) => line === "load ended" },
			},
			{ cpus, signal, onLoadEnd },
		);
		const json = lines.find((line) => line.startsWith("{"));
		if (!json) throw new Error(`the open loop gave no result: ${how}`);
		const result = JSON.parse(json);
		for (const name of ["fromDue", "fromSend", "lag"])
			result[name] = new Map(result[name]);
		return { ...result, generatorCpuShare: ownCpuSeconds / durationSeconds };
	} finally {
		rmSync(file, { force: true });
	}
}

/** Adds a load at a rate to what an entry of the results has of that rate. */
export function addOpenLoad(entry, { wanted, ratePerSecond }, load) {
	let point = entry.openLoop.find((other) => other.wanted === wanted);
	if (!point) {
		point = { wanted, ratePerSecond, loads: [], pool: emptyPool() };
		entry.openLoop.push(point);
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

const p99Ms = (counts) => describeLatencies(counts).latencyMs.p99;

/** A generator later than this, and later than a share of the latency that matters, is a part of what was measured. */
const lagLimitMs = 2;
const lagShare = 0.1;
const sentShare = 0.98;

function isLimited({ ratePerSecond, sentPerSecond, p99LagMs, latencyMs }) {
	const isLate =
		p99LagMs > lagLimitMs && p99LagMs > lagShare * (latencyMs.p99 ?? 0);
	return isLate || sentPerSecond < sentShare * ratePerSecond;
}

/** What results.json holds of a rate. */
export function describeOpenLoop(
	{ wanted, ratePerSecond, loads, pool },
	durationSeconds,
) {
	const { latencyMs, percentiles } = describeLatencies(pool.fromDue);
	const p99LagMs = p99Ms(pool.lag);
	const sentPerSecond = median(loads.map(({ sentPerSecond }) => sentPerSecond));
	return {
		...{ wanted, ratePerSecond, loads: loads.length, sentPerSecond },
		goodPerSecond: spread(loads.map(({ good }) => good / durationSeconds)),
		...{ due: sumOf(loads, "due"), answered: sumOf(loads, "answered") },
		failures: sumFailures(loads),
		...{ latencyMs, percentiles },
		p99FromSendMs: p99Ms(pool.fromSend),
		p99LagMs,
		isGeneratorLimited: isLimited({
			...{ ratePerSecond, sentPerSecond, p99LagMs, latencyMs },
		}),
		generatorCpuShare: median(
			loads.map(({ generatorCpuShare }) => generatorCpuShare),
		),
	};
}
