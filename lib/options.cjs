// Options as npm qrcode takes them, made into the numbers that the bindings read. Uses nothing of Node's. CommonJS, since test
// runners such as Jest can't require() anything else.
"use strict";

const { BLACK, WHITE, readColor } = require("./colors.cjs");
const { QrpngError, typeError } = require("./errors.cjs");

// Where the bindings look for each number: addon/src/arguments.c and wasm/src/exports.c say the same.
const LEVEL = 0;
const WIDTH = 1;
const SCALE = 2;
const MARGIN = 3;
const ENGINE = 4;
const VERSION = 5;
const MASK = 6;
const FORMAT = 7;
const DARK = 8;
const LIGHT = 9;
const IS_INVERTED = 10;
const MASK_RULE = 11;
const DPI = 12;
const EFFORT = 13;
const OPTION_COUNT = 14;
/** All of them by name, for those who have options of their own: the command. */
const PLACES = {
	level: LEVEL,
	width: WIDTH,
	scale: SCALE,
	margin: MARGIN,
	engine: ENGINE,
	version: VERSION,
	mask: MASK,
	format: FORMAT,
	dark: DARK,
	light: LIGHT,
	isInverted: IS_INVERTED,
	maskRule: MASK_RULE,
	dpi: DPI,
	effort: EFFORT,
};

/** What is made of a symbol, as the core numbers it. */
const FORMATS = {
	png: 0,
	svg: 1,
	utf8: 2,
	terminal: 3,
	terminalSmall: 4,
	ascii: 5,
};
/** The symbol alone: what concerns an image doesn't matter. */
const NO_IMAGE = FORMATS.terminal;
const MASK_RULES = ["libqrencode", "iso"];

const LEVEL_WORDS = ["low", "medium", "quartile", "high"];
const LEVELS = new Map(
	LEVEL_WORDS.flatMap((word, level) => [
		[word[0].toUpperCase(), level],
		[word[0], level],
		[word, level],
	]),
);
/** What create() calls the levels: their bits in a symbol, ISO/IEC 18004, table 12. */
const LEVEL_BITS = [1, 0, 3, 2];

const DEFAULT_LEVEL = LEVEL_WORDS.indexOf("medium");
const DEFAULT_SCALE_PX = 4;
const DEFAULT_MARGIN_MODULES = 4;
const TERMINAL_MARGIN_MODULES = 1;
/** A width below it is none, as for qrcode: the smallest symbol has as many modules. */
const MIN_WIDTH_PX = 21;
const MAX_SIDE_PX = 4096;
const MAX_VERSION = 40;
const MAX_MASK = 7;
const MAX_INTEGER = 2 ** 31 - 1;
const BEST_MASK = -1;
const REFUSED = -1; // by the core, in its own words
const REFUSED_MASK = -2;

const KNOWN_OPTIONS = new Set([
	"errorCorrectionLevel",
	"width",
	"scale",
	"margin",
	"version",
	"maskPattern",
	"maskRule",
	"color",
	"type",
	"small",
	"inverse",
	"title",
	"dpi",
	"effort",
	"engine",
	"toSJISFunc",
	"rendererOpts",
	"signal",
	"alwaysOnPool",
	"strict",
]);

/** @type {(value: any) => number | undefined} */
function findLevel(value) {
	if (typeof value === "string")
		return LEVELS.get(value) ?? LEVELS.get(value.toLowerCase());
	const level = LEVEL_BITS.indexOf(value?.bit);
	return level < 0 ? undefined : level;
}

/**
 * A whole number of at least `minimum`, or one that is refused.
 * @type {(value: unknown, minimum: number, refused?: number) => number}
 */
function integer(value, minimum, refused = REFUSED) {
	const isInteger = typeof value === "number" && Number.isInteger(value);
	return isInteger && value >= minimum && value <= MAX_INTEGER
		? value
		: refused;
}

/** @type {(value: number) => number} */
function bounded(value) {
	return value < MAX_INTEGER ? value : MAX_INTEGER;
}

/** @type {(value: any) => number} */
function tolerantVersion(value) {
	const version = Number(value);
	return version >= 1 && version <= MAX_VERSION ? Math.trunc(version) : 0;
}

/** @type {(maskPattern: any) => number} */
function tolerantMask(maskPattern) {
	if (maskPattern === null || maskPattern === "") return BEST_MASK;
	const mask = Number(maskPattern);
	return mask >= 0 && mask <= MAX_MASK ? Math.trunc(mask) : BEST_MASK;
}

/** @type {(value: any) => number} */
function tolerantWidth(value) {
	return value >= MIN_WIDTH_PX ? bounded(Math.floor(value)) : 0;
}

/** @type {(value: any) => number} */
function tolerantScale(value) {
	const scale = Number(value) || DEFAULT_SCALE_PX;
	return scale < 1 ? REFUSED : bounded(scale);
}

/** @type {(value: any) => number} */
function tolerantMargin(value) {
	return value !== null && value >= 0 ? Number(value) : DEFAULT_MARGIN_MODULES;
}

/**
 * As qrcode reads them: what is out of range counts as not given.
 * @type {(numbers: Float64Array, options: any) => void}
 */
function writeTolerantly(numbers, options) {
	const { errorCorrectionLevel, version, maskPattern, width, scale, margin } =
		options;
	numbers[LEVEL] =
		errorCorrectionLevel === undefined
			? DEFAULT_LEVEL
			: (findLevel(errorCorrectionLevel) ?? DEFAULT_LEVEL);
	numbers[VERSION] = version === undefined ? 0 : tolerantVersion(version);
	numbers[MASK] =
		maskPattern === undefined ? BEST_MASK : tolerantMask(maskPattern);
	numbers[WIDTH] = width === undefined ? 0 : tolerantWidth(width);
	numbers[SCALE] =
		scale === undefined ? DEFAULT_SCALE_PX : tolerantScale(scale);
	numbers[MARGIN] =
		margin === undefined ? DEFAULT_MARGIN_MODULES : tolerantMargin(margin);
}

/**
 * What is out of range is left to the core to refuse. Throws a TypeError for an option that there is none of.
 * @type {(numbers: Float64Array, options: any) => void}
 */
function writeStrictly(numbers, options) {
	for (const name in options)
		if (!KNOWN_OPTIONS.has(name))
			throw typeError(
				`Option ${name} is not supported: ${[...KNOWN_OPTIONS].join(", ")} are.`,
			);
	const given = (name, read, otherwise) =>
		options[name] === undefined ? otherwise : read(options[name]);
	const side = (value) => integer(value, 1);
	numbers[LEVEL] = given(
		"errorCorrectionLevel",
		(value) => findLevel(value) ?? REFUSED,
		DEFAULT_LEVEL,
	);
	numbers[VERSION] = given("version", side, 0);
	numbers[MASK] = given(
		"maskPattern",
		(value) => integer(value, 0, REFUSED_MASK),
		BEST_MASK,
	);
	numbers[WIDTH] = given("width", side, 0);
	numbers[SCALE] = given("scale", side, DEFAULT_SCALE_PX);
	numbers[MARGIN] = given(
		"margin",
		(value) => (typeof value === "number" ? value : REFUSED),
		DEFAULT_MARGIN_MODULES,
	);
}

/**
 * Writes the options of the next call to where the binding reads them. Throws for those that are judged here.
 * @type {(numbers: Float64Array, engines: readonly string[], options: any, format: number) => void}
 */
function writeOptions(numbers, engines, options, format) {
	if (options.strict === true) writeStrictly(numbers, options);
	else writeTolerantly(numbers, options);
	const { engine, maskRule, dpi, effort } = options;
	numbers[ENGINE] = engine === undefined ? 0 : engines.indexOf(engine);
	numbers[MASK_RULE] =
		maskRule === undefined ? 0 : MASK_RULES.indexOf(maskRule);
	numbers[DPI] = dpi === undefined ? 0 : integer(dpi, 1);
	numbers[EFFORT] = effort === undefined ? 0 : integer(effort, 0);
	numbers[FORMAT] = format;
	numbers[IS_INVERTED] = 0;
	if (format === FORMATS.png) {
		writeColors(numbers, options);
		if (numbers[WIDTH] !== 0) numbers[SCALE] = 0;
	} else if (format === FORMATS.svg) {
		writeColors(numbers, options);
		numbers[SCALE] = 0;
	} else writeForText(numbers, options, format);
}

/** @type {(numbers: Float64Array, options: any) => void} */
function writeColors(numbers, { color }) {
	numbers[DARK] = color ? readColor("dark", color.dark) : BLACK;
	numbers[LIGHT] = color ? readColor("light", color.light) : WHITE;
}

/** @type {(numbers: Float64Array, options: any, format: number) => void} */
function writeForText(numbers, options, format) {
	numbers[WIDTH] = 0;
	numbers[SCALE] = 1;
	if (format === FORMATS.utf8) {
		writeColors(numbers, options);
		const isWhite = numbers[DARK] >>> 8 === 0xffffff;
		const isBlack = numbers[LIGHT] >>> 8 === 0;
		numbers[IS_INVERTED] = Number(isWhite || isBlack);
	} else {
		numbers[MARGIN] = TERMINAL_MARGIN_MODULES;
		numbers[IS_INVERTED] = Number(Boolean(options.inverse));
	}
}

/**
 * The same options without a width, which holds too few modules.
 * @type {(numbers: Float64Array, options: any) => void}
 */
function ignoreWidth(numbers, options) {
	numbers[WIDTH] = 0;
	numbers[SCALE] = tolerantScale(options.scale);
}

/**
 * Whether the scale is no whole number of pixels, which no module can have.
 * @type {(numbers: Float64Array) => boolean}
 */
function hasFraction(numbers) {
	return numbers[SCALE] !== Math.trunc(numbers[SCALE]);
}

/**
 * Makes the image as wide as such a scale asks for; its modules are as wide as each other.
 * @type {(numbers: Float64Array, sideModules: number) => void}
 */
function fitScale(numbers, sideModules) {
	const modules = sideModules + 2 * numbers[MARGIN];
	const width = Math.floor(numbers[SCALE] * modules);
	if (width > MAX_SIDE_PX) {
		numbers[SCALE] = Math.ceil(numbers[SCALE]); // which is refused
	} else {
		numbers[WIDTH] = width;
		numbers[SCALE] = 0;
	}
}

/**
 * Returns false if it was open already.
 * @type {(numbers: Float64Array) => boolean}
 */
function leaveVersionOpen(numbers) {
	const wasFixed = numbers[VERSION] !== 0;
	numbers[VERSION] = 0;
	return wasFixed;
}

/**
 * An SVG may be as wide as anyone likes. Returns what writes the true width into one.
 * @type {(numbers: Float64Array) => (svg: string) => string}
 */
function capSvgWidth(numbers) {
	const width = numbers[WIDTH];
	if (width <= MAX_SIDE_PX) return (svg) => svg;
	numbers[WIDTH] = MAX_SIDE_PX;
	const size = (px) => ` width="${px}" height="${px}"`;
	return (svg) => svg.replace(size(MAX_SIDE_PX), size(width));
}

/**
 * Modules on each side: ISO/IEC 18004, 6.3.2.
 * @type {(version: number) => number}
 */
function sideOfVersion(version) {
	return 17 + 4 * version;
}

/**
 * Where the modules of an image lie, in px, as the core has it; and its colours, as 0xrrggbbaa.
 * @typedef {{ side: number, scale: number, offset: number, dark: number, light: number }} Layout
 */

/**
 * Throws if the image would be too large, or a width too small.
 * @type {(numbers: Float64Array, sideModules: number) => Layout}
 */
function layOut(numbers, sideModules) {
	const modules = sideModules + 2 * numbers[MARGIN];
	const width = numbers[WIDTH];
	const scale = width > 0 ? Math.floor(width / modules) : numbers[SCALE];
	const side = width > 0 ? width : Math.floor(scale * modules);
	if (scale === 0)
		throw new QrpngError(
			"ERR_QRPNG_WIDTH_TOO_SMALL",
			`A width of ${width} px is too small for this text: the smallest that fits is ${Math.ceil(modules)} px.`,
		);
	if (side > MAX_SIDE_PX)
		throw new QrpngError(
			"ERR_QRPNG_SCALE_TOO_LARGE",
			`A scale of ${scale} px is too large for this text: the largest that fits an image of ${MAX_SIDE_PX} px is ${Math.floor(MAX_SIDE_PX / modules)} px.`,
		);
	const offset = Math.floor((side - scale * sideModules) / 2);
	return { side, scale, offset, dark: numbers[DARK], light: numbers[LIGHT] };
}

/**
 * What makes the images of an engine, from a map by engine. Throws a QrpngError if there is none of that name.
 * @type {(librariesByEngine: Map<string, string>, name: string) => string}
 */
function librariesOf(librariesByEngine, name) {
	const libraries = librariesByEngine.get(name);
	if (libraries !== undefined) return libraries;
	const engines = [...librariesByEngine.keys()].join(", ");
	throw new QrpngError(
		"ERR_QRPNG_BAD_ENGINE",
		`engine must be one of those built in: ${engines}.`,
	);
}

module.exports = {
	FORMATS,
	LEVEL_BITS,
	NO_IMAGE,
	OPTION_COUNT,
	PLACES,
	capSvgWidth,
	fitScale,
	hasFraction,
	ignoreWidth,
	layOut,
	leaveVersionOpen,
	librariesOf,
	sideOfVersion,
	writeOptions,
};
