import { killAll } from "../chaos/run.js";
import { startHost } from "../contract/hosts.js";
import { sleep } from "../contract/http.js";
import { prepareExchanges } from "../load/exchanges.js";
import { addCounts } from "../load/ledger.js";
import { Load } from "../load/load.js";
import { fitLine, readVitals } from "../load/vitals.js";
import { createRandom } from "../random.js";
import { Aborting } from "./aborting.js";

const CONNECTIONS = 8;
const ABORTING_CLIENTS = 2;
const MIN_ROUND_MS = 300;
const ROUNDS = 40;
const MAX_ROUND_MS = 10_000;
const REST_MS = 1_200; // a host waits a second at most for those that it has refused
/** So much of the first samples is of a host that is not warm yet. */
const WARM_UP_SHARE = 0.4;
const FEWEST_SAMPLES = 8;

/** By how much each may have grown from the first sample to the last, by the line through them all. */
const limits = {
	memoryMb: 24,
	fds: 4,
	threads: 2,
	processes: 1,
	zombies: 1,
};

/**
 * Loads a host for so long with good, bad and aborted requests; between rounds of that it rests, and what it holds then is taken.
 * Resolves to { name, seconds, answers, aborted, growth, samples, complaints }. onStart(running) is told of the host.
 */
export async function soak(host, { durationMs, seed, onStart }) {
	const running = await startHost(host);
	onStart?.(running);
	try {
		return await load(host, running, { durationMs, seed });
	} finally {
		killAll(running);
	}
}

async function load(host, running, { durationMs, seed }) {
	const { port, pid } = running;
	const exchanges = await prepareExchanges(port, host, createRandom(seed));
	const loads = new Load(port, exchanges, createRandom(seed + 1));
	const aborting = new Aborting(port, createRandom(seed + 2));
	const samples = [];
	const start = performance.now();
	const end = start + durationMs;
	const roundMs = Math.min(
		MAX_ROUND_MS,
		Math.max(MIN_ROUND_MS, durationMs / ROUNDS - REST_MS),
	);
	while (performance.now() < end && running.exit === null) {
		const roundEnd = performance.now() + roundMs;
		const isOver = () => performance.now() > roundEnd || running.exit !== null;
		await Promise.all([
			loads.run(isOver, CONNECTIONS),
			...Array.from({ length: ABORTING_CLIENTS }, () => aborting.run(isOver)),
		]);
		await sleep(REST_MS);
		if (running.exit === null)
			samples.push({ requests: loads.counts.right, ...readVitals(pid) });
	}
	const seconds = (performance.now() - start) / 1000;
	const complaints = [...loads.complaints];
	if (loads.counts["cut off"] > 0)
		complaints.push(`${loads.counts["cut off"]} requests were cut off`);
	await running
		.stop({ stderr: /^/ })
		.catch(({ message }) => complaints.push(message));
	if (running.stderr !== "") complaints.push(`it said: ${running.stderr}`);
	const growth = growthOf(samples);
	complaints.push(...tooMuch(growth));
	return {
		name: host.name,
		seconds,
		answers: loads.counts,
		aborted: addCounts([aborting.counts]),
		samples: samples.length,
		growth,
		complaints,
	};
}

/** By each vital, per request and over all; nothing where there are too few samples to tell. */
export function growthOf(samples) {
	const warm = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
	if (warm.length < FEWEST_SAMPLES) return {};
	return Object.fromEntries(
		Object.keys(limits).map((name) => {
			const points = warm.map((sample) => [sample.requests, sample[name]]);
			const { slope, least, range } = fitLine(points);
			const last = warm.at(-1)[name];
			return [name, { slope, least, requests: range, last }];
		}),
	);
}

/** A sentence for each that has surely grown by more than it may. */
export function tooMuch(growth) {
	return Object.entries(growth)
		.filter(([name, { least, requests }]) => least * requests > limits[name])
		.map(
			([name, { slope, requests }]) =>
				`${name} has grown by ${(slope * requests).toFixed(1)} over ${requests} requests`,
		);
}
