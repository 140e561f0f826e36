// Colours as npm qrcode takes them.
"use strict";

const { QrpngError } = require("./errors.cjs");

const BLACK = 0x000000ff;
const WHITE = 0xffffffff;
const DEFAULTS = { dark: BLACK, light: WHITE };
const COLOR = /^#?(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i;

/**
 * Three, four, six or eight hexadecimal digits, with or without #, as 0xrrggbbaa.
 * @type {(name: "dark" | "light", value: unknown) => number}
 */
function readColor(name, value) {
	if (!value) return DEFAULTS[name];
	const color = typeof value === "number" ? String(value) : value;
	if (typeof color !== "string" || !COLOR.test(color)) {
		throw new QrpngError(
			"ERR_QRPNG_BAD_COLOR",
			`color.${name} must have 3, 4, 6 or 8 hexadecimal digits, such as "#06c" or "#0066ccff".`,
		);
	}
	const digits = color.replace("#", "");
	const long = digits.length < 6 ? digits.replace(/./g, "$&$&") : digits;
	return Number.parseInt(long.padEnd(8, "f"), 16);
}

module.exports = { BLACK, WHITE, readColor };
