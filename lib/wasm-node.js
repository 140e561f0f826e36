// lib/wasm.js in Node, where fetch() can't read files.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { builtFile } from "./build-folder.cjs";
import { load as loadAnywhere } from "./wasm.js";

export { loadSync, QrpngError } from "./wasm.js";

/**
 * Takes what load() of wasm.js takes. A string is an absolute URL.
 * @type {typeof loadAnywhere}
 */
export async function load(source = pathToFileURL(builtFile("qrpng.wasm"))) {
	if (typeof source !== "string" && !(source instanceof URL))
		return loadAnywhere(source);
	const url = new URL(source);
	return loadAnywhere(url.protocol === "file:" ? await readBytes(url) : url);
}

/** @type {(url: URL) => Promise<Buffer>} */
async function readBytes(url) {
	try {
		return await readFile(url);
	} catch (cause) {
		throw new Error(
			`The WebAssembly module of qr-tiers can't be read (${cause.message}): build it with "npm run build:wasm".`,
			{ cause },
		);
	}
}
