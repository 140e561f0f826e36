import { engineLibraries, engines, toBuffer } from "../../addon/index.js";
import { fromAddon } from "../errors.js";
import { Limiter } from "../limiter.js";

// As many as libuv's pool runs at once: its own queue has no end, and what waits here can be refused.
const POOL_SIZE = Number(process.env.UV_THREADPOOL_SIZE) || 4;

let limiter;

async function encode(text, { ecl, width, margin, engine }) {
	try {
		return await toBuffer(text, {
			errorCorrectionLevel: ecl,
			width,
			margin,
			engine,
		});
	} catch (error) {
		throw fromAddon(error);
	}
}

export default {
	id: "addon-async",
	title: "the core through Node-API, on libuv's thread pool",
	abortable: true,
	start({ maxQueue }) {
		limiter = new Limiter(POOL_SIZE, maxQueue);
	},
	engines: () => engines,
	libraries: engineLibraries,
	generate(text, options) {
		return limiter.run(() => encode(text, options), options.signal);
	},
};
