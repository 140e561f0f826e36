// Types that Node and browsers share. Their names are those of @types/qrcode, so that code written for that finds them here.

/** Any spelling, in small letters or capitals, works; these have names of their own. ISO/IEC 18004, 6.5.1. */
export type QRCodeErrorCorrectionLevel =
	| "low"
	| "medium"
	| "quartile"
	| "high"
	| "L"
	| "M"
	| "Q"
	| "H";

/** ISO/IEC 18004, table 10. */
export type QRCodeMaskPattern = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Returns the Shift JIS value of a character, undefined for one that has none. */
export type QRCodeToSJISFunc = (character: string) => number | undefined;

/** The options of the symbol. What is out of range or unknown is ignored, unless `strict` is set. */
export interface QRCodeOptions {
	/** Version of the symbol, 1 to 40. Default: the smallest that holds the text. */
	version?: number | undefined;
	/** Default "M". */
	errorCorrectionLevel?:
		| QRCodeErrorCorrectionLevel
		| "l"
		| "m"
		| "q"
		| "h"
		| ErrorCorrectionLevel
		| undefined;
	/** Mask of the symbol, 0 to 7. Default: the one with the lowest penalty. */
	maskPattern?: QRCodeMaskPattern | undefined;
	/** Needed for kanji mode: without it, kanji are encoded as UTF-8. It holds for this call alone. */
	toSJISFunc?: QRCodeToSJISFunc | undefined;
	/** Throw for an option that is unknown or out of range, instead of ignoring it. Default false. */
	strict?: boolean | undefined;
	/** One of `engines`. Default: the first. */
	engine?: string | undefined;
	/** How the best mask is found: as libqrencode does, or as ISO/IEC 18004, 7.8.3 reads literally. Default "libqrencode". */
	maskRule?: "libqrencode" | "iso" | undefined;
}

/** The options of an image. */
export interface QRCodeRenderersOptions extends QRCodeOptions {
	/** Quiet zone on each side in modules, from 0; fractions are kept. Default 4, which the standard asks for. */
	margin?: number | undefined;
	/** Side of a module in px. Default 4. */
	scale?: number | undefined;
	/**
	 * Side of the image in px, exact: the symbol is centred, what is left over is quiet zone. Wins over scale. Ignored if the symbol doesn't
	 * fit.
	 */
	width?: number | undefined;
	/** Three, four, six or eight hexadecimal digits each, with or without "#". */
	color?:
		| {
				/** Default "#000000ff". */
				dark?: string | undefined;
				/** Default "#ffffffff". */
				light?: string | undefined;
		  }
		| undefined;
}

/** PNG alone. */
interface PngRendererOptions {
	/** Resolution in dots per inch, for print: 1 to 10000. */
	dpi?: number | undefined;
	/** 1: search for fewer bytes, in 5 to 20 times the time; the pixels stay the same. Engine fast alone. Default 0. */
	effort?: 0 | 1 | undefined;
	/** What `qrcode` hands to its encoder of PNGs. Ignored: see `effort`. */
	rendererOpts?:
		| {
				deflateLevel?: number | undefined;
				deflateStrategy?: number | undefined;
		  }
		| undefined;
}

export type QRCodeDataURLType = "image/png" | "image/jpeg" | "image/webp";
export type QRCodeToDataURLOptions =
	| QRCodeToDataURLOptionsJpegWebp
	| QRCodeToDataURLOptionsOther;
/** In browsers alone, where a canvas makes the image. */
export interface QRCodeToDataURLOptionsJpegWebp extends QRCodeRenderersOptions {
	type: "image/jpeg" | "image/webp";
	rendererOpts?:
		| {
				/** 0 to 1. Default 0.92. */
				quality?: number | undefined;
		  }
		| undefined;
}
export interface QRCodeToDataURLOptionsOther extends QRCodeRenderersOptions {
	/** Default "image/png". */
	type?:
		| Exclude<QRCodeDataURLType, "image/jpeg" | "image/webp">
		| "png"
		| undefined;
}

export type QRCodeStringType = "utf8" | "svg" | "terminal";
export type QRCodeToStringOptions =
	| QRCodeToStringOptionsTerminal
	| QRCodeToStringOptionsOther;
export interface QRCodeToStringOptionsTerminal extends QRCodeRenderersOptions {
	type: "terminal";
	/** Half blocks, two rows of modules a line. Default false: two columns a module. */
	small?: boolean | undefined;
	/** Exchange dark and light, with `small`. Default false. */
	inverse?: boolean | undefined;
}
export interface QRCodeToStringOptionsOther extends QRCodeRenderersOptions {
	/** SVG: what it is called for those who can't see it; at most 4096 bytes of UTF-8. */
	title?: string | undefined;
	/** Default "utf8": half blocks. */
	type?: Exclude<QRCodeStringType, "terminal"> | undefined;
}

export type QRCodeFileType = "png" | "svg" | "utf8";
export type QRCodeToFileOptions =
	| QRCodeToFileOptionsPng
	| QRCodeToFileOptionsOther;
export interface QRCodeToFileOptionsPng
	extends QRCodeRenderersOptions,
		PngRendererOptions {
	/** Default: by the extension of the file, .png, .svg or .txt, else "png". */
	type?: "png" | undefined;
}
export interface QRCodeToFileOptionsOther extends QRCodeRenderersOptions {
	type: Exclude<QRCodeFileType, "png"> | undefined;
}

export type QRCodeFileStreamType = "png";
export interface QRCodeToFileStreamOptions
	extends QRCodeRenderersOptions,
		PngRendererOptions {
	type?: QRCodeFileStreamType | undefined;
}

export type QRCodeBufferType = "png";
export interface QRCodeToBufferOptions
	extends QRCodeRenderersOptions,
		PngRendererOptions {
	type?: QRCodeBufferType | undefined;
}

/** The options of toBuffer() and its kin. */
export type Options = QRCodeToBufferOptions;

export type QRCodeSegmentMode = "alphanumeric" | "numeric" | "byte" | "kanji";
export type QRCodeSegment =
	| QRCodeNumericSegment
	| QRCodeAlphanumericSegment
	| QRCodeByteSegment
	| QRCodeKanjiSegment
	| {
			/** Default: the one that takes the fewest bits. */
			mode?: never;
			data:
				| string
				| number
				| Uint8ClampedArray
				| Uint8Array
				| readonly number[];
	  };

export interface QRCodeNumericSegment {
	mode: "numeric";
	/** Digits. */
	data: string | number;
}

export interface QRCodeAlphanumericSegment {
	mode: "alphanumeric";
	/** Digits, capitals, and any of " $%*+-./:". */
	data: string;
}

export interface QRCodeByteSegment {
	mode: "byte";
	/** Bytes; a string as UTF-8; numbers are clamped to 0–255. */
	data: string | Uint8ClampedArray | Uint8Array | readonly number[];
}

export interface QRCodeKanjiSegment {
	mode: "kanji";
	data: string;
}

/**
 * What is encoded: a string as UTF-8 (a lone surrogate as U+FFFD), segments one after the other (a string as one in the mode that fits it
 * best), a Buffer or typed array as its raw bytes.
 */
export type Text =
	| string
	| readonly (string | QRCodeSegment | GeneratedQRCodeSegment)[]
	| ArrayBufferView;

/** A symbol, as create() makes it. */
export interface QRCode {
	modules: BitMatrix;
	/** 1 to 40. */
	version: number;
	errorCorrectionLevel: ErrorCorrectionLevel;
	maskPattern: QRCodeMaskPattern | undefined;
	segments: GeneratedQRCodeSegment[];
}

/** The modules of a symbol, without quiet zone. */
export interface BitMatrix {
	/** Modules on a side: 17 + 4 · version. */
	size: number;
	/** Row by row, 1 for dark. */
	data: Uint8Array;
	/** 1 for modules of function patterns, format and version information. */
	reservedBit: Uint8Array;
	set(row: number, col: number, value: number, reserved: boolean): void;
	get(row: number, col: number): number;
	xor(row: number, col: number, value: number): void;
	isReserved(row: number, col: number): number;
}

/** The level as the format information has it: M 0, L 1, H 2, Q 3. ISO/IEC 18004, table 12. */
export interface ErrorCorrectionLevel {
	bit: 0 | 1 | 2 | 3;
}

export type ModeId = "Numeric" | "Alphanumeric" | "Byte" | "Kanji";
export interface Mode<TModeId extends ModeId = ModeId> {
	id: TModeId;
	/** The mode indicator: ISO/IEC 18004, table 2. */
	bit: number;
	/** Bits of the character count in versions 1 to 9, 10 to 26, and above: ISO/IEC 18004, table 3. */
	ccBits: readonly number[];
}

export type GeneratedQRCodeSegment =
	| NumericData
	| AlphanumericData
	| ByteData
	| KanjiData;

export interface DataSegment {
	/** Characters; bytes in byte mode. */
	getLength(): number;
	/** Bits of the data, without mode indicator and character count. */
	getBitsLength(): number;
}

export interface NumericData extends DataSegment {
	mode: Mode<"Numeric">;
	data: string;
}

export interface AlphanumericData extends DataSegment {
	mode: Mode<"Alphanumeric">;
	data: string;
}

export interface ByteData extends DataSegment {
	mode: Mode<"Byte">;
	data: Uint8Array;
}

export interface KanjiData extends DataSegment {
	mode: Mode<"Kanji">;
	data: string;
}

/** The canvas of browsers where their types are there, else any object that can be drawn on. */
export type CanvasElement = typeof globalThis extends {
	HTMLCanvasElement: { prototype: infer Element };
}
	? Element
	: object;

/** For callbacks of which one argument is the result. */
export type Callback<Result> = (
	error: Error | null | undefined,
	result: Result,
) => void;

export type ErrorCode =
	| "ERR_QRPNG_BAD_COLOR"
	| "ERR_QRPNG_BAD_DPI"
	| "ERR_QRPNG_BAD_EFFORT"
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
	| "ERR_QRPNG_BAD_TYPE"
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
	/** Of the text that it is about, among those of toBuffers(). */
	index?: number;
}
