// The core as a WebAssembly module, called as the addon is. For browsers scripts/build-wasm.js puts this with all that it
// imports into one file beside the module; in Node wasm-node.js finds the module.
import { bindWasm } from "./bindings/wasm.cjs";
import { createCanvas } from "./canvas.cjs";
import { Encoder } from "./encoder.cjs";
import { QrpngError } from "./errors.cjs";
import { compileModule, moduleBesideScript } from "./module.js";
import { librariesOf } from "./options.cjs";

export { QrpngError };

const NO_OPTIONS = Object.freeze({});

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
	const binding = bindWasm(module);
	const encoder = new Encoder(binding);

	/** @type {import("./wasm.js").QrTiers["toBufferSync"]} */
	function toBufferSync(text, options) {
		return encoder.encode(text, options ?? NO_OPTIONS);
	}

	return {
		toBufferSync,
		toBuffer: async (text, options) => toBufferSync(text, options),
		toDataURLSync: (text, options) =>
			encoder.encodeToDataUrl(text, options ?? NO_OPTIONS),
		toStringSync: (text, options) =>
			encoder.encodeToString(text, options ?? NO_OPTIONS),
		toCanvasSync: (canvas, text, options) =>
			encoder.drawOn(canvas ?? createCanvas(), text, options ?? NO_OPTIONS),
		create: (text, options) => encoder.create(text, options ?? NO_OPTIONS),
		engines: encoder.engines,
		engineLibraries: (name = encoder.engines[0]) =>
			librariesOf(encoder.librariesByEngine, name),
		version: binding.version,
		module,
	};
}

/**
 * The same on a module that is still to be fetched or compiled: its URL, its bytes, or the compiled module, which can be sent to
 * workers. By default qrpng.wasm beside this file.
 * @type {typeof import("./wasm.js").load}
 */
export async function load(source = moduleBesideScript()) {
	return loadSync(await compileModule(source));
}
