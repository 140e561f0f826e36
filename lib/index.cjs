"use strict";

const native = require("./load.cjs")();
const { BufferPool } = require("./buffer-pool.cjs");
const { QrpngError, toQrpngError } = require("./errors.cjs");
const {
	OPTION_COUNT,
	librariesOf,
	toText,
	writeOptions,
} = require("./options.cjs");

const engines = native.engines.map(([name]) => name);
const librariesByEngine = new Map(native.engines);
const boundOptions = new Float64Array(OPTION_COUNT);
native.bind(boundOptions);
const pool = new BufferPool();

/** @type {(error: TypeError | import("./errors.cjs").CoreError) => Error} */
function fromNative(error) {
	return error instanceof TypeError
		? error
		: toQrpngError(error.code, error.field, error.message);
}

/** @type {typeof import("./index.js").toBufferSync} */
function toBufferSync(text, options) {
	const valid = toText(text);
	writeOptions(boundOptions, engines, options);
	try {
		const nbytes = native.encode(valid, pool.memory, pool.offset);
		return pool.take(nbytes, native.copyOutput);
	} catch (error) {
		throw fromNative(error);
	}
}

/** @type {typeof import("./index.js").toBuffer} */
async function toBuffer(text, options) {
	const valid = toText(text);
	writeOptions(boundOptions, engines, options);
	try {
		return await native.encodeAsync(valid);
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
