// What a thread of the tier worker runs: one call of the addon.
import { toBufferSync } from "../../../lib/index.js";
import { addonOptions } from "./addon-options.js";

/** @typedef {{ text: string | Uint8Array, ecl: Server.Level, width: number, margin: number, engine: string }} Call */

/**
 * Errors cross threads without their code, so what the main thread has to tell apart goes as a value: { png } or { code, message }.
 * The image goes in memory of its own, since with a Buffer the whole of Node's pool that it lies in would be cloned.
 * @param {Call} call
 * @returns {{ png?: Uint8Array<ArrayBuffer>, code?: string, message?: string }}
 */
export default function encode({ text, ...options }) {
	try {
		const png = toBufferSync(text, addonOptions(options));
		return { png: new Uint8Array(png) };
	} catch ({ code, message }) {
		return { code, message };
	}
}
