// Segments: those that callers give, and those that a text with kanji is split into. The core splits all other texts.
"use strict";

const { QrpngError, typeError } = require("./errors.cjs");

/** As the core numbers them; in what create() returns, by the same number. */
const MODES = [
	{ id: "Numeric", bit: 1, ccBits: [10, 12, 14] },
	{ id: "Alphanumeric", bit: 2, ccBits: [9, 11, 13] },
	{ id: "Byte", bit: 4, ccBits: [8, 16, 16] },
	{ id: "Kanji", bit: 8, ccBits: [8, 10, 12] },
];
const [NUMERIC, ALPHANUMERIC, BYTE, KANJI] = MODES.keys();
const MODE_BITS = 4;
const MAX_CHARACTERS = 7089;

const DIGITS = /^\d+$/;
const ALPHANUMERICS = /^[\dA-Z $%*+\-./:]+$/;
const utf8 = new TextEncoder();

/**
 * @typedef {object} Segmented
 * @property {Uint8Array} bytes
 * @property {Int32Array} segments mode and number of bytes of each, in turn
 * @property {string[]} kanji the characters of each segment in kanji mode
 */

/** @typedef {(character: string) => number | undefined} ToSjis */

/**
 * Puts segments of a mode and of bytes or, for kanji mode, characters together.
 * @type {(parts: { mode: number, bytes: Uint8Array, text?: string }[]) => Segmented}
 */
function join(parts) {
	const bytes = new Uint8Array(
		parts.reduce((sum, part) => sum + part.bytes.length, 0),
	);
	let end = 0;
	for (const part of parts) {
		bytes.set(part.bytes, end);
		end += part.bytes.length;
	}
	return {
		bytes,
		segments: Int32Array.from(
			parts.flatMap((part) => [part.mode, part.bytes.length]),
		),
		kanji: parts.flatMap((part) =>
			part.mode === KANJI ? [/** @type {string} */ (part.text)] : [],
		),
	};
}

/**
 * Shift JIS of a character if kanji mode can hold it: ISO/IEC 18004, 7.4.6.
 * @type {(character: string, toSjis: ToSjis) => number | undefined}
 */
function kanjiCode(character, toSjis) {
	const code = Number(toSjis(character));
	const isIn = (first, last) => code >= first && code <= last;
	return isIn(0x8140, 0x9ffc) || isIn(0xe040, 0xebbf) ? code : undefined;
}

/**
 * Two bytes for each character, or undefined if kanji mode can't hold one of them.
 * @type {(text: string, toSjis: ToSjis) => Uint8Array | undefined}
 */
function toSjisBytes(text, toSjis) {
	const codes = Array.from(text, (character) => kanjiCode(character, toSjis));
	if (codes.includes(undefined)) return undefined;
	return Uint8Array.from(codes.flatMap((code = 0) => [code >> 8, code & 0xff]));
}

/**
 * Which mode a segment asks for: by name, or as create() returns it.
 * @type {(mode: any) => number}
 */
function findMode(mode) {
	const name = String(mode?.id ?? mode).toLowerCase();
	return MODES.findIndex(({ id }) => id.toLowerCase() === name);
}

/** @type {(data: any) => Uint8Array | undefined} */
function toBytes(data) {
	if (ArrayBuffer.isView(data))
		return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
	if (!Array.isArray(data)) return undefined;
	return new Uint8Array(Uint8ClampedArray.from(data).buffer);
}

/** @type {(bytes: Uint8Array) => string} */
function fromLatin1(bytes) {
	return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/**
 * The segment of some data, in the mode that is asked for, or else in the shortest that holds them.
 * @type {(data: any, wanted: any, toSjis?: ToSjis) => { mode: number, bytes: Uint8Array, text?: string }}
 */
function makeSegment(data, wanted, toSjis) {
	const given = toBytes(data);
	const mode = findMode(wanted);
	if (given && (mode < 0 || mode === BYTE)) return { mode: BYTE, bytes: given };
	const text = given ? fromLatin1(given) : String(data);
	if (mode === BYTE || (mode === KANJI && !toSjis))
		return { mode: BYTE, bytes: utf8.encode(text) };
	const shortest = shortestMode(text);
	if (mode === KANJI || (mode < 0 && shortest === BYTE)) {
		const bytes = toSjis && toSjisBytes(text, toSjis);
		if (bytes) return { mode: KANJI, bytes, text };
		if (mode === KANJI) throw unfit(mode);
	}
	if (mode >= 0 && shortest > mode) throw unfit(mode);
	return { mode: mode < 0 ? shortest : mode, bytes: utf8.encode(text) };
}

/** @type {(text: string) => number} */
function shortestMode(text) {
	if (DIGITS.test(text)) return NUMERIC;
	return ALPHANUMERICS.test(text) ? ALPHANUMERIC : BYTE;
}

/** @type {(mode: number) => Error} */
function unfit(mode) {
	const holds = [
		"digits",
		"digits, capital letters, space and $%*+-./:",
		"bytes",
		"characters for which toSJISFunc knows Shift JIS",
	];
	return new QrpngError(
		"ERR_QRPNG_BAD_SEGMENTS",
		`A segment has characters that its mode can't hold: ${MODES[mode].id.toLowerCase()} holds ${holds[mode]}.`,
	);
}

/**
 * From an array of { data, mode } or strings. Those without data are left out.
 * @type {(array: any[], toSjis?: ToSjis) => Segmented}
 */
function fromArray(array, toSjis) {
	const parts = [];
	for (const segment of array) {
		const isText = typeof segment === "string";
		if (!isText && (typeof segment !== "object" || segment === null))
			throw typeError(
				"A segment must be an object with data and mode, or a string.",
			);
		const data = isText ? segment : segment.data;
		if (data || data === 0)
			parts.push(makeSegment(data, isText ? undefined : segment.mode, toSjis));
	}
	return join(parts);
}

/** Sixths of a bit that a character takes in a mode; one of n bytes takes n times as much in byte mode. */
const SIXTHS = [20, 33, 48, 78];
/** Codewords for data in the largest symbols whose lengths have few bits, at level M: versions 9 and 26. */
const CODEWORDS = [182, 1062];

/**
 * What each mode takes for a character: sixths of a bit, or Infinity where it can't hold it.
 * @type {(character: string, toSjis: ToSjis) => number[]}
 */
function costsOf(character, toSjis) {
	const shortest = shortestMode(character);
	const isKanji =
		shortest === BYTE && kanjiCode(character, toSjis) !== undefined;
	return [
		shortest === NUMERIC ? SIXTHS[NUMERIC] : Infinity,
		shortest <= ALPHANUMERIC ? SIXTHS[ALPHANUMERIC] : Infinity,
		SIXTHS[BYTE] * utf8.encode(character).length,
		isKanji ? SIXTHS[KANJI] : Infinity,
	];
}

/**
 * The mode of each character in the shortest split for versions of a range: 0 for 1 to 9, 1 for 10 to 26, 2 for 27 to 40.
 * @type {(costs: number[][], range: number) => { modes: number[], sixths: number }}
 */
function chooseModes(costs, range) {
	const headers = MODES.map(({ ccBits }) => 6 * (MODE_BITS + ccBits[range]));
	let totals = headers;
	const origins = costs.map((cost, i) => {
		const cheapest = totals.indexOf(Math.min(...totals));
		const from = totals.map((total, mode) =>
			i > 0 && totals[cheapest] + headers[mode] < total ? cheapest : mode,
		);
		totals = from.map(
			(origin, mode) =>
				totals[origin] + (origin === mode ? 0 : headers[mode]) + cost[mode],
		);
		return from;
	});
	const sixths = Math.min(...totals);
	let mode = totals.indexOf(sixths);
	const modes = [];
	for (const from of origins.reverse()) {
		modes.push(mode);
		mode = from[mode];
	}
	return { modes: modes.reverse(), sixths };
}

/**
 * Splits a text, with what kanji mode can hold in kanji mode where that is shortest.
 * @type {(text: string, toSjis: ToSjis) => string | Segmented}
 */
function fromKanji(text, toSjis) {
	if (text.length > MAX_CHARACTERS) return text; // too long: the core says so
	const characters = Array.from(text);
	const costs = characters.map((character) => costsOf(character, toSjis));
	if (!costs.some((cost) => cost[KANJI] < Infinity)) return text;
	let range = 0;
	let choice = chooseModes(costs, range);
	while (range < 2 && choice.sixths > 48 * CODEWORDS[range])
		choice = chooseModes(costs, ++range);
	const parts = [];
	for (let start = 0, end = 0; start < characters.length; start = end) {
		const mode = choice.modes[start];
		while (choice.modes[end] === mode) end++;
		const piece = characters.slice(start, end).join("");
		parts.push(makeSegment(piece, MODES[mode], toSjis));
	}
	return join(parts);
}

module.exports = { MODES, fromArray, fromKanji };
