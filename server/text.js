import { isUtf8 } from "node:buffer";
import { capacities, textTooLong } from "./errors.js";

/** The image of a text from a body, which may be longer than any URL: a tier gets none that no symbol could hold. */
export function encode(tier, text, options) {
	if (text.length > capacities.L.digits) throw textTooLong(options.ecl);
	return tier.generate(text, options);
}

/** For libraries that only choose modes for strings: the string that a text is, or undefined for bytes that are none. */
export function asString(text) {
	if (typeof text === "string") return text;
	return isUtf8(text) ? text.toString() : undefined;
}
