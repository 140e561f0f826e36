// Errors of all packagings for JavaScript.
"use strict";

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
 * As both bindings throw it: with the code of a status, and the option that it is about, if any, as the core calls it.
 * @typedef {Error & { code: import("./index.js").ErrorCode, field: string }} CoreError
 */

/**
 * An error of the core; its sentence begins with the field, if it is about one, instead of which it gets the option's name.
 * @type {(code: import("./index.js").ErrorCode, field: string, message: string) => QrpngError}
 */
function toQrpngError(code, field, message) {
	const option = OPTIONS_BY_FIELD.get(field);
	return new QrpngError(
		code,
		option === undefined ? message : option + message.slice(field.length),
	);
}

/** @type {(message: string) => TypeError} */
function typeError(message) {
	return Object.assign(new TypeError(message), {
		code: "ERR_INVALID_ARG_TYPE",
	});
}

module.exports = { QrpngError, toQrpngError, typeError };
