// Reads QR codes back with zxing-wasm, an implementation that shares nothing with those under test.
// Its .wasm file comes from node_modules: nothing is fetched.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const wasmUrl = import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm");
const wasmBinary = new Uint8Array(readFileSync(fileURLToPath(wasmUrl))).buffer;
prepareZXingModule({ overrides: { wasmBinary } });

/** @type {import("zxing-wasm/reader").ReaderOptions} */
const common = {
	formats: ["QRCode"],
	maxNumberOfSymbols: 1,
	tryRotate: false,
	tryInvert: false,
	textMode: "Plain",
};

/**
 * Decodes the one QR code in a PNG. Fails if there is none.
 * @param {Uint8Array} png
 * @returns {Promise<{ bytes: Buffer, version: number, level: string }>}
 */
export async function decodeQrCode(png) {
	const image = new Uint8Array(png);
	let [result] = await readBarcodes(image, { ...common, isPure: true });
	if (!result?.isValid)
		[result] = await readBarcodes(image, { ...common, tryHarder: true });
	if (!result?.isValid)
		throw new Error("zxing finds no valid QR code in the image");
	const { Version, ECLevel } = JSON.parse(result.extra);
	return {
		bytes: Buffer.from(result.bytes),
		version: Number(Version),
		level: ECLevel,
	};
}
