// What a thread of the tier worker runs: one call of the addon.
import { toBufferSync } from "../addon/index.js";

/**
 * Errors cross threads without their code, so what the host has to tell apart goes as a value: { png } or { code, message }.
 * The image goes in memory of its own, since with a Buffer the whole of Node's pool that it lies in would be cloned.
 */
export default function encode({ text, ecl, width, margin, engine }) {
	try {
		const png = toBufferSync(text, {
			errorCorrectionLevel: ecl,
			width,
			margin,
			engine,
		});
		return { png: new Uint8Array(png) };
	} catch ({ code, message }) {
		return { code, message };
	}
}
