// Compiles the WebAssembly module: from an address, from its bytes, or as it is if that is done.

/** @type {(source: string | URL | BufferSource | WebAssembly.Module) => Promise<WebAssembly.Module>} */
export async function compileModule(source) {
	if (source instanceof WebAssembly.Module) return source;
	if (typeof source !== "string" && !(source instanceof URL))
		return WebAssembly.compile(source);
	const response = await fetch(source);
	if (!response.ok)
		throw new Error(`${source} can't be fetched: status ${response.status}.`);
	const type = response.headers.get("content-type") ?? "";
	// Some servers don't know what it is; compileStreaming() wants to be told.
	return type.startsWith("application/wasm")
		? WebAssembly.compileStreaming(response)
		: WebAssembly.compile(await response.arrayBuffer());
}

/**
 * The module beside the script. Not worked out before it is needed: in some runtimes a script has no address.
 * @type {() => URL}
 */
export function moduleBesideScript() {
	return new URL("./qrpng.wasm", import.meta.url);
}
