// Bytes of images at many sizes, beside what zlib and zopfli make of the same pixels.
import { statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { deflateSync } from "node:zlib";
import { readPng } from "../subjects/png.js";
import { loadCorpus } from "./corpora.js";
import { runToEnd } from "./measure.js";

/** @type {Record<string, { width?: number, scale?: number }>} */
const sizes = {
	...Object.fromEntries(
		[100, 200, 300, 512, 1024, 2048, 4096].map((width) => [width, { width }]),
	),
	"scale-4": { scale: 4 },
};

/** In px, or as a scale. */
export const sizeNames = Object.keys(sizes);

/** Of each kind: zlib takes a second for one at 4096 px. */
const textCount = 8;
/** Zopfli takes half a minute for one at 4096 px. */
const largestForZopfliPx = 1024;
// Signature, IHDR, IEND, and length, type and checksum of IDAT.
const pngFrameNbytes = 8 + 25 + 12 + 12;

/** RFC 2083, 6: from the byte and its neighbours (left, above, above on the left) to what is left of it. */
const filters = [
	(byte) => byte,
	(byte, a) => byte - a,
	(byte, _a, b) => byte - b,
	(byte, a, b) => byte - ((a + b) >> 1),
	(byte, a, b, c) => {
		const [pa, pb, pc] = [b - c, a - c, a + b - 2 * c].map(Math.abs);
		if (pa <= pb && pa <= pc) return byte - a;
		return byte - (pb <= pc ? b : c);
	},
];

/** All rows by one filter, as zlib gets them. `rows`: bytes of 8 pixels. */
function filterRows(rows, filter) {
	const stride = rows[0].length + 1;
	const filtered = Buffer.alloc(rows.length * stride);
	let above = Buffer.alloc(stride - 1);
	for (const [y, row] of rows.entries()) {
		filtered[y * stride] = filter;
		for (let x = 0; x < row.length; x++)
			filtered[y * stride + 1 + x] = filters[filter](
				row[x],
				row[x - 1] ?? 0,
				above[x],
				above[x - 1] ?? 0,
			);
		above = row;
	}
	return filtered;
}

/** Rows of a bit a pixel, 1 for white. */
function packRows({ width, height, dark }) {
	return Array.from({ length: height }, (_, y) => {
		const row = Buffer.alloc(Math.ceil(width / 8), 0xff);
		for (let x = 0; x < width; x++)
			if (dark[y * width + x]) row[x >> 3] &= ~(0x80 >> (x & 7));
		return row;
	});
}

/** The best of the five filters with zlib's level 9: { nbytes, data: what it was made of }. */
function bestOfZlib(rows) {
	return filters
		.map((_, filter) => {
			const data = filterRows(rows, filter);
			const { length } = deflateSync(data, { level: 9 });
			return { nbytes: pngFrameNbytes + length, data };
		})
		.reduce((best, next) => (next.nbytes < best.nbytes ? next : best));
}

async function hasZopfli(signal) {
	try {
		await runToEnd(["zopfli", "-h"], signal);
		return true;
	} catch {
		signal.throwIfAborted();
		return false;
	}
}

async function sizeOfZopfli(data, { folder, signal }) {
	const file = path.join(folder, "rows");
	writeFileSync(file, data);
	await runToEnd(["zopfli", "--zlib", file], signal);
	return pngFrameNbytes + statSync(`${file}.zlib`).size;
}

/** Mean bytes of some texts' images: { fast, effort: with it, zlib, zopfli: null where it isn't there or takes too long }. */
async function measureSize(texts, size, toBufferSync, context) {
	const useZopfli = context.useZopfli;
	const totals = { fast: 0, effort: 0, zlib: 0, zopfli: useZopfli ? 0 : null };
	const options = {
		...size,
		margin: 4,
		errorCorrectionLevel: "L",
		engine: "fast",
	};
	for (const text of texts) {
		const png = toBufferSync(text, options);
		const image = readPng(png);
		const zlib = bestOfZlib(packRows(image));
		totals.fast += png.length;
		totals.effort += toBufferSync(text, { ...options, effort: 1 }).length;
		totals.zlib += zlib.nbytes;
		if (image.width > largestForZopfliPx) totals.zopfli = null;
		if (totals.zopfli !== null)
			totals.zopfli += await sizeOfZopfli(zlib.data, context);
	}
	const mean = (total) => (total === null ? null : total / texts.length);
	return {
		fast: totals.fast / texts.length,
		effort: totals.effort / texts.length,
		zlib: totals.zlib / texts.length,
		zopfli: mean(totals.zopfli),
	};
}

/**
 * Fills `corpora`: kind → size → bytes.
 * @type {(corpora: Kit.SizesOfCorpora, save: () => void, context: any) => Promise<void>}
 */
export async function measureSizes(corpora, save, context) {
	const { options, progress, signal } = context;
	// only now is it certain that there is an addon to load
	const { toBufferSync } = await import("../../lib/index.js");
	const useZopfli = await hasZopfli(signal);
	progress.expect("size", options.text.length * options.sizes.length);
	for (const kind of options.text) {
		const texts = loadCorpus(kind).slice(0, textCount);
		corpora[kind] = {};
		for (const name of options.sizes) {
			progress.begin("size", `${kind}, ${name}`);
			const measure = { ...context, useZopfli };
			corpora[kind][name] = await measureSize(
				texts,
				sizes[name],
				toBufferSync,
				measure,
			);
			progress.end();
			signal.throwIfAborted();
		}
		save();
	}
}
