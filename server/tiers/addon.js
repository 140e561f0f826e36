import { engineLibraries, engines, toBufferSync } from "../../addon/index.js";
import { RequestError } from "../errors.js";

const CLIENT_ERRORS = new Set([
	"ERR_QRPNG_TEXT_EMPTY",
	"ERR_QRPNG_TEXT_TOO_LONG",
	"ERR_QRPNG_WIDTH_TOO_SMALL",
]);

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
			throw CLIENT_ERRORS.has(error.code)
				? new RequestError(error.message)
				: error;
		}
	},
};
