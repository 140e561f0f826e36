// What is encoded, as the bindings take it.
"use strict";

const { typeError } = require("./errors.cjs");

/**
 * Text as it is; or as bytes with the segments that they fall into, and the characters of those in kanji mode.
 * @typedef {string | Uint8Array | import("./segments.cjs").Segmented} Source
 */

/**
 * Throws for what is no text, and for segments whose mode can't hold them.
 * @type {(text: unknown, options: any) => Source}
 */
function toSource(text, options) {
	const { toSJISFunc } = options;
	if (toSJISFunc && typeof toSJISFunc !== "function")
		throw typeError(
			`toSJISFunc must be a function, not ${describe(toSJISFunc)}.`,
		);
	if (typeof text === "string")
		return toSJISFunc ? segments().fromKanji(text, toSJISFunc) : text;
	if (text instanceof Uint8Array) return text;
	if (ArrayBuffer.isView(text))
		return new Uint8Array(text.buffer, text.byteOffset, text.byteLength);
	if (Array.isArray(text)) return segments().fromArray(text, toSJISFunc);
	throw typeError(
		`text must be a string, a Buffer, a typed array or an array of segments, not ${describe(text)}.`,
	);
}

/** @type {typeof import("./segments.cjs") | undefined} */
let loadedSegments;

/**
 * Few texts need it.
 * @type {() => typeof import("./segments.cjs")}
 */
function segments() {
	loadedSegments ??= require("./segments.cjs");
	return loadedSegments;
}

/** @type {(value: unknown) => string} */
function describe(value) {
	return value === null ? "null" : typeof value;
}

module.exports = { toSource };
