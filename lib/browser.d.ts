import { create, toString as draw, toCanvas, toDataURL } from "./index.cjs";

export * from "./shapes.cjs";
export { create, draw as toString, toCanvas, toDataURL };

/**
 * Loads the WebAssembly module: its address, its bytes, or the compiled module. Default: the one beside the script. The first call that
 * returns a promise does it otherwise; create() needs it to be done.
 */
export function init(
	source?: string | URL | BufferSource | WebAssembly.Module,
): Promise<void>;

declare const api: {
	create: typeof create;
	init: typeof init;
	toCanvas: typeof toCanvas;
	toDataURL: typeof toDataURL;
	toString: typeof draw;
};
export default api;
