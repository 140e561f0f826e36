// The orders in which npm qrcode takes arguments.
"use strict";

const { typeError } = require("./errors.cjs");

const NO_OPTIONS = Object.freeze({});

/** @typedef {(error: Error | null, result?: any) => void} Callback */

/**
 * (text, [options], [callback]). Throws if there is no text.
 * @type {(text: unknown, options?: any, callback?: any) => { options: any, callback?: Callback }}
 */
function readArguments(text, options, callback) {
	if (text === undefined) throw typeError("There is no text: give one.");
	if (typeof options === "function")
		return { options: NO_OPTIONS, callback: options };
	return {
		options: options ?? NO_OPTIONS,
		callback: typeof callback === "function" ? callback : undefined,
	};
}

/**
 * What is asked for getContext("2d").
 * @type {(value: any) => boolean}
 */
function isCanvas(value) {
	return typeof value?.getContext === "function";
}

/**
 * ([canvas], text, [options], [callback]).
 * @type {(args: any[]) => { canvas?: any, text: unknown, options: any, callback?: Callback }}
 */
function readCanvasArguments(args) {
	const [canvas, ...others] = isCanvas(args[0]) ? args : [undefined, ...args];
	const [text, options, callback] = others;
	if (typeof text === "function")
		throw typeError("There is no text before the callback: give one.");
	return { canvas, text, ...readArguments(text, options, callback) };
}

module.exports = { readArguments, readCanvasArguments };
