// The WebAssembly module as lib/ calls it.
"use strict";

const { Instance } = require("../../wasm/instance.cjs");
const { QrpngError, fromCore, isOfCore } = require("../errors.cjs");

const MAX_ARGUMENTS = 8192;

/** @type {(cause: Error) => Error} */
function asTrap(cause) {
	return new QrpngError(
		"ERR_QRPNG_INTERNAL",
		"The encoder failed in a way it never should: please report the text and options.",
		{ cause },
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

/** @type {(bytes: Uint8Array) => string} */
function toBase64(bytes) {
	if (globalThis.Buffer !== undefined) {
		const { buffer, byteOffset, length } = bytes;
		return globalThis.Buffer.from(buffer, byteOffset, length).toString(
			"base64",
		);
	}
	let latin1 = "";
	for (let i = 0; i < bytes.length; i += MAX_ARGUMENTS)
		latin1 += String.fromCharCode(...bytes.subarray(i, i + MAX_ARGUMENTS));
	return btoa(latin1);
}

/**
 * The binding on a compiled module.
 * @type {(module: WebAssembly.Module) => import("./binding.js").Binding}
 */
function bindWasm(module) {
	/** @type {InstanceType<typeof Instance> | undefined} */
	let current;

	/** @type {<Result>(use: (instance: InstanceType<typeof Instance>) => Result) => Result} */
	function run(use) {
		try {
			current ??= new Instance(module);
			return use(current);
		} catch (error) {
			if (isOfCore(error)) throw fromCore(error);
			current = undefined; // It was left halfway through the call.
			throw error instanceof WebAssembly.RuntimeError ? asTrap(error) : error;
		}
	}

	return {
		version: run((instance) => instance.version),
		engines: run((instance) => instance.engines()),
		get options() {
			return run((instance) => instance.options);
		},
		encode: (source) => run((instance) => copyOf(instance.encode(source))),
		encodeToString: (source, title) =>
			run((instance) => instance.encodeToString(source, title)),
		encodeToDataUrl: (source) =>
			run(
				(instance) =>
					`data:image/png;base64,${toBase64(instance.encode(source))}`,
			),
		encodeModules: (source) =>
			run((instance) => instance.encodeModules(source)),
	};
}

module.exports = { bindWasm };
