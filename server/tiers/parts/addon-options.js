/**
 * A tier's options by the names that lib/ gives them.
 * @type {(options: Server.EncodeOptions) => import("../../../lib/index.js").Options}
 */
export function addonOptions({ ecl, width, margin, engine }) {
	return { errorCorrectionLevel: ecl, width, margin, engine, strict: true };
}
