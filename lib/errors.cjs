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

module.exports = { QrpngError, toQrpngError, typeError };
