// What a thread of the tier worker runs: one call of the addon.
import { toBufferSync } from "../addon/index.js";

/** Errors cross threads without their code, so what the host has to tell apart goes as a value: { png } or { code, message }. */
export default function encode({ text, ecl, width, margin, engine }) {
	try {
		const png = toBufferSync(text, {
			errorCorrectionLevel: ecl,
			width,
			margin,
			engine,
		});
		return { png };
	} catch ({ code, message }) {
		return { code, message };
	}
}
