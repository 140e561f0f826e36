import {
	Encoder,
	engineNames,
	librariesOf,
	statuses,
} from "../../ffi/index.js";
import { RequestError } from "../errors.js";

const CLIENT_STATUSES = new Set([
	statuses.QRPNG_TEXT_EMPTY,
	statuses.QRPNG_TEXT_TOO_LONG,
	statuses.QRPNG_WIDTH_TOO_SMALL,
]);

const encoder = new Encoder();

/** @type {Server.EngineTier} */
export default {
	id: "ffi",
	title: "the core's shared library through koffi, without a binding",
	engines: engineNames,
	libraries: librariesOf,
	generate(text, options) {
		try {
			return encoder.encode(text, options);
		} catch (error) {
			throw CLIENT_STATUSES.has(error.status)
				? new RequestError(error.message)
				: error;
		}
	},
};
