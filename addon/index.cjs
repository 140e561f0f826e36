"use strict";

const native = require("./load.cjs")();

const engines = native.engines.map(([name]) => name);
const librariesByEngine = new Map(native.engines);

const LEVELS = new Map(
	["l", "m", "q", "h"].flatMap((letter, level) => {
		const word = ["low", "medium", "quartile", "high"][level];
		return [letter, letter.toUpperCase(), word].map((name) => [name, level]);
	}),
);
const MAX_INTEGER = 2 ** 31 - 1;
const DEFAULT_LEVEL = LEVELS.get("M");
const DEFAULT_SCALE_PX = 4;
const DEFAULT_MARGIN_MODULES = 4;
const BEST_MASK = -1;
const BAD_MASK = -2;

class QrpngError extends Error {
	constructor(code, message) {
		super(message);
		this.name = "QrpngError";
		this.code = code;
	}
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

/** The arguments of the native functions, by position. */
function toArguments(text, options) {
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

function toQrpngError(error) {
	return error instanceof TypeError
		? error
		: new QrpngError(error.code, error.message);
}

function toBufferSync(text, options) {
	const args = toArguments(text, options);
	try {
		const png = Buffer.allocUnsafe(native.encodeSync(...args));
		native.copyPng(png);
		return png;
	} catch (error) {
		throw toQrpngError(error);
	}
}

async function toBuffer(text, options) {
	const args = toArguments(text, options);
	try {
		return await native.encodeAsync(...args);
	} catch (error) {
		throw toQrpngError(error);
	}
}

function engineLibraries(name = engines[0]) {
	const libraries = librariesByEngine.get(name);
	if (libraries === undefined) {
		throw new QrpngError(
			"ERR_QRPNG_BAD_ENGINE",
			`engine must be one of those built in: ${engines.join(", ")}.`,
		);
	}
	return libraries;
}

module.exports = {
	toBuffer,
	toBufferSync,
	QrpngError,
	engines,
	engineLibraries,
	version: native.version,
};
