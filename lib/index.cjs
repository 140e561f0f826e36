"use strict";

const native = require("./load.cjs")();
const { QrpngError, toQrpngError } = require("./errors.cjs");
const { librariesOf, toArguments } = require("./options.cjs");

const engines = native.engines.map(([name]) => name);
const librariesByEngine = new Map(native.engines);

/** @type {(error: TypeError | import("./errors.cjs").CoreError) => Error} */
function fromNative(error) {
	return error instanceof TypeError
		? error
		: toQrpngError(error.code, error.field, error.message);
}

/** @type {typeof import("./index.js").toBufferSync} */
function toBufferSync(text, options) {
	const args = toArguments(engines, text, options);
	try {
		const png = Buffer.allocUnsafe(native.encodeSync(...args));
		native.copyPng(png);
		return png;
	} catch (error) {
		throw fromNative(error);
	}
}

/** @type {typeof import("./index.js").toBuffer} */
async function toBuffer(text, options) {
	const args = toArguments(engines, text, options);
	try {
		return await native.encodeAsync(...args);
	} catch (error) {
		throw fromNative(error);
	}
}

/** @type {typeof import("./index.js").engineLibraries} */
function engineLibraries(name = engines[0]) {
	return librariesOf(librariesByEngine, name);
}

module.exports = {
	toBuffer,
	toBufferSync,
	QrpngError,
	engines,
	engineLibraries,
	version: native.version,
};
