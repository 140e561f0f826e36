import { versions } from "node:process";
import encodeQR from "qr";
import { textTooLong } from "../errors.js";
import { packageVersion } from "../package-version.js";
import { asString } from "./parts/as-string.js";
import { encodePng } from "./parts/png-writer.js";

/** @type {Record<Server.Level, import("qr").ErrorCorrection>} */
const WORDS = { L: "low", M: "medium", Q: "quartile", H: "high" };

const VERSION = packageVersion(
	new URL("package.json", import.meta.resolve("qr")),
);

// qr takes strings, but lets its caller say which bytes they stand for.
/** @satisfies {import("qr").QrOpts} */
const LATIN1 = {
	encoding: "byte",
	/** @type {(text: string) => Buffer} */
	textEncoder: (text) => Buffer.from(text, "latin1"),
};

/** @type {(text: Server.Text, ecl: Server.Level) => boolean[][]} */
function encodeModules(text, ecl) {
	const content = asString(text);
	try {
		// qr insists on a quiet zone of its own.
		const bordered = encodeQR(content ?? text.toString("latin1"), "raw", {
			ecc: WORDS[ecl],
			border: 1,
			...(content === undefined && LATIN1),
		});
		return bordered.slice(1, -1).map((row) => row.slice(1, -1));
	} catch (error) {
		if (error.message === "Capacity overflow") throw textTooLong(ecl);
		throw error;
	}
}

/** @satisfies {Server.Tier} */
export default {
	id: "js-best",
	title: "npm qr for the modules, a 1-bit PNG through node:zlib",
	libraries: () => `qr ${VERSION}, zlib ${versions.zlib}`,
	generate(text, { ecl, width, margin }) {
		return encodePng(encodeModules(text, ecl), width, margin);
	},
};
