import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { engineLibraries, engines } from "../../addon/index.js";
import { BusyError, fromAddon } from "../errors.js";

const THREADS = availableParallelism();
// A thread that has its next call already never waits for this one.
const CALLS_PER_THREAD = 8;

let pool;

async function encode(text, { ecl, width, margin, engine }) {
	if (pool.queueSize >= pool.options.maxQueue)
		throw new BusyError("The queue is full.");
	const call = { text, ecl, width, margin, engine };
	const { png, code, message } = await pool.run(call);
	if (png === undefined)
		throw fromAddon(Object.assign(new Error(message), { code }));
	return Buffer.from(png.buffer, png.byteOffset, png.byteLength);
}

export default {
	id: "worker",
	title: "the core through Node-API, in a pool of worker threads",
	async start({ maxQueue }) {
		pool = new Piscina({
			filename: new URL("../worker-thread.js", import.meta.url).href,
			minThreads: THREADS,
			maxThreads: THREADS,
			concurrentTasksPerWorker: CALLS_PER_THREAD,
			maxQueue,
		});
	},
	engines: () => engines,
	libraries: engineLibraries,
	generate: encode,
	stop() {
		pool.destroy();
	},
};
