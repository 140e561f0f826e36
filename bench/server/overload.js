// npm run bench:server -- --overload: twice what a server can do, the C server in images that take it long, and what comes of it.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stopChild } from "../hosts/child.js";
import { runOpenLoop } from "../load/open-loop.js";
import { runWrk, wrkRequests } from "../load/wrk.js";
import { describeLatencies } from "../results/histogram.js";
import { findFreePort, untilReady } from "./contenders.js";

const TEXT_COUNT = 256;
const TEXT_NBYTES = 2900; // version 40 at level L holds 2953
const WIDTH_PX = 1024;
const PEAK_CONNECTIONS = 64;
const CLIENTS = 1000;
const OVERLOAD = 2;
const AT_ONCE_SECONDS = 0.001;
const SETTLED_MS = 50;
const MAX_RECOVERY_MS = 10_000;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789-._~";

/** Texts that fill the largest symbol, the same in every run. */
function makeTexts() {
	let state = 1;
	const next = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return ALPHABET[Math.floor((state / 2 ** 32) * ALPHABET.length)];
	};
	return Array.from({ length: TEXT_COUNT }, () =>
		Array.from({ length: TEXT_NBYTES }, next).join(""),
	);
}

/**
 * Images that take so long that a generator can send twice as many requests as are answered.
 * @type {() => { method: string, target: string }[]}
 */
export const makeSlowRequests = () =>
	makeTexts().map((text) => ({
		method: "GET",
		target: `/qrcode?width=${WIDTH_PX}&text=${text}`,
	}));

/** Resolves to the answers 200 a second that a closed loop gets. */
async function measurePeak(url, requests, seconds, { directory, cpus }) {
	const requestsFile = path.join(directory, "overload.requests");
	writeFileSync(requestsFile, wrkRequests(requests));
	const load = await runWrk({
		url,
		requestsFile,
		connections: PEAK_CONNECTIONS,
		durationSeconds: seconds,
		cpus: cpus.generator,
	});
	return (load.requests - load.failures.status) / load.seconds;
}

/**
 * Requests by the clock, from clients that all have a connection, and give up at the end. Resolves to what came of them; latencies are those of
 * answers 200, from when their requests were sent, and goodput is such answers a second of the load.
 */
async function overload(url, requests, load, { directory, cpus }) {
	/** @type {Promise<number> | undefined} */
	let recovery;
	const { good, failures, fromSend } = await runOpenLoop(
		{
			url,
			requests,
			connections: CLIENTS,
			timeoutSeconds: AT_ONCE_SECONDS,
			...load,
		},
		{
			directory,
			cpus: cpus.generator,
			onLoadEnd: () => {
				recovery = measureRecovery(url);
			},
		},
	);
	const { connect, read, write, status } = failures;
	const { p50, p99 } = describeLatencies(fromSend).latencyMs;
	return {
		goodput: good / load.durationSeconds,
		refused: status,
		failed: connect + read + write,
		p50Ms: p50 ?? Number.POSITIVE_INFINITY,
		p99Ms: p99 ?? Number.POSITIVE_INFINITY,
		recoveryMs: (await recovery) ?? Number.POSITIVE_INFINITY,
	};
}

/** Resolves to the ms after the load until a new client is answered at once. */
async function measureRecovery(url) {
	const start = performance.now();
	while (performance.now() - start < MAX_RECOVERY_MS) {
		const sent = performance.now();
		await fetch(`${url}healthz`, { headers: { Connection: "close" } });
		if (performance.now() - sent < SETTLED_MS) return sent - start;
		await sleep(1);
	}
	return Number.POSITIVE_INFINITY;
}

const median = (values) =>
	values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function describe(name, results) {
	const of = (pick, digits = 0) => median(results.map(pick)).toFixed(digits);
	return [
		`${name.padEnd(12)}peak ${of(({ peak }) => peak)}/s`,
		`goodput at twice as much ${of(({ peak, goodput }) => (100 * goodput) / peak)} % of it`,
		`its latency ${of(({ p50Ms }) => p50Ms, 1)} ms, p99 ${of(({ p99Ms }) => p99Ms, 1)}`,
		`${of(({ refused }) => refused)} refused`,
		`${of(({ failed }) => failed)} failed`,
		`recovered after ${of(({ recoveryMs }) => recoveryMs)} ms`,
	].join(", ");
}

/**
 * Prints a line for each contender: its peak, what is left of it at twice as much and how long that takes, and how long it takes to recover.
 * @type {(wanted: Record<string, any>, load: { requests: { method: string, target: string }[], rounds: number, seconds: number }, place: { directory: string, cpus: any }) => Promise<void>}
 */
export async function runOverload(
	wanted,
	{ requests, rounds, seconds },
	place,
) {
	console.log(
		`${OVERLOAD} times the peak over ${CLIENTS} connections, by the clock; medians of ${rounds} rounds.\nLatency is that of answers 200, from when a request was sent: what is due while all clients wait is sent when one of them has its answer.\n`,
	);
	const { directory, cpus } = place;
	for (const [name, { start }] of Object.entries(wanted)) {
		const port = await findFreePort();
		const child = start({ directory, port, cpus: cpus.server });
		const url = `http://127.0.0.1:${port}/`;
		try {
			await untilReady(name, child, port);
			const results = [];
			for (let round = 0; round < rounds; round++) {
				const peak = await measurePeak(url, requests, seconds, place);
				const load = {
					ratePerSecond: OVERLOAD * peak,
					durationSeconds: seconds,
				};
				results.push({
					peak,
					...(await overload(url, requests, load, place)),
				});
			}
			console.log(describe(name, results));
		} finally {
			await stopChild(child);
		}
	}
}
