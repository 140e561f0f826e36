// Errors of all packagings for JavaScript.
"use strict";

/** The options by what the core calls them. */
const OPTIONS_BY_FIELD = new Map([
	["ecl", "errorCorrectionLevel"],
	["mask", "maskPattern"],
	["mask_rule", "maskRule"],
]);

/** What was wrong with the text or an option, or with the encoder: see ErrorCode in index.d.ts. */
class QrpngError extends Error {
	/**
	 * @param {import("./index.js").ErrorCode} code
	 * @param {string} message
	 * @param {ErrorOptions} [options]
	 */
	constructor(code, message, options) {
		super(message, options);
		this.name = "QrpngError";
		this.code = code;
	}
}

/**
 * As both bindings throw it: with the code of a status, and the option that it is about, if any, as the core calls it. In a batch
 * with the index of its text.
 * @typedef {Error & { code: import("./index.js").ErrorCode, field: string, index?: number }} CoreError
 */

/** @type {(error: any) => error is CoreError} */
function isOfCore({ code, field }) {
	return typeof code === "string" && typeof field === "string";
}

/**
 * An error of the core as callers get it; any other one as it is. Its sentence begins with the field, if it is about one, instead
 * of which it gets the option's name.
 * @type {(error: any) => Error}
 */
function fromCore(error) {
	if (!isOfCore(error)) return error;
	const { code, field, message, index } = error;
	const option = OPTIONS_BY_FIELD.get(field) ?? field;
	const own = new QrpngError(code, option + message.slice(field.length));
	return index === undefined ? own : Object.assign(own, { index });
}

/** @type {(message: string) => TypeError} */
function typeError(message) {
	return Object.assign(new TypeError(message), {
		code: "ERR_INVALID_ARG_TYPE",
	});
}

module.exports = { QrpngError, fromCore, isOfCore, typeError };
