// The closed-loop load generator for HTTP: wrk, one thread, every connection sending its next request when the last was answered.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { withoutCorrection } from "../results/histogram.js";
import { runGenerator } from "./generator.js";

const script = fileURLToPath(new URL("wrk.lua", import.meta.url));
const timeoutSeconds = 60;

/**
 * "wrk 4.1.0", or null where there is none.
 * @type {() => string | null}
 */
export function wrkVersion() {
	try {
		execFileSync("wrk", ["--version"], { stdio: "pipe" });
	} catch (error) {
		// It prints its version and then, as for every wrong use, exits with 1.
		const version = /^wrk \D*(\d[\w.]*)/.exec(error.stdout?.toString() ?? "");
		return version ? `wrk ${version[1]}` : null;
	}
	return "wrk";
}

/**
 * The requests { method, target, contentType?, body? } as wrk.lua reads them.
 * @type {(requests: Kit.Request[]) => Buffer}
 */
export function wrkRequests(requests) {
	return Buffer.concat(
		requests.flatMap(({ method, target, contentType = "-", body = "" }) => [
			Buffer.from(`${method} ${target} ${contentType} ${body.length}\n`),
			Buffer.from(body),
			Buffer.from("\n"),
		]),
	);
}

/** @type {(load: { url: string, requestsFile: string, connections: number, durationSeconds: number, countsStatuses?: boolean }) => string[]} */
function wrkArguments({
	url,
	requestsFile,
	connections,
	durationSeconds,
	countsStatuses,
}) {
	return [
		"--threads=1",
		`--connections=${connections}`,
		`--duration=${Math.ceil(durationSeconds)}s`,
		`--timeout=${timeoutSeconds}s`,
		`--script=${script}`,
		url,
		"--",
		requestsFile,
		...(countsStatuses ? ["statuses"] : []),
	];
}

/** The most frequent first; texts come as hexadecimal digits. */
const readStatuses = (statuses) =>
	statuses
		.map(({ status, count, text }) => ({
			status,
			count,
			text: Buffer.from(text, "hex").toString().replace(/\s+/g, " ").trim(),
		}))
		.toSorted((a, b) => b.count - a.count);

/** Undoes the correction in the histogram; the interval is computed as wrk does, in whole microseconds. */
function measuredHistogram({ requests, durationUs, latencyUs }, connections) {
	const counts = new Map(latencyUs);
	const perConnection = Math.trunc(requests / connections);
	if (perConnection === 0) return counts;
	return withoutCorrection(counts, Math.trunc(durationUs / perConnection));
}

/**
 * Runs wrk once with the requests in a file (see wrkRequests). `onLoadEnd` is called when the last answer was counted. Fulfils with
 * { requests answered, seconds that took, bytes received and bytesSent, failures by kind, histogram of latencies, generatorCpuShare of one CPU, statuses }. With `countsStatuses` the load is not one to measure, and
 * `statuses` has those that aren't 200.
 * @type {(load: Kit.GeneratorOptions & { url: string, requestsFile: string, connections: number, durationSeconds: number, countsStatuses?: boolean }) => Promise<Kit.Load>}
 */
export async function runWrk({ cpus, signal, onLoadEnd, ...load }) {
	const { durationSeconds, connections } = load;
	// It counts whole seconds only; on SIGINT it stops early and reports as usual, with the exact time it took.
	const interrupt = Number.isInteger(durationSeconds)
		? undefined
		: { after: (line) => line === "load begins", seconds: durationSeconds };
	const { lines, ownCpuSeconds, how } = await runGenerator(
		{
			command: "wrk",
			args: wrkArguments(load),
			durationSeconds,
			interrupt,
			isLoadEnd: (line) => line === "load ended",
		},
		{ cpus, signal, onLoadEnd },
	);
	const json = lines.find((line) => line.startsWith("{"));
	if (!json) throw new Error(`wrk gave no result (${how})`);
	const totals = JSON.parse(json);
	const seconds = totals.durationUs / 1e6;
	return {
		requests: totals.requests,
		seconds,
		bytes: totals.bytes,
		bytesSent: totals.requests * totals.meanRequestBytes,
		failures: totals.failures,
		histogram: measuredHistogram(totals, connections),
		generatorCpuShare: ownCpuSeconds / seconds,
		statuses: readStatuses(totals.statuses),
	};
}
