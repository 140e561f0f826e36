import { versions } from "node:process";
import { encodeModules, encodePng } from "../../js-best/index.js";
import { textTooLong, widthTooSmall } from "../errors.js";
import { packageVersion } from "../package-version.js";
import { asString } from "./parts/as-string.js";

const VERSION = packageVersion(
	new URL("package.json", import.meta.resolve("qr")),
);

/** @satisfies {Server.Tier} */
export default {
	id: "js-best",
	title: "npm qr for the modules, a 1-bit PNG through node:zlib",
	libraries: () => `qr ${VERSION}, zlib ${versions.zlib}`,
	generate(text, { ecl, width, margin }) {
		const modules = encodeModules(asString(text) ?? text, ecl);
		if (!modules) throw textTooLong(ecl);
		const smallest = modules.length + 2 * margin;
		if (width < smallest) throw widthTooSmall(width, smallest);
		return encodePng(modules, width, margin);
	},
};
