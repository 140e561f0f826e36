/// <reference types="node" />
import type { Writable } from "node:stream";
import type {
	Callback,
	CanvasElement,
	Options,
	QRCode,
	QRCodeOptions,
	QRCodeRenderersOptions,
	QRCodeToBufferOptions,
	QRCodeToDataURLOptions,
	QRCodeToFileOptions,
	QRCodeToFileStreamOptions,
	QRCodeToStringOptions,
	Text,
} from "./shapes.cjs";

export * from "./shapes.cjs";

/** What the calls that return a promise take beside their options. */
export interface Abortable {
	/** Rejects the promise with the signal's reason, if it is aborted before the work is done. */
	signal?: AbortSignal | undefined;
	/** PNGs: hand over to the thread pool what takes as long made at once, too. Default false. */
	alwaysOnPool?: boolean | undefined;
}

type OnEnd = (error: Error | null | undefined) => void;

/** The symbol of a text: its modules, without an image. Throws. */
export function create(text: Text, options?: QRCodeOptions): QRCode;

/** Draws on a canvas: node-canvas, a browser's, or one made by `document` if none is given. */
export function toCanvas(
	canvasElement: CanvasElement,
	text: Text,
	callback: OnEnd,
): void;
export function toCanvas(
	canvasElement: CanvasElement,
	text: Text,
	options?: QRCodeRenderersOptions,
): Promise<void>;
export function toCanvas(
	canvasElement: CanvasElement,
	text: Text,
	options: QRCodeRenderersOptions,
	callback: OnEnd,
): void;
export function toCanvas(text: Text, callback: Callback<CanvasElement>): void;
export function toCanvas(
	text: Text,
	options?: QRCodeRenderersOptions,
): Promise<CanvasElement>;
export function toCanvas(
	text: Text,
	options: QRCodeRenderersOptions,
	callback: Callback<CanvasElement>,
): void;
export function toCanvas(canvas: object, text: Text, callback: OnEnd): void;
export function toCanvas(
	canvas: object,
	text: Text,
	options?: QRCodeRenderersOptions,
): Promise<void>;
export function toCanvas(
	canvas: object,
	text: Text,
	options: QRCodeRenderersOptions,
	callback: OnEnd,
): void;

/** A PNG as a URL that begins with "data:image/png;base64,". The forms with a canvas are for browsers. */
export function toDataURL(
	canvasElement: CanvasElement,
	text: Text,
	callback: Callback<string>,
): void;
export function toDataURL(
	canvasElement: CanvasElement,
	text: Text,
	options?: QRCodeToDataURLOptions & Abortable,
): Promise<string>;
export function toDataURL(
	canvasElement: CanvasElement,
	text: Text,
	options: QRCodeToDataURLOptions & Abortable,
	callback: Callback<string>,
): void;
export function toDataURL(text: Text, callback: Callback<string>): void;
export function toDataURL(
	text: Text,
	options?: QRCodeToDataURLOptions & Abortable,
): Promise<string>;
export function toDataURL(
	text: Text,
	options: QRCodeToDataURLOptions & Abortable,
	callback: Callback<string>,
): void;

/** The code as text: half blocks, colours for a terminal, or SVG. */
declare function draw(text: Text, callback: Callback<string>): void;
declare function draw(
	text: Text,
	options?: QRCodeToStringOptions & Abortable,
): Promise<string>;
declare function draw(
	text: Text,
	options: QRCodeToStringOptions & Abortable,
	callback: Callback<string>,
): void;

export { draw as toString };

/** Writes a file, by its extension a PNG, an SVG or half blocks. */
export function toFile(path: string, text: Text, callback: OnEnd): void;
export function toFile(
	path: string,
	text: Text,
	options?: QRCodeToFileOptions & Abortable,
): Promise<void>;
export function toFile(
	path: string,
	text: Text,
	options: QRCodeToFileOptions & Abortable,
	callback: OnEnd,
): void;

/** Writes a PNG to a stream and ends it. What fails is an "error" of the stream, too. */
export function toFileStream(
	stream: Writable,
	text: Text,
	callback: OnEnd,
): void;
export function toFileStream(
	stream: Writable,
	text: Text,
	options?: QRCodeToFileStreamOptions & Abortable,
): Promise<void>;
export function toFileStream(
	stream: Writable,
	text: Text,
	options: QRCodeToFileStreamOptions & Abortable,
	callback: OnEnd,
): void;

/**
 * A PNG. What takes longer than it costs to hand over is made on libuv's thread pool (UV_THREADPOOL_SIZE threads). The text is copied before
 * the call returns.
 */
export function toBuffer(text: Text, callback: Callback<Buffer>): void;
export function toBuffer(
	text: Text,
	options?: QRCodeToBufferOptions & Abortable,
): Promise<Buffer>;
export function toBuffer(
	text: Text,
	options: QRCodeToBufferOptions & Abortable,
	callback: Callback<Buffer>,
): void;

/** A PNG for each text, made on all threads of libuv's pool. Rejects at the first text that fails. */
export function toBuffers(
	texts: Iterable<Text>,
	options?: QRCodeToBufferOptions & Abortable,
): Promise<Buffer[]>;

/**
 * A PNG, on the calling thread: a matter of microseconds to a few milliseconds. Safe in worker threads. A small image lies in Node's shared
 * pool, as with Buffer.from(string): its .buffer holds other Buffers too.
 * Throws a QrpngError for a text or option out of range, a TypeError for one of a wrong type.
 */
export function toBufferSync(text: Text, options?: Options): Buffer;

/** What toString() makes, on the calling thread. */
export function toStringSync(
	text: Text,
	options?: QRCodeToStringOptions,
): string;

/** What toDataURL() makes, on the calling thread. */
export function toDataURLSync(
	text: Text,
	options?: QRCodeToDataURLOptions,
): string;

/**
 * What encodes: the native module that comes with the package, one built on this machine, or the WebAssembly module, which is a few times
 * slower and encodes on the calling thread alone. The environment variable QRPNG_BACKEND takes one of these and no other.
 */
export const backend: "prebuilt" | "local" | "wasm";

/** The engines built in, the default first. */
export const engines: readonly string[];

/** Which libraries do the work of an engine in this process, such as "libqrencode 4.1.1, libpng 1.6.39, zlib 1.2.13". */
export function engineLibraries(engine?: string): string;

/** The version of the native core. */
export const version: string;
