import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { engineLibraries, engines } from "../../lib/index.js";
import { nextBackoffMs } from "../backoff.js";
import { BusyError, fromAddon } from "../errors.js";
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
/** @type {Watchdog} */
let watchdog;
let isStopping = false;
let refused = 0;
let restarts = 0;

/**
 * The pool of all calls from now on.
 * @type {(maxQueue: number, delayMs?: number) => void}
 */
function startPool(maxQueue, delayMs = 0) {
	const bornMs = performance.now();
	const started = new Piscina({
		filename: new URL("./parts/worker-thread.js", import.meta.url).href,
		minThreads: THREADS,
		maxThreads: THREADS,
		concurrentTasksPerWorker: CALLS_PER_THREAD,
		maxQueue,
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
		setTimeout(() => startPool(maxQueue, nextDelayMs), nextDelayMs).unref();
		started.close({ force: true });
	}
}

/**
 * A thread that hangs can't be told from the others: all are replaced, and all that they had is done again.
 * @type {(settings: Server.TierSettings) => void}
 */
function replaceHung({ answerTimeoutMs, maxQueue }) {
	if (pool === undefined) return;
	log(`A worker thread gave no answer within ${answerTimeoutMs} ms.`);
	const hung = pool;
	startPool(maxQueue);
	hung.destroy();
}

/** @type {(line: string) => void} */
function log(line) {
	process.stderr.write(`${line}\n`);
}

/** @type {(text: Server.Text, options: Server.EncodeOptions & { engine: string }) => Promise<Buffer>} */
async function encode(text, { ecl, width, margin, engine }) {
	const call = { text: own(text), ecl, width, margin, engine };
	const { png, code, message } = await retryLost(() => run(call));
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
	if (pool.queueSize >= pool.options.maxQueue) {
		refused++;
		throw new BusyError("The queue is full.");
	}
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
		startPool(settings.maxQueue);
		watchdog = new Watchdog(
			settings.answerTimeoutMs,
			() => waiting.values().next().value,
			() => replaceHung(settings),
		);
	},
	engines: () => engines,
	libraries: engineLibraries,
	stats: () => ({ waiting: pool?.queueSize ?? 0, refused, restarts }),
	generate: encode,
	stop() {
		isStopping = true;
		pool?.destroy();
	},
};
