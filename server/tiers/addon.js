import { engineLibraries, engines, toBufferSync } from "../../lib/index.js";
import { fromAddon } from "../errors.js";
import { addonOptions } from "./parts/addon-options.js";

/** @type {Server.EngineTier} */
export default {
	id: "addon",
	title: "the core through Node-API, synchronous",
	engines: () => engines,
	libraries: engineLibraries,
	generate(text, options) {
		try {
			return toBufferSync(text, addonOptions(options));
		} catch (error) {
			throw fromAddon(error);
		}
	},
};
