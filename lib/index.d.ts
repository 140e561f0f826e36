/** What is encoded: a string as UTF-8 (a lone surrogate as U+FFFD), a Buffer or typed array as its raw bytes. */
export type Text = string | ArrayBufferView;

export type ErrorCorrectionLevel =
	| "L"
	| "M"
	| "Q"
	| "H"
	| "l"
	| "m"
	| "q"
	| "h"
	| "low"
	| "medium"
	| "quartile"
	| "high";

export interface Options {
	/** ISO/IEC 18004, 6.5.1. Default "M", as in `qrcode`. */
	errorCorrectionLevel?: ErrorCorrectionLevel;
	/** Side of the image in px, 1 to 4096, exact: the symbol is centred, what is left over is quiet zone. Wins over scale. */
	width?: number;
	/** Side of a module in px, 1 to 4096. Default 4. */
	scale?: number;
	/** Quiet zone on each side in modules, 0 to 32. Default 4, which the standard asks for. */
	margin?: number;
	/** Version of the symbol, 1 to 40. Default: the smallest that holds the text. */
	version?: number;
	/** Mask of the symbol, 0 to 7; engine "fast" only. Default: the one with the lowest penalty. */
	maskPattern?: number;
	/** One of `engines`. Default: the first. */
	engine?: string;
	/** Accepted for the sake of code written for `qrcode`. */
	type?: "png";
}

export type ErrorCode =
	| "ERR_QRPNG_BAD_DPI"
	| "ERR_QRPNG_BAD_ENGINE"
	| "ERR_QRPNG_BAD_FORMAT"
	| "ERR_QRPNG_BAD_LEVEL"
	| "ERR_QRPNG_BAD_MARGIN"
	| "ERR_QRPNG_BAD_MASK"
	| "ERR_QRPNG_BAD_MASK_RULE"
	| "ERR_QRPNG_BAD_SCALE"
	| "ERR_QRPNG_BAD_SEGMENTS"
	| "ERR_QRPNG_BAD_SIZE"
	| "ERR_QRPNG_BAD_TITLE"
	| "ERR_QRPNG_BAD_VERSION"
	| "ERR_QRPNG_BAD_WIDTH"
	| "ERR_QRPNG_INTERNAL"
	| "ERR_QRPNG_OUT_OF_MEMORY"
	| "ERR_QRPNG_SCALE_TOO_LARGE"
	| "ERR_QRPNG_TEXT_EMPTY"
	| "ERR_QRPNG_TEXT_TOO_LONG"
	| "ERR_QRPNG_WIDTH_TOO_SMALL";

/** The message is one sentence that says what was wrong and what is allowed. */
export class QrpngError extends Error {
	name: "QrpngError";
	code: ErrorCode;
}

/**
 * Text to a 1-bit gray PNG, on the calling thread: a matter of microseconds to a few milliseconds. Safe in worker threads.
 * A small image lies in Node's shared pool, as with Buffer.from(string): its .buffer holds other Buffers too.
 * Throws a QrpngError for a text or option out of range, a TypeError for one of a wrong type.
 */
export function toBufferSync(text: Text, options?: Options): Buffer;

/** The same on libuv's thread pool (UV_THREADPOOL_SIZE threads). The text is copied before the call returns. */
export function toBuffer(text: Text, options?: Options): Promise<Buffer>;

/** The engines built in, the default first. */
export const engines: readonly string[];

/** Which libraries do the work of an engine in this process, such as "libqrencode 4.1.1, libpng 1.6.39, zlib 1.2.13". */
export function engineLibraries(engine?: string): string;

/** The version of the native core. */
export const version: string;
