// npm run bench:server -- --overload: twice what the C server can do, in images that take it long, and what comes of it.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stopChild } from "../hosts/child.js";
import { runGenerator } from "../load/generator.js";
import { findFreePort, untilReady } from "./contenders.js";

const TEXT_COUNT = 256;
const TEXT_NBYTES = 2900; // version 40 at level L holds 2953
const WIDTH_PX = 1024;
const PEAK_CONNECTIONS = 64;
const CLIENTS = 1000;
const OVERLOAD = 2;
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

function writeUrls(directory, port) {
	const file = path.join(directory, `overload.${port}.urls`);
	const urls = makeTexts().map(
		(text) =>
			`http://127.0.0.1:${port}/qrcode?width=${WIDTH_PX}&text=${text}\n`,
	);
	writeFileSync(file, urls.join(""));
	return file;
}

/**
 * Resolves to what was answered in the time; goodput: answers 200 a second.
 * @type {(load: { urls: string, connections: number, seconds: number, ratePerSecond?: number }, cpus?: number[]) => Promise<{ goodput: number, refused: number, failed: number }>}
 */
async function runLoad({ urls, connections, ratePerSecond, seconds }, cpus) {
	const rate = ratePerSecond
		? [`--rps=${(ratePerSecond / connections).toFixed(2)}`]
		: [];
	const args = [
		"--h1",
		"--threads=1",
		`--clients=${connections}`,
		`--duration=${seconds}`,
		...rate,
		`--input-file=${urls}`,
	];
	const { lines } = await runGenerator(
		{
			command: "h2load",
			args,
			durationSeconds: seconds,
			isLoadEnd: (line) => line.startsWith("Main benchmark duration is over"),
		},
		{ cpus },
	);
	const text = lines.join("\n");
	const [, good, refused] =
		/^status codes: (\d+) 2xx, \d+ 3xx, \d+ 4xx, (\d+) 5xx/m.exec(text) ?? [];
	const [, failed] = /, (\d+) errored,/.exec(text) ?? [];
	if (good === undefined) throw new Error(`h2load gave no result: ${text}`);
	return {
		goodput: Number(good) / seconds,
		refused: Number(refused),
		failed: Number(failed),
	};
}

/** Resolves to the ms after the load until a new client is answered at once. */
async function measureRecovery(port) {
	const start = performance.now();
	while (performance.now() - start < MAX_RECOVERY_MS) {
		const sent = performance.now();
		await fetch(`http://127.0.0.1:${port}/healthz`, {
			headers: { Connection: "close" },
		});
		if (performance.now() - sent < SETTLED_MS) return sent - start;
		await sleep(1);
	}
	return Number.POSITIVE_INFINITY;
}

const median = (values) =>
	values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Prints a line for each contender: its peak, what is left of it at twice as much, and how long it takes to recover.
 * @type {(wanted: Record<string, any>, options: { rounds: number, seconds: number }, place: { directory: string, cpus: any }) => Promise<void>}
 */
export async function runOverload(
	wanted,
	{ rounds, seconds },
	{ directory, cpus },
) {
	console.log(
		`Texts of ${TEXT_NBYTES} bytes at ${WIDTH_PX} px; ${OVERLOAD} times the peak over ${CLIENTS} connections; medians of ${rounds} rounds.\n`,
	);
	for (const [name, { start }] of Object.entries(wanted)) {
		const port = await findFreePort();
		const child = start({ directory, port, cpus: cpus.server });
		try {
			await untilReady(name, child, port);
			const urls = writeUrls(directory, port);
			const results = [];
			for (let round = 0; round < rounds; round++) {
				const common = { urls, seconds };
				const peak = await runLoad(
					{ ...common, connections: PEAK_CONNECTIONS },
					cpus.generator,
				);
				const over = await runLoad(
					{
						...common,
						connections: CLIENTS,
						ratePerSecond: OVERLOAD * peak.goodput,
					},
					cpus.generator,
				);
				const recoveryMs = await measureRecovery(port);
				results.push({ peak, over, recoveryMs });
			}
			const of = (pick) => median(results.map(pick));
			console.log(
				`${name.padEnd(8)}peak ${of(({ peak }) => peak.goodput).toFixed(0)}/s, goodput at twice as much ${(100 * of(({ peak, over }) => over.goodput / peak.goodput)).toFixed(0)} % of it, ${of(({ over }) => over.refused)} refused, ${of(({ over }) => over.failed)} failed, recovered after ${of(({ recoveryMs }) => recoveryMs).toFixed(0)} ms`,
			);
		} finally {
			await stopChild(child);
		}
	}
}
