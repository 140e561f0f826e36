/** A tier's options by the names that the addon and wasm/ give them. */
export function addonOptions({ ecl, width, margin, engine }) {
	return { errorCorrectionLevel: ecl, width, margin, engine };
}
