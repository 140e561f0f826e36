// The binding: one instance of the module of wasm/src/exports.c. Uses nothing of Node's.

const MAX_LIBRARIES_BYTES = 256;
const STATUS_OK = 0;

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
 * A Buffer where there are any. Either way memory of JavaScript, so that what is handed out stays as it is.
 * @type {(bytes: Uint8Array) => Uint8Array}
 */
function copyOf(bytes) {
	if (globalThis.Buffer === undefined) return bytes.slice();
	const copy = globalThis.Buffer.allocUnsafe(bytes.length);
	copy.set(bytes);
	return copy;
}

/**
 * All of the memory; where the next text and its options belong; address and length of the last image.
 * @type {(exports: any, session: number) => { memory: Uint8Array, text: Uint8Array, options: Float64Array, output: Uint32Array }}
 */
function makeViews(exports, session) {
	const { buffer } = exports.memory;
	const at = (addressOf) => addressOf(session) >>> 0;
	return {
		memory: new Uint8Array(buffer),
		text: new Uint8Array(buffer, at(exports.text), exports.text_room()),
		options: new Float64Array(
			buffer,
			at(exports.options),
			exports.option_count(),
		),
		output: new Uint32Array(buffer, at(exports.output), 2),
	};
}

/** One instance of a compiled module. Addresses are unsigned, but arrive as signed numbers. */
export class Instance {
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

	/** @type {(text: string | Uint8Array) => Uint8Array} */
	encode(text) {
		const nbytes =
			typeof text === "string" ? this.#writeString(text) : this.#write(text);
		const status = this.#exports.encode(this.#session, nbytes);
		if (status !== STATUS_OK) throw this.#error(status);
		const { memory, output } = this.#currentViews();
		return copyOf(memory.subarray(output[0], output[0] + output[1]));
	}

	/**
	 * As UTF-8, a lone surrogate as U+FFFD. What is too long is cut, but never to something that would fit.
	 * @type {(text: string) => number}
	 */
	#writeString(text) {
		return utf8Encoder.encodeInto(text, this.#currentViews().text).written;
	}

	/** @type {(bytes: Uint8Array) => number} */
	#write(bytes) {
		const { text } = this.#currentViews();
		const whole = bytes.subarray(0, text.length);
		text.set(whole);
		return whole.length;
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
