// What all faces of the package have in common: the calls that are done at once, on one of the bindings. What few texts and calls need
// is loaded when it is needed, so that the first image comes sooner.
"use strict";

const { QrpngError } = require("./errors.cjs");
const {
	FORMATS,
	NO_IMAGE,
	capSvgWidth,
	fitScale,
	hasFraction,
	ignoreWidth,
	layOut,
	leaveVersionOpen,
	sideOfVersion,
	writeOptions,
} = require("./options.cjs");
const { toSource } = require("./text.cjs");

/** @typedef {import("./text.cjs").Source} Source */
/** @typedef {import("./bindings/binding.js").Binding} Binding */

/** What qrcode fails with, or silently makes a PNG for. */
const NO_PNGS = new Map([
	["svg", "toString() makes SVG"],
	["utf8", "toString() makes text"],
	["txt", "toString() makes text"],
	["image/jpeg", "JPEG isn't made"],
	["image/webp", "WebP isn't made"],
]);

/** @type {(options: any) => void} */
function requirePng({ type, strict }) {
	if (type === undefined || type === "png" || type === "image/png") return;
	const reason = NO_PNGS.get(type);
	if (reason === undefined && strict !== true) return;
	throw badType('"png" or "image/png"', type, reason);
}

/** @type {(allowed: string, type: unknown, reason?: string) => Error} */
function badType(allowed, type, reason) {
	const end = reason === undefined ? "" : `: ${reason}`;
	return new QrpngError(
		"ERR_QRPNG_BAD_TYPE",
		`type must be ${allowed} here, not ${JSON.stringify(type)}${end}.`,
	);
}

/** @type {(options: any) => number} */
function stringFormat({ type, small, strict }) {
	if (type === "svg") return FORMATS.svg;
	if (type === "terminal")
		return small ? FORMATS.terminalSmall : FORMATS.terminal;
	if (strict === true && type !== undefined && type !== "utf8")
		throw badType('"svg", "utf8" or "terminal"', type);
	return FORMATS.utf8;
}

/** @type {(options: any) => string | undefined} */
function titleOf({ title }) {
	return title === undefined || title === null ? undefined : String(title);
}

/** @type {(binding: Binding, source: Source) => Uint8Array} */
function encodePng(binding, source) {
	return binding.encode(source);
}

/** @type {(binding: Binding, source: Source) => string} */
function encodeDataUrl(binding, source) {
	return binding.encodeToDataUrl(source);
}

/** @type {typeof import("./symbol.cjs").toSymbol | undefined} */
let toSymbol;

/** @type {(binding: Binding, source: Source) => import("./index.js").QRCode} */
function encodeSymbol(binding, source) {
	toSymbol ??= require("./symbol.cjs").toSymbol;
	return toSymbol(source, binding.encodeModules(source));
}

/** An encoder of one thread, on one of the bindings. */
class Encoder {
	#binding;

	/** @param {import("./bindings/binding.js").Binding} binding */
	constructor(binding) {
		this.#binding = binding;
		this.librariesByEngine = new Map(binding.engines);
		this.engines = [...this.librariesByEngine.keys()];
	}

	/**
	 * A PNG.
	 * @type {(text: unknown, options: any) => Uint8Array}
	 */
	encode(text, options) {
		return this.encodeSource(this.read(text, options), options);
	}

	/**
	 * What is to become a PNG.
	 * @type {(text: unknown, options: any) => Source}
	 */
	read(text, options) {
		requirePng(options);
		return toSource(text, options);
	}

	/** @type {(source: Source, options: any) => Uint8Array} */
	encodeSource(source, options) {
		return this.#run(source, options, FORMATS.png, encodePng);
	}

	/**
	 * Writes the options of PNGs to where the binding reads them. Returns false if they depend on the text.
	 * @type {(options: any) => boolean}
	 */
	writeForAll(options) {
		writeOptions(this.#binding.options, this.engines, options, FORMATS.png);
		return !hasFraction(this.#binding.options);
	}

	/** @type {(text: unknown, options: any) => string} */
	encodeToDataUrl(text, options) {
		const source = this.read(text, options);
		return this.#run(source, options, FORMATS.png, encodeDataUrl);
	}

	/** @type {(text: unknown, options: any) => string} */
	encodeToString(text, options) {
		const format = stringFormat(options);
		const valid = toSource(text, options);
		const string = this.#run(valid, options, format, (binding, source) => {
			const restoreWidth = capSvgWidth(binding.options);
			return restoreWidth(binding.encodeToString(source, titleOf(options)));
		});
		// As lines of one length, without an empty one at the end.
		return format === FORMATS.utf8 ? string.slice(0, -1) : string;
	}

	/** @type {(text: unknown, options: any) => import("./index.js").QRCode} */
	create(text, options) {
		const source = toSource(text, options);
		return this.#run(source, options, NO_IMAGE, encodeSymbol);
	}

	/**
	 * Draws on a canvas as it would on a PNG.
	 * @type {(canvas: any, text: unknown, options: any) => any}
	 */
	drawOn(canvas, text, options) {
		const { drawOnCanvas } = require("./canvas.cjs");
		const valid = toSource(text, options);
		return this.#run(valid, options, FORMATS.png, (binding, source) => {
			const symbol = binding.encodeModules(source);
			const side = sideOfVersion(symbol.version);
			const layout = layOut(binding.options, side);
			return drawOnCanvas(canvas, symbol.modules, layout);
		});
	}

	/**
	 * Writes the options to where the binding reads them, and encodes.
	 * @template Result
	 * @param {Source} source
	 * @param {any} options
	 * @param {number} format
	 * @param {(binding: Binding, source: Source) => Result} encode
	 * @returns {Result}
	 */
	#run(source, options, format, encode) {
		const numbers = this.#binding.options;
		writeOptions(numbers, this.engines, options, format);
		try {
			if (hasFraction(numbers)) this.#fitScale(source);
			return encode(this.#binding, source);
		} catch (error) {
			if (!this.canRecover(error)) throw error;
			return this.#recover(source, options, error, encode);
		}
	}

	/**
	 * Whether there is more to be said or done about an error.
	 * @type {(error: any) => boolean}
	 */
	canRecover({ code }) {
		return (
			code === "ERR_QRPNG_WIDTH_TOO_SMALL" || code === "ERR_QRPNG_TEXT_TOO_LONG"
		);
	}

	/**
	 * What is left to do about an error of encode(): ignores a width that is too small, or says which version holds the text.
	 * @template Result
	 * @param {Source} source
	 * @param {any} options
	 * @param {any} error
	 * @param {(binding: Binding, source: Source) => Result} encode
	 * @returns {Result}
	 */
	#recover(source, options, error, encode) {
		const numbers = this.#binding.options;
		if (error.code === "ERR_QRPNG_WIDTH_TOO_SMALL") {
			if (options.strict === true) throw error;
			ignoreWidth(numbers, options);
			if (hasFraction(numbers)) this.#fitScale(source);
			return encode(this.#binding, source);
		}
		if (leaveVersionOpen(numbers)) {
			const { version } = this.#binding.encodeModules(source);
			error.message = `The text does not fit version ${options.version}: the smallest that holds it is ${version}.`;
		}
		throw error;
	}

	/** @type {(source: Source) => void} */
	#fitScale(source) {
		const { version } = this.#binding.encodeModules(source);
		fitScale(this.#binding.options, sideOfVersion(version));
	}
}

module.exports = { Encoder };
