/** A tier's options by the names that lib/ gives them. */
export function addonOptions({ ecl, width, margin, engine }) {
	return { errorCorrectionLevel: ecl, width, margin, engine };
}
