import { engineLibraries, engines, toBuffer } from "../../lib/index.js";
import { fromAddon } from "../errors.js";
import { Limiter } from "../limiter.js";
import { addonOptions } from "./parts/addon-options.js";

const THREADS = Number(process.env.UV_THREADPOOL_SIZE) || 4; // as libuv takes it
// A thread that has its next call already never waits for this one. No more than that: libuv's own queue has no end, and
// what waits here can be refused.
const CALLS_PER_THREAD = 8;

/** @type {Limiter} */
let limiter;

/** @type {(text: Server.Text, options: Required<Server.EncodeOptions>) => Promise<Buffer>} */
async function encode(text, options) {
	try {
		return await toBuffer(text, {
			...addonOptions(options),
			alwaysOnPool: true,
		});
	} catch (error) {
		throw fromAddon(error);
	}
}

/** @type {Server.AbortableTier} */
export default {
	id: "addon-async",
	title: "the core through Node-API, on libuv's thread pool",
	abortable: true,
	queueAgeMs: () => limiter.ageMs(),
	stats: () => limiter.stats(),
	start(settings) {
		limiter = new Limiter(THREADS * CALLS_PER_THREAD, settings);
	},
	engines: () => engines,
	libraries: engineLibraries,
	generate(text, options) {
		return limiter.run(() => encode(text, options), options.signal);
	},
};
