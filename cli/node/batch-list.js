// The texts of a batch, in portions.
import fs from "node:fs";
import { MAX_TEXT_NBYTES } from "./input.js";

const PORTION_TEXTS = 64;
const CARRIAGE_RETURN = 13;

/**
 * Texts one after the other, and where each ends.
 * @typedef {{ first: number, bytes: Uint8Array, ends: number[] }} Portion
 */

export class BatchList {
	#stream;
	#separator;
	takenNbytes = 0;
	/** 0: not known beforehand. */
	fileNbytes = 0;

	/**
	 * Throws if it can't be read.
	 * @param {string} file "-" is standard input
	 * @param {boolean} isNulSeparated else texts are lines, with or without a carriage return at their end
	 */
	constructor(file, isNulSeparated) {
		const descriptor = file === "-" ? 0 : fs.openSync(file, "r");
		const stats = fs.fstatSync(descriptor);
		if (stats.isDirectory())
			throw Object.assign(new Error(), { code: "EISDIR" });
		if (stats.isFile()) this.fileNbytes = stats.size;
		this.#stream =
			file === "-" && !stats.isFile()
				? process.stdin
				: fs.createReadStream("", { fd: descriptor });
		this.#separator = isNulSeparated ? 0 : "\n".charCodeAt(0);
	}

	/**
	 * Ends it.
	 * @type {() => void}
	 */
	stop() {
		this.#stream.destroy();
	}

	/**
	 * From 0 to 1; below 0 if that is not known.
	 * @returns {number}
	 */
	get done() {
		if (this.fileNbytes === 0) return -1;
		return Math.min(this.takenNbytes / this.fileNbytes, 1);
	}

	/**
	 * As the texts come: nobody waits until a portion is full.
	 * @type {() => AsyncGenerator<Portion>}
	 */
	async *portions() {
		let count = 0;
		let begun = Buffer.alloc(0);
		let isBegun = false;
		const portionOf = (/** @type {Buffer[]} */ texts) => {
			const first = count + 1;
			count += texts.length;
			return join(first, texts);
		};
		for await (const chunk of this.#stream) {
			const texts = [];
			let start = 0;
			for (;;) {
				const end = chunk.indexOf(this.#separator, start);
				const piece = chunk.subarray(start, end < 0 ? chunk.length : end);
				begun = begun.length === 0 ? piece : cut(Buffer.concat([begun, piece]));
				isBegun = end >= 0 ? false : isBegun || piece.length > 0;
				if (end < 0) break;
				texts.push(this.#trim(begun));
				begun = Buffer.alloc(0);
				start = end + 1;
				if (texts.length === PORTION_TEXTS)
					yield portionOf(texts.splice(0, PORTION_TEXTS));
			}
			begun = Buffer.from(cut(begun)); // The chunk needn't be kept.
			this.takenNbytes += chunk.length;
			if (texts.length > 0) yield portionOf(texts);
		}
		if (isBegun) yield portionOf([this.#trim(begun)]);
	}

	/** @type {(text: Buffer) => Buffer} */
	#trim(text) {
		const whole = cut(text);
		const isLine = this.#separator !== 0 && whole.length < MAX_TEXT_NBYTES;
		return isLine && whole.at(-1) === CARRIAGE_RETURN
			? whole.subarray(0, -1)
			: whole;
	}
}

/**
 * Of a text that no code holds one byte more than any does will do.
 * @type {(text: Buffer) => Buffer}
 */
function cut(text) {
	return text.subarray(0, MAX_TEXT_NBYTES);
}

/** @type {(first: number, texts: Buffer[]) => Portion} */
function join(first, texts) {
	let end = 0;
	const ends = texts.map(({ length }) => {
		end += length;
		return end;
	});
	const bytes = new Uint8Array(end);
	for (const [i, text] of texts.entries())
		bytes.set(text, ends[i] - text.length);
	return { first, bytes, ends };
}
