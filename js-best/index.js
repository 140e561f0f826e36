// What JavaScript can do when it is done well: npm qr for the modules, a 1-bit PNG through node:zlib.
import encodeQR from "qr";

export { encodePng } from "./png-writer.js";

/** @satisfies {Record<string, import("qr").ErrorCorrection>} */
const words = { L: "low", M: "medium", Q: "quartile", H: "high" };

// qr takes strings, but lets its caller say which bytes they stand for.
/** @satisfies {import("qr").QrOpts} */
const latin1 = {
	encoding: "byte",
	/** @type {(text: string) => Buffer} */
	textEncoder: (text) => Buffer.from(text, "latin1"),
};

/**
 * Rows of modules, true for dark, without a quiet zone. text: a string, as UTF-8, or a Buffer. Undefined if no symbol holds it.
 * @type {(text: string | Buffer, ecl: keyof typeof words) => boolean[][] | undefined}
 */
export function encodeModules(text, ecl) {
	const isString = typeof text === "string";
	const options = { ecc: words[ecl], border: 1, ...(!isString && latin1) };
	try {
		const content = isString ? text : text.toString("latin1");
		// qr insists on a quiet zone of its own.
		const bordered = encodeQR(content, "raw", options);
		return bordered.slice(1, -1).map((row) => row.slice(1, -1));
	} catch (error) {
		if (error.message === "Capacity overflow") return undefined;
		throw error;
	}
}
