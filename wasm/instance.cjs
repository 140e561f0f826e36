// The binding: one instance of the module of wasm/src/exports.c. Uses nothing of Node's.
"use strict";

const MAX_LIBRARIES_BYTES = 256;
const STATUS_OK = 0;
const NO_SEGMENTS = -1;

/**
 * A text as it is, or as bytes with the mode and number of bytes of each segment.
 * @typedef {string | Uint8Array | { bytes: Uint8Array, segments: Int32Array }} Source
 */

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder();

/**
 * As the addon throws them, too: with the code of a status, and the option that it is about as the core calls it.
 * @type {(code: string, field: string, message: string) => Error}
 */
function coreError(code, field, message) {
	return Object.assign(new Error(message), { code, field });
}

/** @type {() => Error} */
function outOfMemory() {
	return coreError(
		"ERR_QRPNG_OUT_OF_MEMORY",
		"",
		"There is not enough memory for WebAssembly: try again later.",
	);
}

/**
 * All of the memory; where the next text, its options and its title belong; where the last image and the last symbol are.
 * @type {(exports: any, session: number) => {
 *   memory: Uint8Array, text: Uint8Array, title: Uint8Array, options: Float64Array, output: Uint32Array, symbol: Uint32Array }}
 */
function makeViews(exports, session) {
	const { buffer } = exports.memory;
	const at = (addressOf) => addressOf(session) >>> 0;
	return {
		memory: new Uint8Array(buffer),
		text: new Uint8Array(buffer, at(exports.text), exports.text_room()),
		title: new Uint8Array(buffer, at(exports.title), exports.title_room()),
		options: new Float64Array(
			buffer,
			at(exports.options),
			exports.option_count(),
		),
		output: new Uint32Array(buffer, at(exports.output), 2),
		symbol: new Uint32Array(buffer, at(exports.symbol), 7),
	};
}

/** One instance of a compiled module. Addresses are unsigned, but arrive as signed numbers. */
class Instance {
	/** What wasm/src/exports.c has. @type {any} */
	#exports;
	/** @type {number} */
	#session;
	/** @type {ReturnType<typeof makeViews>} */
	#views;

	/** @param {WebAssembly.Module} module */
	constructor(module) {
		this.#exports = new WebAssembly.Instance(module).exports;
		this.#exports._initialize();
		this.#session = this.#exports.create_session();
		if (this.#session === 0) throw outOfMemory();
		this.#views = makeViews(this.#exports, this.#session);
	}

	/** They are worth nothing once the memory has grown, which any call may do. */
	#currentViews() {
		if (this.#views.memory.length === 0)
			this.#views = makeViews(this.#exports, this.#session);
		return this.#views;
	}

	/** @type {string} */
	get version() {
		return this.#string(this.#exports.version());
	}

	/**
	 * Of each engine, the default first.
	 * @type {() => [name: string, libraries: string][]}
	 */
	engines() {
		/** @type {[name: string, libraries: string][]} */
		const engines = [];
		for (;;) {
			const address = this.#exports.engine_name(engines.length);
			if (address === 0) return engines;
			engines.push([this.#string(address), this.#libraries(engines.length)]);
		}
	}

	/** Of the next call: see lib/options.cjs. */
	get options() {
		return this.#currentViews().options;
	}

	/**
	 * With the options that were written last. Returns a view of the module's memory, which the next call overwrites.
	 * @type {(source: Source, title?: string) => Uint8Array}
	 */
	encode(source, title) {
		const textBytes = this.#writeText(source);
		const segmentCount = this.#writeSegments(source);
		const titleBytes =
			title === undefined
				? 0
				: utf8Encoder.encodeInto(title, this.#currentViews().title).written;
		const status = this.#exports.encode(
			this.#session,
			textBytes,
			segmentCount,
			titleBytes,
		);
		if (status !== STATUS_OK) throw this.#error(status);
		const { memory, output } = this.#currentViews();
		return memory.subarray(output[0], output[0] + output[1]);
	}

	/** @type {(source: Source, title?: string) => string} */
	encodeToString(source, title) {
		return utf8Decoder.decode(this.encode(source, title));
	}

	/**
	 * Level and modes as the core numbers them; of each segment mode and number of bytes.
	 * @type {(source: Source) => { version: number, level: number, mask: number, modules: Uint8Array, segments: Int32Array }}
	 */
	encodeModules(source) {
		const textBytes = this.#writeText(source);
		const segmentCount = this.#writeSegments(source);
		const status = this.#exports.encode_modules(
			this.#session,
			textBytes,
			segmentCount,
		);
		if (status !== STATUS_OK) throw this.#error(status);
		const { memory, symbol } = this.#currentViews();
		const [version, side, modules, level, mask, segments, count] = symbol;
		return {
			version,
			level,
			mask,
			modules: memory.slice(modules, modules + side * side),
			segments: new Int32Array(memory.buffer, segments, 2 * count).slice(),
		};
	}

	/**
	 * A string as UTF-8, a lone surrogate as U+FFFD. What is too long is cut, but never to something that would fit.
	 * @type {(source: Source) => number}
	 */
	#writeText(source) {
		const { text } = this.#currentViews();
		if (typeof source === "string")
			return utf8Encoder.encodeInto(source, text).written;
		const bytes = source instanceof Uint8Array ? source : source.bytes;
		const whole = bytes.subarray(0, text.length);
		text.set(whole);
		return whole.length;
	}

	/**
	 * Returns how many there are, or that the core is to split the text.
	 * @type {(source: Source) => number}
	 */
	#writeSegments(source) {
		if (typeof source === "string" || source instanceof Uint8Array)
			return NO_SEGMENTS;
		const { segments } = source;
		const count = segments.length / 2;
		const start = this.#exports.reserve_segments(this.#session, count) >>> 0;
		if (start === 0) throw outOfMemory();
		const { buffer } = this.#currentViews().memory;
		new Int32Array(buffer, start, segments.length).set(segments);
		return count;
	}

	/** @type {(status: number) => Error} */
	#error(status) {
		const name = this.#string(this.#exports.status_name(status));
		const field = this.#string(this.#exports.status_field(status));
		const message = this.#string(this.#exports.error_message(this.#session));
		return coreError(`ERR_QRPNG_${name}`, field, message);
	}

	/** @type {(engine: number) => string} */
	#libraries(engine) {
		const start = this.#currentViews().text.byteOffset;
		this.#exports.engine_libraries(engine, start, MAX_LIBRARIES_BYTES);
		return this.#string(start);
	}

	/**
	 * The string at an address, which ends with NUL.
	 * @type {(address: number) => string}
	 */
	#string(address) {
		const start = address >>> 0;
		const { memory } = this.#currentViews();
		const end = memory.indexOf(0, start);
		return utf8Decoder.decode(memory.subarray(start, end));
	}
}

module.exports = { Instance };
