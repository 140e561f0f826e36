import { engineLibraries, engines, toBufferSync } from "../../addon/index.js";
import { addonOptions } from "../addon-options.js";
import { fromAddon } from "../errors.js";

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
