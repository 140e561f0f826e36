// What create() returns, in the shape that npm qrcode gives it.
"use strict";

const { MODES } = require("./segments.cjs");
const { LEVEL_BITS, sideOfVersion } = require("./options.cjs");

const [NUMERIC, ALPHANUMERIC, BYTE, KANJI] = MODES.keys();
const utf8 = new TextDecoder();

/** Modules, row after row: 1 dark, 0 light. */
class BitMatrix {
	/** @type {Uint8Array | undefined} */
	#reservedBit;

	/**
	 * @param {number} size modules on each side
	 * @param {Uint8Array} data
	 */
	constructor(size, data) {
		this.size = size;
		this.data = data;
	}

	/** 1 where a module belongs to a function pattern, or to the format or version information. */
	get reservedBit() {
		this.#reservedBit ??= findReserved(this.size);
		return this.#reservedBit;
	}

	/** @type {(row: number, col: number, value: number | boolean, reserved?: boolean) => void} */
	set(row, col, value, reserved) {
		const index = row * this.size + col;
		this.data[index] = Number(value);
		if (reserved) this.reservedBit[index] = 1;
	}

	/** @type {(row: number, col: number) => number} */
	get(row, col) {
		return this.data[row * this.size + col];
	}

	/** @type {(row: number, col: number, value: number | boolean) => void} */
	xor(row, col, value) {
		this.data[row * this.size + col] ^= Number(value);
	}

	/** @type {(row: number, col: number) => number} */
	isReserved(row, col) {
		return this.reservedBit[row * this.size + col];
	}
}

/**
 * Rows, and columns, of the centres of alignment patterns: ISO/IEC 18004, annex E.
 * @type {(size: number) => number[]}
 */
function alignmentCentres(size) {
	const version = (size - 17) / 4;
	if (version === 1) return [];
	const gaps = Math.floor(version / 7) + 1;
	const step = version === 32 ? 26 : 2 * Math.ceil((size - 13) / (2 * gaps));
	const last = size - 7;
	const others = Array.from({ length: gaps }, (_, i) => last - i * step);
	return [6, ...others.reverse()];
}

/** @type {(size: number) => Uint8Array} */
function findReserved(size) {
	const reserved = new Uint8Array(size * size);
	const reserve = (top, left, height, width) => {
		for (let row = top; row < top + height; row++)
			reserved.fill(1, row * size + left, row * size + left + width);
	};
	// Finder patterns with separators and format information, then timing patterns.
	reserve(0, 0, 9, 9);
	reserve(0, size - 8, 9, 8);
	reserve(size - 8, 0, 8, 9);
	reserve(6, 0, 1, size);
	reserve(0, 6, size, 1);
	const centres = alignmentCentres(size);
	const last = size - 7;
	for (const row of centres)
		for (const column of centres) {
			const isFinder =
				row === 6
					? column === 6 || column === last
					: row === last && column === 6;
			if (!isFinder) reserve(row - 2, column - 2, 5, 5);
		}
	if (size >= 45) {
		reserve(0, size - 11, 6, 3);
		reserve(size - 11, 0, 3, 6);
	}
	return reserved;
}

/** Bits that so many characters or bytes take in a mode, without the header: ISO/IEC 18004, 7.4.3 to 7.4.6. */
const BITS = {
	[NUMERIC]: (length) => Math.ceil((length * 10) / 3),
	[ALPHANUMERIC]: (length) => Math.ceil((length * 11) / 2),
	[BYTE]: (length) => length * 8,
	[KANJI]: (length) => length * 13,
};

/** A part of the text in one mode: a string, or the bytes of byte mode. */
class Segment {
	#mode;

	/**
	 * @param {number} mode
	 * @param {string | Uint8Array} data
	 */
	constructor(mode, data) {
		this.#mode = mode;
		this.mode = MODES[mode];
		this.data = data;
	}

	getLength() {
		return this.data.length;
	}

	getBitsLength() {
		return BITS[this.#mode](this.data.length);
	}
}

/** @type {(source: import("./text.cjs").Source, segments: Int32Array) => any[]} */
function toSegments(source, segments) {
	const kanji =
		typeof source === "object" && "kanji" in source
			? source.kanji[Symbol.iterator]()
			: undefined;
	const bytes = toBytes(source);
	const found = [];
	for (let i = 0, start = 0; i < segments.length; i += 2) {
		const mode = segments[i];
		const part = bytes.slice(start, start + segments[i + 1]);
		start += part.length;
		if (mode === KANJI)
			found.push(
				new Segment(mode, /** @type {string} */ (kanji?.next().value)),
			);
		else
			found.push(new Segment(mode, mode === BYTE ? part : utf8.decode(part)));
	}
	return found;
}

/** @type {(source: import("./text.cjs").Source) => Uint8Array} */
function toBytes(source) {
	if (typeof source === "string") return new TextEncoder().encode(source);
	return source instanceof Uint8Array ? source : source.bytes;
}

/**
 * From what the binding says.
 * @type {(source: import("./text.cjs").Source, raw: import("./bindings/binding.js").RawSymbol) => import("./index.js").QRCode}
 */
function toSymbol(source, { version, level, mask, modules, segments }) {
	return {
		modules: new BitMatrix(sideOfVersion(version), modules),
		version,
		errorCorrectionLevel: /** @type {any} */ ({ bit: LEVEL_BITS[level] }),
		maskPattern: /** @type {any} */ (mask),
		segments: toSegments(source, segments),
	};
}

module.exports = { toSymbol };
