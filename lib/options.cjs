// What all packagings for JavaScript have in common: options and defaults. Uses nothing of Node's. CommonJS, since test
// runners such as Jest can't require() anything else.
"use strict";

const { QrpngError, typeError } = require("./errors.cjs");

const LEVEL_LETTERS = ["l", "m", "q", "h"];
const LEVELS = new Map(
	LEVEL_LETTERS.flatMap((letter, level) => {
		const word = ["low", "medium", "quartile", "high"][level];
		return [letter, letter.toUpperCase(), word].map((name) => [name, level]);
	}),
);
const MAX_INTEGER = 2 ** 31 - 1;
const DEFAULT_LEVEL = LEVEL_LETTERS.indexOf("m");
const DEFAULT_SCALE_PX = 4;
const DEFAULT_MARGIN_MODULES = 4;
const BEST_MASK = -1;
const BAD_MASK = -2;

/**
 * Returns a number that the core refuses in its own words for all that is no integer of that size.
 * @type {(value: number, minimum: number, refused?: number) => number}
 */
function integer(value, minimum, refused = -1) {
	return Number.isInteger(value) && value >= minimum && value <= MAX_INTEGER
		? value
		: refused;
}

/** @type {(text: unknown) => Uint8Array} */
function toBytes(text) {
	if (ArrayBuffer.isView(text))
		return new Uint8Array(text.buffer, text.byteOffset, text.byteLength);
	throw typeError(
		`text must be a string, a Buffer or a typed array, not ${text === null ? "null" : typeof text}.`,
	);
}

/**
 * As the bindings take it. Throws a TypeError for what is no text.
 * @type {(text: unknown) => string | Uint8Array}
 */
function toText(text) {
	return typeof text === "string" || text instanceof Uint8Array
		? text
		: toBytes(text);
}

/** Where the bindings look for each option: addon/src/arguments.c and wasm/src/exports.c say the same. */
const LEVEL = 0;
const WIDTH = 1;
const SCALE = 2;
const MARGIN = 3;
const ENGINE = 4;
const VERSION = 5;
const MASK = 6;
const OPTION_COUNT = 7;

/**
 * Writes the options of the next call to where the binding reads them; what is out of range is left to the core. Throws a TypeError.
 * @type {(numbers: Float64Array, engines: readonly string[], options?: import("./index.js").Options) => void}
 */
function writeOptions(numbers, engines, options) {
	let level = DEFAULT_LEVEL;
	let width = 0;
	let scale = DEFAULT_SCALE_PX;
	let margin = DEFAULT_MARGIN_MODULES;
	let engine = 0;
	let version = 0;
	let mask = BEST_MASK;
	for (const name in options) {
		const value = options[name];
		if (value === undefined) continue;
		if (name === "errorCorrectionLevel") level = LEVELS.get(value) ?? -1;
		else if (name === "width") width = integer(value, 1);
		else if (name === "scale") scale = integer(value, 1);
		else if (name === "margin") margin = integer(value, 0);
		else if (name === "engine") engine = engines.indexOf(value);
		else if (name === "version") version = integer(value, 1);
		else if (name === "maskPattern") mask = integer(value, 0, BAD_MASK);
		else if (name !== "type" || value !== "png") {
			throw typeError(
				`Option ${name} is not supported: errorCorrectionLevel, width, scale, margin, engine, version and maskPattern are.`,
			);
		}
	}
	numbers[LEVEL] = level;
	numbers[WIDTH] = width;
	numbers[SCALE] = width === 0 ? scale : 0;
	numbers[MARGIN] = margin;
	numbers[ENGINE] = engine;
	numbers[VERSION] = version;
	numbers[MASK] = mask;
}

/**
 * What makes the images of an engine, from a map by engine. Throws a QrpngError if there is none of that name.
 * @type {(librariesByEngine: Map<string, string>, name: string) => string}
 */
function librariesOf(librariesByEngine, name) {
	const libraries = librariesByEngine.get(name);
	if (libraries !== undefined) return libraries;
	const engines = [...librariesByEngine.keys()].join(", ");
	throw new QrpngError(
		"ERR_QRPNG_BAD_ENGINE",
		`engine must be one of those built in: ${engines}.`,
	);
}

module.exports = { OPTION_COUNT, librariesOf, toText, writeOptions };
