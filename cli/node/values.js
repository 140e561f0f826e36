// The values that options take: what cli/values.c reads, in the same way.
import options from "../../lib/options.cjs";

const { FORMATS } = options;

/** The core refuses it, in its own words. */
const REFUSED = -1;

/**
 * A whole number of at least `minimum`, or one that the core refuses.
 * @type {(digits: string, minimum: number) => number}
 */
export function parseNumber(digits, minimum) {
	const number = /^\d{1,9}$/.test(digits) ? Number(digits) : REFUSED;
	return number < minimum ? REFUSED : number;
}

/**
 * The same for digits that may have a point and a fraction.
 * @type {(digits: string) => number}
 */
export function parseDecimal(digits) {
	const isDecimal = digits.length <= 9 && /^\d+(?:\.\d+)?$/.test(digits);
	return isDecimal ? Number(digits) : REFUSED;
}

/** @type {(letter: string) => number} */
export function parseLevel(letter) {
	return letter.length === 1 ? "LMQH".indexOf(letter) : REFUSED;
}

const MASK_RULES = new Map([
	["libqrencode", 0],
	["iso", 1],
]);

/** @type {(name: string) => number | undefined} */
export function parseMaskRule(name) {
	return MASK_RULES.get(name.toLowerCase());
}

/**
 * 0xrrggbbaa of 3, 4, 6 or 8 hex digits, with or without #.
 * @type {(value: string) => number | undefined}
 */
export function parseColour(value) {
	const digits = value.replace(/^#/, "");
	if (!/^(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.test(digits))
		return undefined;
	const long = digits.length < 6 ? digits.replace(/./g, "$&$&") : digits;
	return Number.parseInt(long.padEnd(8, "f"), 16);
}

const TYPES = new Map([
	["png", FORMATS.png],
	["svg", FORMATS.svg],
	["utf8", FORMATS.utf8],
	["ascii", FORMATS.ascii],
	["terminal", FORMATS.terminal],
	// as qrencode calls them
	["ansi", FORMATS.terminal],
	["ansiutf8", FORMATS.terminalSmall],
]);

/** @type {(name: string) => number | undefined} */
export function parseType(name) {
	return TYPES.get(name.toLowerCase());
}

const EXTENSIONS = new Map([
	["svg", FORMATS.svg],
	["txt", FORMATS.utf8],
]);
const NOT_MADE = /^(?:jpe?g|gif|webp|bmp|tiff?|ico|avif|pdf|eps|svgz)$/;

/**
 * What the end of a file's name asks for: a PNG if it says nothing; undefined if it is a type that isn't made here.
 * @type {(file: string) => number | undefined}
 */
export function guessType(file) {
	const [, extension = ""] = /\.([^./]*)$/.exec(file.toLowerCase()) ?? [];
	if (NOT_MADE.test(extension)) return undefined;
	return EXTENSIONS.get(extension) ?? FORMATS.png;
}

/** @type {(format: number) => boolean} */
export function isTextFormat(format) {
	return format !== FORMATS.png && format !== FORMATS.svg;
}

/**
 * How many columns of a text each module takes.
 * @type {(format: number) => number}
 */
export function columnsOfModule(format) {
	return format === FORMATS.utf8 || format === FORMATS.terminalSmall ? 1 : 2;
}
