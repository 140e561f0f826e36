// The core as a WebAssembly module, called as the addon is. For browsers scripts/build-wasm.js puts this with all that it
// imports into one file beside the module; in Node wasm-node.js finds the module.
import { Instance } from "../wasm/instance.js";
import { QrpngError, toQrpngError } from "./errors.cjs";
import { librariesOf, toText, writeOptions } from "./options.cjs";

export { QrpngError };

const DEFAULT_SOURCE = new URL("./qrpng.wasm", import.meta.url);

/**
 * The interface of the addon on a compiled module, without waiting. Where a main thread may not compile so much at once, as in some
 * browsers, load() does.
 * @type {typeof import("./wasm.js").loadSync}
 */
export function loadSync(source) {
	const module =
		source instanceof WebAssembly.Module
			? source
			: new WebAssembly.Module(source);
	/** @type {Instance | undefined} */
	let instance = createInstance(module);
	const librariesByEngine = new Map(instance.engines());
	const engines = [...librariesByEngine.keys()];
	const { version } = instance;

	/** @type {import("./wasm.js").QrTiers["toBufferSync"]} */
	function toBufferSync(text, options) {
		const valid = toText(text);
		instance ??= createInstance(module);
		writeOptions(instance.options, engines, options);
		try {
			return instance.encode(valid);
		} catch (error) {
			if (isOfCore(error)) throw fromCore(error);
			instance = undefined; // It was left halfway through the call.
			throw error instanceof WebAssembly.RuntimeError ? asTrap(error) : error;
		}
	}

	return {
		toBufferSync,
		toBuffer: async (text, options) => toBufferSync(text, options),
		engines,
		engineLibraries: (name = engines[0]) =>
			librariesOf(librariesByEngine, name),
		version,
		module,
	};
}

/** @type {(module: WebAssembly.Module) => Instance} */
function createInstance(module) {
	try {
		return new Instance(module);
	} catch (error) {
		throw isOfCore(error) ? fromCore(error) : error;
	}
}

/** @type {(error: any) => error is import("./errors.cjs").CoreError} */
function isOfCore({ code }) {
	return typeof code === "string";
}

/** @type {(error: import("./errors.cjs").CoreError) => Error} */
function fromCore({ code, field, message }) {
	return toQrpngError(code, field, message);
}

/** @type {(cause: Error) => Error} */
function asTrap(cause) {
	return new QrpngError(
		"ERR_QRPNG_INTERNAL",
		"The encoder failed in a way it never should: please report the text and options.",
		{ cause },
	);
}

/**
 * The same on a module that is still to be fetched or compiled: its URL, its bytes, or the compiled module, which can be sent to
 * workers. By default qrpng.wasm beside this file.
 * @type {typeof import("./wasm.js").load}
 */
export async function load(source = DEFAULT_SOURCE) {
	if (source instanceof WebAssembly.Module) return loadSync(source);
	const isUrl = typeof source === "string" || source instanceof URL;
	const bytes = isUrl ? await fetchBytes(source) : source;
	return loadSync(await WebAssembly.compile(bytes));
}

/** @type {(url: string | URL) => Promise<ArrayBuffer>} */
async function fetchBytes(url) {
	const response = await fetch(url);
	if (response.ok) return response.arrayBuffer();
	throw new Error(`${url} can't be fetched: status ${response.status}.`);
}
