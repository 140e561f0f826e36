// Loads what encodes: the native module that the package has for this platform, one that was built here, or the WebAssembly module.
"use strict";

const { existsSync, readFileSync } = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { bindAddon } = require("./bindings/addon.cjs");
const { builtFile } = require("./build-folder.cjs");
const { readVariable } = require("./environment.cjs");

/** @typedef {import("./bindings/binding.js").Binding & Partial<import("./bindings/binding.js").ThreadedBinding>} Binding */
/** @typedef {typeof import("./index.js").backend} Backend */

const PLATFORM = `${process.platform}-${process.arch}`;

/**
 * Bundlers follow a require() only with its path written out, and pass over a file that isn't there only in a try.
 * @type {() => Binding}
 */
function loadPrebuilt() {
	try {
		switch (PLATFORM) {
			case "darwin-arm64":
				return bindAddon(require("../prebuilds/darwin-arm64.node"));
			case "darwin-x64":
				return bindAddon(require("../prebuilds/darwin-x64.node"));
			case "linux-arm":
				return bindAddon(require("../prebuilds/linux-arm.node"));
			case "linux-arm64":
				return bindAddon(require("../prebuilds/linux-arm64.node"));
			case "linux-x64":
				return bindAddon(require("../prebuilds/linux-x64.node"));
			case "win32-x64":
				return bindAddon(require("../prebuilds/win32-x64.node"));
		}
	} catch (cause) {
		throw new Error(`prebuilds/${PLATFORM}.node: ${cause.message}`, { cause });
	}
	throw new Error(`there is none for ${PLATFORM}`);
}

/**
 * Node exports its own zlib to whatever it loads; RTLD_DEEPBIND (glibc only) makes libpng use the system's zlib, which it was built for, so
 * that the engine reference writes the same bytes as in the command. The other engine needs none of them.
 * @type {() => Binding}
 */
function loadLocal() {
	const file = builtFile("qrpng.node");
	const { RTLD_NOW, RTLD_DEEPBIND = 0 } = os.constants.dlopen;
	const hasReference = readFileSync(file).includes("libqrencode.so");
	/** @type {{ exports: any }} */
	const native = { exports: {} };
	process.dlopen(native, file, RTLD_NOW | (hasReference ? RTLD_DEEPBIND : 0));
	return bindAddon(native.exports);
}

/** @type {() => Binding} */
function loadWasm() {
	const { bindWasm } = require("./bindings/wasm.cjs");
	const module = new WebAssembly.Module(readFileSync(builtFile("qrpng.wasm")));
	return bindWasm(module);
}

/** In the order in which they are tried. */
const loaders = new Map([
	["prebuilt", loadPrebuilt],
	["local", loadLocal],
	["wasm", loadWasm],
]);

/** Whether this is the repository, not the package. @type {() => boolean} */
function isCheckout() {
	return existsSync(path.join(__dirname, "../core/include/qrpng.h"));
}

/**
 * In a checkout nothing takes the place of the local build, or tests and figures would be of something else.
 * @type {() => string[]}
 */
function chooseBackends() {
	const names = [...loaders.keys()];
	const forced = readVariable("QRPNG_BACKEND");
	if (forced) {
		if (loaders.has(forced)) return [forced];
		throw new Error(
			`QRPNG_BACKEND must be ${names.slice(0, -1).join(", ")} or ${names.at(-1)}, not ${forced}.`,
		);
	}
	return isCheckout() ? ["local"] : names;
}

/** Throws one error that tells what was tried, and what to do. @type {() => { backend: Backend, binding: Binding }} */
function load() {
	/** @type {[name: string, cause: Error][]} */
	const failures = [];
	for (const name of chooseBackends())
		try {
			const binding = loaders.get(name)?.();
			if (binding) return { backend: /** @type {Backend} */ (name), binding };
		} catch (cause) {
			failures.push([name, cause]);
		}
	const { explainFailure } = require("./load-failure.cjs");
	throw explainFailure(PLATFORM, failures, isCheckout());
}

module.exports = { load };
