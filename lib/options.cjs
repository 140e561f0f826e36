// What all packagings for JavaScript have in common: options, defaults and errors. Uses nothing of Node's. CommonJS, since
// test runners such as Jest can't require() anything else.
"use strict";

const LEVELS = new Map(
	["l", "m", "q", "h"].flatMap((letter, level) => {
		const word = ["low", "medium", "quartile", "high"][level];
		return [letter, letter.toUpperCase(), word].map((name) => [name, level]);
	}),
);
/** The options by what the core calls them. */
const OPTIONS_BY_FIELD = new Map([
	["ecl", "errorCorrectionLevel"],
	["width", "width"],
	["scale", "scale"],
	["margin", "margin"],
	["engine", "engine"],
	["version", "version"],
	["mask", "maskPattern"],
]);
const MAX_INTEGER = 2 ** 31 - 1;
const DEFAULT_LEVEL = LEVELS.get("M");
const DEFAULT_SCALE_PX = 4;
const DEFAULT_MARGIN_MODULES = 4;
const BEST_MASK = -1;
const BAD_MASK = -2;

/** What was wrong with the text or an option, or with the encoder: see ErrorCode in index.d.ts. */
class QrpngError extends Error {
	constructor(code, message, options) {
		super(message, options);
		this.name = "QrpngError";
		this.code = code;
	}
}

/** An error of the core; its sentence begins with the field, if it is about one, instead of which it gets the option's name. */
function toQrpngError(code, field, message) {
	const option = OPTIONS_BY_FIELD.get(field);
	return new QrpngError(
		code,
		option === undefined ? message : option + message.slice(field.length),
	);
}

function typeError(message) {
	return Object.assign(new TypeError(message), {
		code: "ERR_INVALID_ARG_TYPE",
	});
}

/** Returns a number that the core refuses in its own words for all that is no integer of that size. */
function integer(value, minimum, refused = -1) {
	return Number.isInteger(value) && value >= minimum && value <= MAX_INTEGER
		? value
		: refused;
}

function toBytes(text) {
	if (ArrayBuffer.isView(text))
		return new Uint8Array(text.buffer, text.byteOffset, text.byteLength);
	throw typeError(
		`text must be a string, a Buffer or a typed array, not ${text === null ? "null" : typeof text}.`,
	);
}

/**
 * The arguments of a call by position, as both bindings take them: text, level, width, scale, margin, engine, version, mask. The
 * text is a string or a Uint8Array, all others are integers; what is out of range is left to the core. Throws a TypeError.
 */
function toArguments(engines, text, options) {
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
	const bytes =
		typeof text === "string" || text instanceof Uint8Array
			? text
			: toBytes(text);
	return [
		bytes,
		level,
		width,
		width === 0 ? scale : 0,
		margin,
		engine,
		version,
		mask,
	];
}

/** What makes the images of an engine, from a map by engine. Throws a QrpngError if there is none of that name. */
function librariesOf(librariesByEngine, name) {
	const libraries = librariesByEngine.get(name);
	if (libraries !== undefined) return libraries;
	const engines = [...librariesByEngine.keys()].join(", ");
	throw new QrpngError(
		"ERR_QRPNG_BAD_ENGINE",
		`engine must be one of those built in: ${engines}.`,
	);
}

module.exports = { librariesOf, QrpngError, toArguments, toQrpngError };
