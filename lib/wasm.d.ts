import type {
	CanvasElement,
	Options,
	QRCode,
	QRCodeOptions,
	QRCodeRenderersOptions,
	QRCodeToDataURLOptions,
	QRCodeToStringOptions,
	Text,
} from "./index.js";

export type {
	ErrorCode,
	Options,
	Text,
} from "./index.js";
export { QrpngError } from "./index.js";

/** The addon's interface, on an instance of the module: one for each thread that calls load(). */
export interface QrTiers {
	/**
	 * Text to a 1-bit gray PNG, on the calling thread: a Buffer where there are Buffers, in browsers a Uint8Array, never a view of the
	 * instance's memory. Throws a QrpngError for a text or option out of range, a TypeError for one of a wrong type. If the instance
	 * itself fails (ERR_QRPNG_INTERNAL), the next call gets a new one.
	 */
	toBufferSync(text: Text, options?: Options): Uint8Array;

	/** The same as a Promise, but on the calling thread, too. */
	toBuffer(text: Text, options?: Options): Promise<Uint8Array>;

	/** A PNG as a URL that begins with "data:image/png;base64,". */
	toDataURLSync(text: Text, options?: QRCodeToDataURLOptions): string;

	/** SVG, half blocks or colours for a terminal. */
	toStringSync(text: Text, options?: QRCodeToStringOptions): string;

	/** Draws on a canvas, or on one that `document` makes, and returns it. */
	toCanvasSync(
		canvas: CanvasElement | undefined,
		text: Text,
		options?: QRCodeRenderersOptions,
	): CanvasElement;

	/** The symbol alone. */
	create(text: Text, options?: QRCodeOptions): QRCode;

	/** The engines built in, the default first. */
	readonly engines: readonly string[];

	/** Which libraries do the work of an engine. */
	engineLibraries(engine?: string): string;

	/** The version of the core. */
	readonly version: string;

	/** The compiled module, which can be sent to workers and loaded there without being compiled again. */
	readonly module: WebAssembly.Module;
}

/**
 * Fetches and compiles what is not compiled yet. Default: the module that comes with the package. The module imports nothing, needs
 * WebAssembly with SIMD, and takes 2 MB of memory.
 */
export function load(
	source?: string | URL | BufferSource | WebAssembly.Module,
): Promise<QrTiers>;

/** The same at once. Some browsers refuse to compile so much on the main thread. */
export function loadSync(source: BufferSource | WebAssembly.Module): QrTiers;
