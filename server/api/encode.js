import { isUtf8 } from "node:buffer";
import { capacities, textTooLong } from "../errors.js";

/**
 * What every route asks a tier for images by. A tier never sees a text of more units (UTF-16's, or bytes) than a symbol holds digits: it
 * fits in no mode, and some tiers would think about it for long.
 */
export function encode(tier, text, options) {
	const { ecl } = options;
	if (text.length > capacities[ecl].digits) throw textTooLong(ecl);
	return tier.generate(text, options);
}

/** For libraries that only choose modes for strings: the string that a text is, or undefined for bytes that are none. */
export function asString(text) {
	if (typeof text === "string") return text;
	return isUtf8(text) ? text.toString() : undefined;
}
