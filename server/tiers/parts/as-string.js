import { isUtf8 } from "node:buffer";

/**
 * For libraries that only choose modes for strings: the string that a text is, or undefined for bytes that are none.
 * @type {(text: Server.Text) => string | undefined}
 */
export function asString(text) {
	if (typeof text === "string") return text;
	return isUtf8(text) ? text.toString() : undefined;
}
