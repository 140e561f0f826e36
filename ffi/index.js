// libqrpng.so through koffi: core/include/qrpng.h, as far as it is needed, described in JavaScript.
import koffi from "koffi";
import { buildCommand, buildName, builtFile } from "../lib/build-folder.cjs";

/** @typedef {{ ecl: "L" | "M" | "Q" | "H", width: number, margin: number, engine?: string }} Options */

/** qrpng_options, member by member. */
export const optionsType = koffi.struct("qrpng_options", {
	ecl: "int",
	width: "int",
	scale: "int",
	margin: "double",
	version: "int",
	mask: "int",
	mask_rule: "int",
	engine: "const char *",
	segments: "const void *",
	segment_count: "size_t",
	format: "int",
	dark: "uint32_t",
	light: "uint32_t",
	is_inverted: "int",
	dpi: "int",
	effort: "int",
	title: "const char *",
	title_nbytes: "size_t",
});
koffi.opaque("qrpng_encoder");

/**
 * qrpng_level by the letter of each.
 * @type {Record<"L" | "M" | "Q" | "H", number>}
 */
export const levels = { L: 0, M: 1, Q: 2, H: 3 };

/** Those values of qrpng_status that are told apart here. */
export const statuses = {
	QRPNG_OK: 0,
	QRPNG_TEXT_EMPTY: 11,
	QRPNG_TEXT_TOO_LONG: 12,
	QRPNG_WIDTH_TOO_SMALL: 13,
};

// A void * takes a Buffer or typed array, whose memory is read or written; a const char * takes a string or a Buffer.
const prototypes = [
	"const char *qrpng_engine_name(size_t index)",
	"int qrpng_engine_libraries(const char *engine, void *buffer, size_t size)",
	"qrpng_options qrpng_default_options()",
	"int qrpng_encoder_create(_Out_ qrpng_encoder **encoder)",
	"const char *qrpng_error_message(const qrpng_encoder *encoder)",
	"int qrpng_encode(qrpng_encoder *encoder, const char *text, size_t text_nbytes, const qrpng_options *options, void *png, void *png_nbytes)",
];
const MAX_LIBRARIES_BYTES = 256;

function load() {
	try {
		// Deep: libpng gets the system's zlib, which it was built for, and not Node's.
		return koffi.load(builtFile("libqrpng.so"), { deep: true });
	} catch (error) {
		throw new Error(
			`build/${buildName()}/libqrpng.so can't be loaded (${error.message}): build it with "${buildCommand()}".`,
		);
	}
}

const library = load();
const native = Object.fromEntries(
	prototypes
		.map((prototype) => library.func(prototype))
		.map((call) => [call.info.name, call]),
);
const memcpy = koffi
	.load(null)
	.func("void *memcpy(void *target, const void *source, size_t nbytes)");

/**
 * The names of the engines, the default first.
 * @type {() => string[]}
 */
export function engineNames() {
	const names = [];
	for (;;) {
		const name = native.qrpng_engine_name(names.length);
		if (name === null) return names;
		names.push(name);
	}
}

/**
 * What makes the images of that engine, with versions.
 * @type {(engine: string) => string}
 */
export function librariesOf(engine) {
	const text = Buffer.alloc(MAX_LIBRARIES_BYTES);
	const length = native.qrpng_engine_libraries(engine, text, text.length);
	return text.toString("utf8", 0, length);
}

/** A refusal by the library: its status, and its sentence as message. */
export class LibraryError extends Error {
	/**
	 * @param {number} status
	 * @param {string} message
	 */
	constructor(status, message) {
		super(message);
		this.status = status;
	}
}

/** One encoder, for one thread. Lives as long as the process. */
export class Encoder {
	#handle;
	#defaults = native.qrpng_default_options();
	#options = koffi.alloc(optionsType, 1);
	/** @type {Partial<Options>} */
	#written = {};
	// Where the library stores the address and the length of an image.
	#png = new BigUint64Array(1);
	#pngBytes = new BigUint64Array(1);

	constructor() {
		const created = [null];
		if (native.qrpng_encoder_create(created) !== statuses.QRPNG_OK)
			throw new Error("There is not enough memory for an encoder.");
		[this.#handle] = created;
	}

	/**
	 * Returns a PNG as a Buffer of its own; throws a LibraryError. text: a string, as UTF-8, or a Buffer.
	 * @type {(text: string | Buffer, options: Options) => Buffer}
	 */
	encode(text, options) {
		this.#write(options);
		const status = native.qrpng_encode(
			this.#handle,
			text,
			Buffer.byteLength(text),
			this.#options,
			this.#png,
			this.#pngBytes,
		);
		if (status !== statuses.QRPNG_OK)
			throw new LibraryError(status, native.qrpng_error_message(this.#handle));
		const png = Buffer.allocUnsafe(Number(this.#pngBytes[0]));
		memcpy(png, this.#png[0], png.length);
		return png;
	}

	/**
	 * Most calls have the options of the one before, and to convert them takes longer than a small image.
	 * @type {(options: Options) => void}
	 */
	#write({ ecl, width, margin, engine }) {
		const last = this.#written;
		if (
			last.ecl === ecl &&
			last.width === width &&
			last.margin === margin &&
			last.engine === engine
		)
			return;
		koffi.encode(this.#options, optionsType, {
			...this.#defaults,
			ecl: levels[ecl],
			width,
			margin,
			engine,
		});
		this.#written = { ecl, width, margin, engine };
	}
}
