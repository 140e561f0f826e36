// Images that take long, and many of them: on libuv's thread pool.
"use strict";

const { readVariable } = require("./environment.cjs");
const { typeError } = require("./errors.cjs");
const { abortable } = require("./settle.cjs");

/** @typedef {import("./text.cjs").Source} Source */

/** An image that takes less is made at once: to hand it to another thread and back takes about as long. */
const MAX_QUICK_MICROS = 50;
const FEWEST_MICROS = 5;
const MICROS_PER_BYTE = 0.045;
/** In wide images rows are compared with those above. */
const WIDE_PX = 500;
const WIDE_SCALE_PX = 8;
const MICROS_PER_BYTE_WIDE = 0.2;
const MICROS_PER_PX = 0.004;

const THREADS = threadCount();
/** One that a thread has, and one that it finds when it is done. */
const JOBS_PER_THREAD = 2;
const QUICK_TEXTS_PER_JOB = 64;
const SLOW_TEXTS_PER_JOB = 4;

/**
 * As libuv counts them.
 * @type {() => number}
 */
function threadCount() {
	return Number(readVariable("UV_THREADPOOL_SIZE")) || 4;
}

/** @type {(text: any) => number} */
function lengthOf(text) {
	if (!Array.isArray(text)) return text?.length ?? 0;
	return text.reduce(
		(sum, segment) => sum + lengthOf(segment?.data ?? segment),
		0,
	);
}

/**
 * Whether an image of the fast engine takes less than MAX_QUICK_MICROS, as far as its text and size tell.
 * @type {(text: any, options: any, fastEngine: string) => boolean}
 */
function isQuick(text, options, fastEngine) {
	const { width = 0, scale = 4, engine, version = 0 } = options;
	if (options.alwaysOnPool === true || version > 20) return false;
	if (options.toSJISFunc || options.effort > 0) return false;
	if (engine !== undefined && engine !== fastEngine) return false;
	const isWide = width > 0 ? width > WIDE_PX : scale > WIDE_SCALE_PX;
	const byteMicros = isWide ? MICROS_PER_BYTE_WIDE : MICROS_PER_BYTE;
	const sideMicros = width > 0 ? MICROS_PER_PX * width : 0;
	return (
		FEWEST_MICROS + byteMicros * lengthOf(text) + sideMicros < MAX_QUICK_MICROS
	);
}

/**
 * What a caller may write to meanwhile is copied: a text, and the options, inherited ones, too.
 * @type {(source: Source) => Source}
 */
function ownSource(source) {
	return source instanceof Uint8Array ? Uint8Array.from(source) : source;
}

/** @type {(options: any) => any} */
function ownOptions(options) {
	const own = {};
	for (const name in options) own[name] = options[name];
	return own;
}

/** @type {(error: any, index: number) => Error} */
function atIndex(error, index) {
	error.message = `Text ${index}: ${error.message}`;
	return Object.assign(error, { index });
}

/** An encoder that has other threads do what takes long. Where the binding has none it does everything at once. */
class Threads {
	#encoder;
	#encodeBatch;

	/**
	 * @param {InstanceType<typeof import("./encoder.cjs").Encoder>} encoder
	 * @param {Partial<import("./bindings/binding.js").ThreadedBinding>} binding the encoder's
	 */
	constructor(encoder, { encodeBatch }) {
		this.#encoder = encoder;
		this.#encodeBatch = encodeBatch;
	}

	/** @type {(text: unknown, options: any) => Promise<Buffer>} */
	async encode(text, options) {
		options.signal?.throwIfAborted();
		return this.#isAtOnce(text, options)
			? /** @type {Buffer} */ (this.#encoder.encode(text, options))
			: this.#encodeElsewhere(text, options);
	}

	/** @type {(text: unknown, options: any) => Promise<string>} */
	async encodeToDataUrl(text, options) {
		options.signal?.throwIfAborted();
		if (this.#isAtOnce(text, options))
			return this.#encoder.encodeToDataUrl(text, options);
		const png = await this.#encodeElsewhere(text, options);
		return `data:image/png;base64,${png.toString("base64")}`;
	}

	/**
	 * All on other threads, in the order of the texts. An error has the index of its text.
	 * @type {(texts: Iterable<unknown>, options: any) => Promise<Buffer[]>}
	 */
	async encodeAll(texts, options) {
		options.signal?.throwIfAborted();
		const isList =
			typeof texts !== "string" &&
			typeof texts?.[Symbol.iterator] === "function";
		if (!isList)
			throw typeError(
				`texts must be an array or another iterable, not ${typeof texts}.`,
			);
		const all = [...texts];
		const own = ownOptions(options);
		const isQuickly = isQuick(all[0] ?? "", own, this.#encoder.engines[0]);
		const size = isQuickly ? QUICK_TEXTS_PER_JOB : SLOW_TEXTS_PER_JOB;
		return abortable(this.#runJobs(all, own, size), own.signal);
	}

	/** @type {(text: unknown, options: any) => boolean} */
	#isAtOnce(text, options) {
		return (
			this.#encodeBatch === undefined ||
			isQuick(text, options, this.#encoder.engines[0])
		);
	}

	/** @type {(text: unknown, options: any) => Promise<Buffer>} */
	async #encodeElsewhere(text, options) {
		const sources = [this.#encoder.read(text, options)];
		const promise = this.#encodeSome(sources, ownOptions(options));
		const [png] = await abortable(promise, options.signal);
		return png;
	}

	/**
	 * As many jobs at a time as keep the threads busy, each of so many texts.
	 * @type {(texts: unknown[], options: any, size: number) => Promise<Buffer[]>}
	 */
	async #runJobs(texts, options, size) {
		/** @type {Buffer[]} */
		const images = new Array(texts.length);
		const failures = new Map();
		let next = 0;
		const runInTurn = async () => {
			while (next < texts.length && failures.size === 0) {
				if (options.signal?.aborted) return;
				const start = next;
				next = Math.min(next + size, texts.length);
				try {
					const made = await this.#runJob(texts.slice(start, next), options);
					for (const [i, image] of made.entries()) images[start + i] = image;
				} catch (error) {
					failures.set(start + error.index, error);
				}
			}
		};
		const count = THREADS * JOBS_PER_THREAD;
		await Promise.all(Array.from({ length: count }, runInTurn));
		if (failures.size === 0) return images;
		const first = Math.min(...failures.keys());
		throw atIndex(failures.get(first), first);
	}

	/** @type {(texts: unknown[], options: any) => Promise<Buffer[]>} */
	#runJob(texts, options) {
		const sources = texts.map((text, index) => {
			try {
				return this.#encoder.read(text, options);
			} catch (error) {
				throw Object.assign(error, { index });
			}
		});
		return this.#encodeSome(sources, options);
	}

	/**
	 * In one job; one by one if they turn out to need different options.
	 * @type {(sources: Source[], options: any) => Promise<Buffer[]>}
	 */
	async #encodeSome(sources, options) {
		const own = sources.map(ownSource);
		const encoder = this.#encoder;
		try {
			if (this.#encodeBatch !== undefined && encoder.writeForAll(options))
				return await this.#encodeBatch(own);
		} catch (error) {
			if (!encoder.canRecover(error)) throw error;
		}
		return own.map((source, index) => {
			try {
				return /** @type {Buffer} */ (encoder.encodeSource(source, options));
			} catch (error) {
				throw Object.assign(error, { index });
			}
		});
	}
}

module.exports = { Threads };
