import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { engineLibraries, engines } from "../../lib/index.js";
import { nextBackoffMs } from "../backoff.js";
import { fromAddon } from "../errors.js";
import { Limiter } from "../limiter.js";
import { Watchdog } from "../timeouts.js";
import { LostError, retryLost } from "./parts/retry.js";

/** @typedef {import("./parts/worker-thread.js").Call} Call */

const THREADS = availableParallelism();
// A thread that has its next call already never waits for this one.
const CALLS_PER_THREAD = 8;

/** An object for each call, in their order. @type {Set<object>} */
const waiting = new Set();

/** @type {Piscina | undefined} */
let pool;
/** @type {Limiter} */
let limiter;
/** @type {Watchdog} */
let watchdog;
let isStopping = false;
let restarts = 0;

/**
 * The pool of all calls from now on.
 * @type {(delayMs?: number) => void}
 */
function startPool(delayMs = 0) {
	const bornMs = performance.now();
	const started = new Piscina({
		filename: new URL("./parts/worker-thread.js", import.meta.url).href,
		minThreads: THREADS,
		maxThreads: THREADS,
		concurrentTasksPerWorker: CALLS_PER_THREAD,
	});
	pool = started;
	started.on("workerDestroy", () => {
		if (isStopping) return;
		log("A worker thread ended: starting another."); // by piscina, or else by replaceIfCrippled()
		restarts++;
		setImmediate(replaceIfCrippled);
	});

	// Once a thread has failed at its start, piscina replaces none any more.
	function replaceIfCrippled() {
		if (pool !== started || started.threads.length >= THREADS) return;
		pool = undefined;
		const nextDelayMs = nextBackoffMs(delayMs, performance.now() - bornMs);
		setTimeout(() => startPool(nextDelayMs), nextDelayMs).unref();
		started.close({ force: true });
	}
}

/**
 * A thread that hangs can't be told from the others: all are replaced, and all that they had is done again.
 * @type {(settings: Server.TierSettings) => void}
 */
function replaceHung({ answerTimeoutMs }) {
	if (pool === undefined) return;
	log(`A worker thread gave no answer within ${answerTimeoutMs} ms.`);
	const hung = pool;
	startPool();
	hung.destroy();
}

/** @type {(line: string) => void} */
function log(line) {
	process.stderr.write(`${line}\n`);
}

/** @type {(text: Server.Text, options: Server.EncodeOptions & { engine: string }) => Promise<Buffer>} */
async function encode(text, { ecl, width, margin, engine }) {
	const call = { text: own(text), ecl, width, margin, engine };
	const ask = () => retryLost(() => run(call));
	const { png, code, message } = await limiter.run(ask);
	if (png === undefined)
		throw fromAddon(Object.assign(new Error(message), { code }));
	return Buffer.from(png.buffer, png.byteOffset, png.byteLength);
}

/**
 * What goes wrong with a call comes as a value: if this is rejected, the thread has ended.
 * @type {(call: Call) => Promise<ReturnType<typeof import("./parts/worker-thread.js").default>>}
 */
async function run(call) {
	if (pool === undefined) throw new Error("no thread could be started");
	const waiter = {};
	waiting.add(waiter);
	watchdog.watch();
	try {
		return await pool.run(call);
	} catch (error) {
		throw new LostError(error.message);
	} finally {
		waiting.delete(waiter);
	}
}

/**
 * With a Buffer, the whole of Node's pool that it lies in would go to the thread.
 * @type {(text: Server.Text) => string | Uint8Array}
 */
function own(text) {
	return typeof text === "string" ? text : new Uint8Array(text);
}

/** @type {Server.EngineTier} */
export default {
	id: "worker",
	title: "the core through Node-API, in a pool of worker threads",
	async start(settings) {
		limiter = new Limiter(THREADS * CALLS_PER_THREAD, settings);
		startPool();
		watchdog = new Watchdog(
			settings.answerTimeoutMs,
			() => waiting.values().next().value,
			() => replaceHung(settings),
		);
	},
	engines: () => engines,
	libraries: engineLibraries,
	queueAgeMs: () => limiter.ageMs(),
	stats: () => ({ ...limiter.stats(), restarts }),
	generate: encode,
	stop() {
		isStopping = true;
		pool?.destroy();
	},
};
