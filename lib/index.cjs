// The package's face in Node.
"use strict";

const { readArguments, readCanvasArguments } = require("./arguments.cjs");
const { Encoder } = require("./encoder.cjs");
const { QrpngError, typeError } = require("./errors.cjs");
const { librariesOf } = require("./options.cjs");
const { settle, settleAtOnce } = require("./settle.cjs");
const { Threads } = require("./threads.cjs");

// What few call, ./output/, is loaded when it is called: the first image comes sooner.
const { backend, binding } = require("./load.cjs").load();
const encoder = new Encoder(binding);
const threads = new Threads(encoder, binding);

const NO_OPTIONS = Object.freeze({});
const SVG_PROLOG = '<?xml version="1.0" encoding="utf-8"?>\n';

/** @type {typeof import("./index.js").toBufferSync} */
function toBufferSync(text, options) {
	return /** @type {Buffer} */ (encoder.encode(text, options ?? NO_OPTIONS));
}

/** @type {typeof import("./index.js").toDataURLSync} */
function toDataURLSync(text, options) {
	return encoder.encodeToDataUrl(text, options ?? NO_OPTIONS);
}

/** @type {typeof import("./index.js").toStringSync} */
function toStringSync(text, options) {
	return encoder.encodeToString(text, options ?? NO_OPTIONS);
}

/** @type {typeof import("./index.js").create} */
function create(text, options) {
	return encoder.create(text, options ?? NO_OPTIONS);
}

/** @type {(...args: any[]) => any} */
function toBuffer(text, options, callback) {
	const args = readArguments(text, options, callback);
	return settle(threads.encode(text, args.options), args.callback);
}

/** @type {(...args: any[]) => any} */
function toBuffers(texts, options, callback) {
	const args = readArguments(texts, options, callback);
	return settle(threads.encodeAll(texts, args.options), args.callback);
}

/** @type {(...args: any[]) => any} */
function toDataURL(...args) {
	const { canvas, text, options, callback } = readCanvasArguments(args);
	if (canvas === undefined)
		return settle(threads.encodeToDataUrl(text, options), callback);
	const { type = "image/png", rendererOpts } = options;
	return settleAtOnce(
		() =>
			encoder
				.drawOn(canvas, text, options)
				.toDataURL(type, rendererOpts?.quality),
		callback,
	);
}

/** @type {(...args: any[]) => any} */
function toCanvas(...args) {
	const { canvas, text, options, callback } = readCanvasArguments(args);
	return settleAtOnce(() => {
		options.signal?.throwIfAborted();
		const { createCanvas } = require("./canvas.cjs");
		return encoder.drawOn(canvas ?? createCanvas(), text, options);
	}, callback);
}

/** toString(), by another name than all objects have. @type {(...args: any[]) => any} */
function draw(...args) {
	const [text, ...others] = args;
	const { options, callback } = readArguments(text, ...others);
	return settleAtOnce(() => {
		options.signal?.throwIfAborted();
		return encoder.encodeToString(text, options);
	}, callback);
}

/** @type {(...args: any[]) => any} */
function toFile(file, text, ...others) {
	if (typeof file !== "string" && !(file instanceof URL))
		throw typeError(`path must be a string or a URL, not ${typeof file}.`);
	if (typeof text !== "string" && typeof text !== "object")
		throw typeError(`text must be a string or an array, not ${typeof text}.`);
	const { options, callback } = readArguments(text, ...others);
	return settle(writeImage(file, text, options), callback);
}

/** @type {(file: string | URL, text: unknown, options: any) => Promise<void>} */
async function writeImage(file, text, options) {
	const { writeFile } = require("./output/file.cjs");
	await writeFile(file, await fileContent(file, text, options));
}

/** @type {(file: string | URL, text: unknown, options: any) => Promise<string | Uint8Array>} */
async function fileContent(file, text, options) {
	options.signal?.throwIfAborted();
	const { typeOfFile } = require("./output/file.cjs");
	const type = options.type || typeOfFile(String(file));
	const own = withType(options, type);
	if (type === "svg") return SVG_PROLOG + encoder.encodeToString(text, own);
	if (type === "utf8" || type === "txt")
		return encoder.encodeToString(text, withType(options, "utf8"));
	return threads.encode(text, own);
}

/**
 * The same options, which are the caller's, but for one.
 * @type {(options: any, type: string) => any}
 */
function withType(options, type) {
	return Object.create(options, { type: { value: type, enumerable: true } });
}

/** @type {(...args: any[]) => any} */
function toFileStream(stream, text, ...others) {
	const { options, callback } = readArguments(text, ...others);
	const { endStream } = require("./output/stream.cjs");
	const image = threads.encode(text, withType(options, "png"));
	const written = endStream(stream, image);
	written.catch(() => {}); // The stream has the error, too.
	return settle(written, callback);
}

/** @type {typeof import("./index.js").engineLibraries} */
function engineLibraries(name = encoder.engines[0]) {
	return librariesOf(encoder.librariesByEngine, name);
}

module.exports = {
	create,
	toBuffer,
	toBufferSync,
	toBuffers,
	toCanvas,
	toDataURL,
	toDataURLSync,
	toFile,
	toFileStream,
	toString: draw,
	toStringSync,
	QrpngError,
	backend,
	engines: encoder.engines,
	engineLibraries,
	version: binding.version,
};
