// The closed-loop load generator: wrk, one thread, every connection sending its next request when the last was answered.
import { execFileSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { startChild, stopChild } from "./child.js";
import { withoutCorrection } from "./histogram.js";
import { cpuSeconds } from "./process-tree.js";

const script = fileURLToPath(new URL("wrk.lua", import.meta.url));
const timeoutSeconds = 10;
// What wrk may take beyond its duration: connecting before, summing up after.
const extraMs = 30_000;

/** "wrk 4.1.0", or null where there is none. */
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

function wrkArguments({ url, targetsFile, connections, durationSeconds }) {
	return [
		"--threads=1",
		`--connections=${connections}`,
		`--duration=${Math.ceil(durationSeconds)}s`,
		`--timeout=${timeoutSeconds}s`,
		`--script=${script}`,
		url,
		"--",
		targetsFile,
	];
}

/** wrk counts whole seconds only; on SIGINT it stops early and reports as usual, with the exact time it took. */
function stopAfter(state, durationSeconds) {
	if (Number.isInteger(durationSeconds)) return undefined;
	return setTimeout(() => state.child.kill("SIGINT"), durationSeconds * 1000);
}

/** Undoes the correction in the histogram; the interval is computed as wrk does, in whole microseconds. */
function measuredHistogram({ requests, durationUs, latencyUs }, connections) {
	const counts = new Map(latencyUs);
	const perConnection = Math.trunc(requests / connections);
	if (perConnection === 0) return counts;
	return withoutCorrection(counts, Math.trunc(durationUs / perConnection));
}

async function readOutput(state, onLoadEnd) {
	let totals = null;
	let wrkCpuSeconds = 0;
	for await (const line of createInterface({ input: state.child.stdout })) {
		if (line === "load ended") {
			wrkCpuSeconds = cpuSeconds(state.pid);
			onLoadEnd?.();
		} else if (line.startsWith("{")) totals = JSON.parse(line);
	}
	return { totals, wrkCpuSeconds };
}

/**
 * Runs wrk once. `onLoadEnd` is called when the last answer was counted. Fulfils with the requests answered, the seconds that took,
 * the bytes received, failures by kind, the histogram of latencies, and the share of one CPU that wrk itself used.
 */
export async function runWrk({ cpus, signal, onLoadEnd, ...load }) {
	signal?.throwIfAborted();
	const state = startChild("wrk", wrkArguments(load), { cpus });
	const stop = () => stopChild(state, 0);
	const stopTimer = stopAfter(state, load.durationSeconds);
	const killTimer = setTimeout(stop, load.durationSeconds * 1000 + extraMs);
	signal?.addEventListener("abort", stop, { once: true });
	try {
		let errors = "";
		state.child.stderr.on("data", (chunk) => {
			errors += chunk;
		});
		const { totals, wrkCpuSeconds } = await readOutput(state, onLoadEnd);
		const how = await state.ended;
		signal?.throwIfAborted();
		if (!totals)
			throw new Error(`wrk gave no result (${how}) ${errors.trim()}`.trim());
		const seconds = totals.durationUs / 1e6;
		return {
			requests: totals.requests,
			seconds,
			bytes: totals.bytes,
			failures: totals.failures,
			histogram: measuredHistogram(totals, load.connections),
			generatorCpuShare: wrkCpuSeconds / seconds,
		};
	} finally {
		clearTimeout(stopTimer);
		clearTimeout(killTimer);
		signal?.removeEventListener("abort", stop);
		await stop();
	}
}
