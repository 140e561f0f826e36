// Many texts at once: what a batch may be, and the making of its images.

import { RequestError, sentences } from "../errors.js";
import { checkText, MAX_BODY_BYTES } from "./body.js";
import { encode } from "./encode.js";

/** For each text of a full batch: the 2953 bytes that a symbol holds, with quotes and some escapes. */
const MAX_BYTES_PER_TEXT = 4096;
const MAX_IMAGES_BYTES = 24 * 1024 * 1024;

/**
 * The most bytes that a batch of so many texts may take, in JSON or in a gRPC message.
 * @type {(maxTexts: number) => number}
 */
export function maxBatchBytes(maxTexts) {
	return Math.max(MAX_BODY_BYTES, maxTexts * MAX_BYTES_PER_TEXT);
}

/**
 * Returns what check makes of each text; a RequestError that it throws names the text.
 * @type {<T>(texts: T[], maxTexts: number, check?: (text: T) => Server.Text) => Server.Text[]}
 */
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

function inBatch(error, index) {
	return error instanceof RequestError
		? new RequestError(sentences.inBatch(index + 1, error.message))
		: error;
}

/** The texts of one request and their images, made one by one. */
export class Batch {
	/**
	 * A promise of the images in the order of the texts. Rejects with what went wrong for the first of the texts that failed, or
	 * at once with the reason of a stop().
	 * @type {Promise<Buffer[]>}
	 */
	images;
	#tier;
	#texts;
	#options;
	#part;
	#pngs;
	#nbytes = 0;
	#nextIndex = 0;
	#underWay = 0;
	/** @type {{ index: number, error: Error } | undefined} */
	#failure;
	#resolve;
	#reject;

	/**
	 * @param {Server.Tier} tier
	 * @param {Server.Text[]} texts
	 * @param {Server.EncodeOptions & { signal: AbortSignal }} options the signal stops the batch
	 * @param {import("./room.js").Part} part grows by the images
	 */
	constructor(tier, texts, options, part) {
		this.#tier = tier;
		this.#texts = texts;
		this.#options = options;
		this.#part = part;
		this.#pngs = new Array(texts.length);
		this.images = new Promise((resolve, reject) => {
			this.#resolve = resolve;
			this.#reject = reject;
		});
		const { signal } = options;
		const stop = () => this.stop(signal.reason);
		if (signal.aborted) stop();
		else signal.addEventListener("abort", stop, { once: true });
	}

	/**
	 * Whether nothing is left to begin with.
	 * @type {boolean}
	 */
	get isDealt() {
		return (
			this.#failure !== undefined || this.#nextIndex === this.#texts.length
		);
	}

	/**
	 * Begins with the next text. Returns a promise of its end if the tier does, which never rejects.
	 * @type {() => Promise<void> | undefined}
	 */
	encodeNext() {
		const i = this.#nextIndex++;
		this.#underWay++;
		try {
			const made = encode(this.#tier, this.#texts[i], this.#options);
			if (!Buffer.isBuffer(made))
				return made.then(
					(png) => this.#keep(i, png),
					(error) => this.#fail(i, error),
				);
			this.#keep(i, made);
		} catch (error) {
			this.#fail(i, error);
		}
	}

	/** @type {(reason: Error) => void} */
	stop(reason) {
		this.#failure = { index: -1, error: reason };
		this.#reject(reason);
	}

	#keep(index, png) {
		this.#nbytes += png.length;
		if (this.#nbytes > MAX_IMAGES_BYTES) {
			this.stop(
				new RequestError(sentences.imagesTooLarge(MAX_IMAGES_BYTES), 413),
			);
			return;
		}
		this.#pngs[index] = png;
		this.#part.grow(png.length);
		this.#settle();
	}

	#fail(index, error) {
		const isFirst = index < (this.#failure?.index ?? this.#texts.length);
		if (isFirst) this.#failure = { index, error };
		this.#settle();
	}

	#settle() {
		if (--this.#underWay > 0 || !this.isDealt) return;
		if (this.#failure === undefined) this.#resolve(this.#pngs);
		else this.#reject(inBatch(this.#failure.error, this.#failure.index));
	}
}
