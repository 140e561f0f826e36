// The binding: one instance of the module of wasm/src/exports.c. Uses nothing of Node's.

// One byte more than any QR code holds, so that the core sees what is too long.
const MAX_TEXT_BYTES = 7090;
const MAX_UTF8_BYTES = 4;
const MAX_UTF8_BYTES_PER_UTF16_UNIT = 3;
const MAX_LIBRARIES_BYTES = 256;
const STATUS_OK = 0;

/**
 * A call by position. Integers; the engine is its index.
 * @typedef {[
 *   text: string | Uint8Array, level: number, width: number, scale: number, margin: number, engine: number, version: number,
 *   mask: number,
 * ]} Arguments
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
 * A Buffer where there are any. Either way memory of JavaScript, so that what is handed out stays as it is.
 * @type {(bytes: Uint8Array) => Uint8Array}
 */
function copyOf(bytes) {
	if (globalThis.Buffer === undefined) return bytes.slice();
	const copy = globalThis.Buffer.allocUnsafe(bytes.length);
	copy.set(bytes);
	return copy;
}

/** One instance of a compiled module. Addresses are unsigned, but arrive as signed numbers. */
export class Instance {
	/** What wasm/src/exports.c has. @type {any} */
	#exports;
	/** @type {number} */
	#session;
	/** @type {Uint8Array} */
	#memory;
	#textAddress = 0;
	#textRoom = 0;

	/** @param {WebAssembly.Module} module */
	constructor(module) {
		this.#exports = new WebAssembly.Instance(module).exports;
		this.#exports._initialize();
		this.#session = this.#exports.create_session();
		if (this.#session === 0) throw outOfMemory();
		this.#memory = new Uint8Array(this.#exports.memory.buffer);
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

	/** @type {(args: Arguments) => Uint8Array} */
	encode([text, level, width, scale, margin, engine, version, mask]) {
		const textBytes =
			typeof text === "string" ? this.#writeString(text) : this.#write(text);
		const status = this.#exports.encode(
			this.#session,
			textBytes,
			level,
			width,
			scale,
			margin,
			engine,
			version,
			mask,
		);
		if (status !== STATUS_OK) throw this.#error(status);
		const start = this.#exports.png(this.#session) >>> 0;
		const length = this.#exports.png_nbytes(this.#session);
		return copyOf(this.#view().subarray(start, start + length));
	}

	/**
	 * All of the memory. A view is worth nothing once the memory has grown, which any call may do.
	 * @type {() => Uint8Array}
	 */
	#view() {
		if (this.#memory.length === 0)
			this.#memory = new Uint8Array(this.#exports.memory.buffer);
		return this.#memory;
	}

	/**
	 * Room for so many bytes of text.
	 * @type {(nbytes: number) => Uint8Array}
	 */
	#textView(nbytes) {
		if (nbytes > this.#textRoom) {
			this.#textRoom = 0;
			const address = this.#exports.reserve_text(this.#session, nbytes);
			if (address === 0) throw outOfMemory();
			this.#textAddress = address >>> 0;
			this.#textRoom = nbytes;
		}
		const end = this.#textAddress + this.#textRoom;
		return this.#view().subarray(this.#textAddress, end);
	}

	/**
	 * As UTF-8, a lone surrogate as U+FFFD. What is too long is cut, but never to something that would fit.
	 * @type {(text: string) => number}
	 */
	#writeString(text) {
		const longest = text.length * MAX_UTF8_BYTES_PER_UTF16_UNIT;
		const room = Math.min(longest, MAX_TEXT_BYTES + MAX_UTF8_BYTES);
		return utf8Encoder.encodeInto(text, this.#textView(room)).written;
	}

	/** @type {(bytes: Uint8Array) => number} */
	#write(bytes) {
		const text = bytes.subarray(0, MAX_TEXT_BYTES);
		this.#textView(text.length).set(text);
		return text.length;
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
		const room = this.#textView(MAX_LIBRARIES_BYTES);
		const start = this.#textAddress;
		this.#exports.engine_libraries(engine, start, room.length);
		return this.#string(start);
	}

	/**
	 * The string at an address, which ends with NUL.
	 * @type {(address: number) => string}
	 */
	#string(address) {
		const bytes = this.#view();
		const start = address >>> 0;
		return utf8Decoder.decode(bytes.subarray(start, bytes.indexOf(0, start)));
	}
}
