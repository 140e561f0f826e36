import type { Source } from "../text.cjs";

/**
 * What the addon and the WebAssembly module have in common. A call reads its options from `options`, where lib/options.cjs writes
 * them. Errors are QrpngErrors.
 */
export interface Binding {
	readonly version: string;
	/** Name and libraries of each, the default first. */
	readonly engines: [name: string, libraries: string][];
	/** To be asked for anew before each call: it may have moved. */
	readonly options: Float64Array;
	/** A PNG: a Buffer where there are Buffers. */
	encode(source: Source): Uint8Array;
	/** SVG or text. */
	encodeToString(source: Source, title?: string): string;
	/** A PNG. */
	encodeToDataUrl(source: Source): string;
	encodeModules(source: Source): RawSymbol;
}

/** With PNGs made on other threads. */
export interface ThreadedBinding extends Binding {
	/** Rejects with an error that has the index of its text. */
	encodeBatch(sources: Source[]): Promise<Buffer[]>;
}

export interface RawSymbol {
	version: number;
	/** 0 to 3: L, M, Q, H. */
	level: number;
	mask: number;
	/** Row after row: 1 dark, 0 light. */
	modules: Uint8Array;
	/** Mode, as the core numbers it, and number of bytes of each, in turn. */
	segments: Int32Array;
}
