import { versions } from "node:process";
import QRCode from "qrcode";
import { textTooLong, widthTooSmall } from "../errors.js";
import { packageVersion } from "../package-version.js";
import { asString } from "./parts/as-string.js";

const IHDR_WIDTH_OFFSET = 16;
const FALLBACK_SCALE = 4;

const VERSION = packageVersion(import.meta.resolve("qrcode/package.json"));

/** @type {(text: Server.Text, ecl: Server.Level, width: number, margin: number) => Promise<Buffer>} */
async function render(text, ecl, width, margin) {
	/** @type {string | import("qrcode").QRCodeSegment[]} */
	const content = asString(text) ?? [
		{ data: /** @type {Buffer} */ (text), mode: "byte" },
	];
	try {
		return await QRCode.toBuffer(content, {
			type: "png",
			errorCorrectionLevel: ecl,
			width,
			margin,
			rendererOpts: { deflateLevel: 9, deflateStrategy: 3 },
		});
	} catch (error) {
		if (error.message.startsWith("The amount of data is too big"))
			throw textTooLong(ecl);
		throw error;
	}
}

/** @type {(text: Server.Text, options: Server.EncodeOptions) => Promise<Buffer>} */
async function generate(text, { ecl, width, margin }) {
	const png = await render(text, ecl, width, margin);
	const actual = png.readUInt32BE(IHDR_WIDTH_OFFSET);
	if (actual === width) return png;
	// Too small a width makes qrcode fall back on 4 px a module.
	if (actual > width) throw widthTooSmall(width, actual / FALLBACK_SCALE);
	// It rounds modules * (width / modules) down, to 50 for 21 modules and a width of 51.
	return render(text, ecl, width * (1 + 2 * Number.EPSILON), margin);
}

/** @type {Server.Tier} */
export default {
	id: "js",
	title: "npm qrcode in Express, with the article's settings",
	libraries: () => `qrcode ${VERSION}, zlib ${versions.zlib}`,
	generate,
};
