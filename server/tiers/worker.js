import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { engineLibraries, engines } from "../../addon/index.js";
import { BusyError, fromAddon } from "../errors.js";
import { nextDelay } from "../respawn.js";

const THREADS = availableParallelism();
// A thread that has its next call already never waits for this one.
const CALLS_PER_THREAD = 8;

let pool;
let refused = 0;
let restarts = 0;

/** The pool of all calls from now on. */
function startPool(maxQueue, delayMs = 0) {
	const bornMs = performance.now();
	const started = new Piscina({
		filename: new URL("../worker-thread.js", import.meta.url).href,
		minThreads: THREADS,
		maxThreads: THREADS,
		concurrentTasksPerWorker: CALLS_PER_THREAD,
		maxQueue,
	});
	pool = started;
	started.on("workerDestroy", () => {
		restarts++; // by piscina, or else by replaceIfCrippled()
		setImmediate(replaceIfCrippled);
	});

	// Once a thread has failed at its start, piscina replaces none any more.
	function replaceIfCrippled() {
		if (pool !== started || started.threads.length >= THREADS) return;
		pool = undefined;
		const nextDelayMs = nextDelay(delayMs, performance.now() - bornMs);
		setTimeout(() => startPool(maxQueue, nextDelayMs), nextDelayMs).unref();
		started.close({ force: true });
	}
}

async function encode(text, { ecl, width, margin, engine }) {
	if (pool === undefined) throw new Error("no thread could be started");
	if (pool.queueSize >= pool.options.maxQueue) {
		refused++;
		throw new BusyError("The queue is full.");
	}
	const call = { text: own(text), ecl, width, margin, engine };
	const { png, code, message } = await pool.run(call);
	if (png === undefined)
		throw fromAddon(Object.assign(new Error(message), { code }));
	return Buffer.from(png.buffer, png.byteOffset, png.byteLength);
}

/** With a Buffer, the whole of Node's pool that it lies in would go to the thread. */
function own(text) {
	return typeof text === "string" ? text : new Uint8Array(text);
}

export default {
	id: "worker",
	title: "the core through Node-API, in a pool of worker threads",
	async start({ maxQueue }) {
		startPool(maxQueue);
	},
	engines: () => engines,
	libraries: engineLibraries,
	load: () => ({ waiting: pool?.queueSize ?? 0, refused, restarts }),
	generate: encode,
	stop() {
		pool?.destroy();
	},
};
