import { engineLibraries, engines, toBufferSync } from "../../addon/index.js";
import { fromAddon } from "../errors.js";

export default {
	id: "addon",
	title: "the core through Node-API, synchronous",
	engines: () => engines,
	libraries: engineLibraries,
	generate(text, { ecl, width, margin, engine }) {
		try {
			return toBufferSync(text, {
				errorCorrectionLevel: ecl,
				width,
				margin,
				engine,
			});
		} catch (error) {
			throw fromAddon(error);
		}
	},
};
