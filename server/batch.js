// Many texts at once.
import { setImmediate as nextTurn } from "node:timers/promises";
import { checkText, MAX_BODY_BYTES } from "./body.js";
import { RequestError, sentences } from "./errors.js";
import { encode } from "./text.js";

/** For each text of a full batch: the 2953 bytes that a symbol holds, with quotes and some escapes. */
const MAX_BYTES_PER_TEXT = 4096;
const MAX_AT_ONCE = 8;
const SLICE_MS = 10;

/** The most bytes that a batch of so many texts may take, in JSON or in a gRPC message. */
export function maxBatchBytes(maxTexts) {
	return Math.max(MAX_BODY_BYTES, maxTexts * MAX_BYTES_PER_TEXT);
}

/** Returns what check makes of each text; a RequestError that it throws names the text. */
export function checkTexts(texts, maxTexts, check = checkText) {
	if (texts.length > maxTexts)
		throw new RequestError(sentences.batchSize(maxTexts), 413);
	return texts.map((text, i) => {
		try {
			return check(text);
		} catch (error) {
			throw inBatch(error, i);
		}
	});
}

/**
 * Resolves to the images in the order of the texts, all with the same options for the tier, which include a signal. A
 * tier that works elsewhere has at most 8 to do at once; one that works in this thread is held every 10 ms, and others are
 * served. Rejects with what went wrong for the first of the texts that failed, or with the signal's reason.
 */
export async function encodeBatch(tier, texts, options) {
	const pngs = new Array(texts.length);
	const failures = [];
	const slice = new Slice();
	let next = 0;
	const work = async () => {
		while (next < texts.length && failures.length === 0) {
			const i = next++;
			try {
				while (slice.isOver) await slice.renewed();
				options.signal.throwIfAborted();
				const result = encode(tier, texts[i], options);
				pngs[i] = Buffer.isBuffer(result) ? result : await result;
			} catch (error) {
				failures.push({ i, error });
			}
		}
	};
	await Promise.all(Array.from({ length: MAX_AT_ONCE }, work));
	if (failures.length === 0) return pngs;
	const first = failures.reduce((a, b) => (b.i < a.i ? b : a));
	throw inBatch(first.error, first.i);
}

function inBatch(error, index) {
	return error instanceof RequestError
		? new RequestError(sentences.inBatch(index + 1, error.message))
		: error;
}

/** A stretch of this thread's time, after which it serves others before the next. */
class Slice {
	#endMs = performance.now() + SLICE_MS;
	#renewal;

	get isOver() {
		return performance.now() >= this.#endMs;
	}

	/** Resolves, for all who wait, when the others have been served. */
	renewed() {
		this.#renewal ??= nextTurn().then(() => {
			this.#renewal = undefined;
			this.#endMs = performance.now() + SLICE_MS;
		});
		return this.#renewal;
	}
}
