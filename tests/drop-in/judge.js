// Reads back what a package made: images by zxing-wasm, pngjs and resvg, terminal output by what a terminal would show.
import assert from "node:assert/strict";
import { Resvg } from "@resvg/resvg-js";
import { PNG } from "pngjs";
import { readBarcodes } from "zxing-wasm/reader";
// It prepares zxing-wasm, too.
import { decodeQrCode } from "../../bench/subjects/decode.js";

/** An image as RGBA: { width, height, data, at(x, y) }, with colours as "rrggbbaa". */
function asPixels({ width, height, data: bytes }) {
	const data = Buffer.from(bytes);
	const at = (x, y) =>
		data.toString("hex", 4 * (y * width + x), 4 * (y * width + x + 1));
	return { width, height, data, at };
}

/** The pixels of a PNG: a Buffer, or a data URL. */
export function readPng(png) {
	return asPixels(PNG.sync.read(bytesOf(png)));
}

/** The side in px that a PNG's header says it has: ISO/IEC 15948, 11.2.2. */
export function sideOf(png) {
	const side = bytesOf(png).readUInt32BE(16);
	assert.equal(bytesOf(png).readUInt32BE(20), side);
	return side;
}

function bytesOf(png) {
	if (typeof png !== "string") return png;
	const prefix = "data:image/png;base64,";
	assert.equal(png.slice(0, prefix.length), prefix);
	return Buffer.from(png.slice(prefix.length), "base64");
}

/** What the code in an image holds: { text, bytes, version, level }. */
export async function decodePng(png) {
	const decoded = await decodeQrCode(bytesOf(png));
	return { ...decoded, text: decoded.bytes.toString() };
}

/** The same of pixels, on white. */
export async function decodePixels({ width, height, data }) {
	const opaque = new Uint8ClampedArray(data.length);
	for (let i = 0; i < data.length; i++) {
		const alpha = data[i | 3] / 255;
		opaque[i] = i % 4 === 3 ? 255 : data[i] * alpha + 255 * (1 - alpha);
	}
	const image = { width, height, data: opaque, colorSpace: "srgb" };
	const [found] = await readBarcodes(image, {
		formats: ["QRCode"],
		textMode: "Plain",
	});
	assert.ok(found?.isValid, "zxing finds no valid QR code in the image");
	const { Version, ECLevel } = JSON.parse(found.extra);
	return {
		text: Buffer.from(found.bytes).toString(),
		bytes: Buffer.from(found.bytes),
		version: Number(Version),
		level: ECLevel,
	};
}

/** Draws an SVG, a number of px for each unit of its view box: { unitsWide, ...pixels, root }, root holding the attributes. */
export function drawSvg(svg, pxPerUnit = 4) {
	const [, attributes] = /<svg\b([^>]*)>/.exec(svg);
	const root = Object.fromEntries(
		[...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [
			name,
			value,
		]),
	);
	const unitsWide = Number(root.viewBox.split(/[\s,]+/)[2]);
	const fitTo = { mode: "width", value: Math.round(unitsWide * pxPerUnit) };
	const image = new Resvg(svg, { fitTo }).render();
	const pixels = { width: image.width, height: image.height };
	return { ...asPixels({ ...pixels, data: image.pixels }), root, unitsWide };
}

export async function decodeSvg(svg) {
	return decodePixels(drawSvg(svg));
}

/** Rows of modules, dark ones as true, drawn at 4 px a module. */
function drawRows(rows) {
	const px = 4;
	const width = rows[0].length * px;
	const data = Buffer.alloc(4 * width * rows.length * px);
	for (let i = 0; i < width * rows.length * px; i++) {
		const x = i % width;
		const y = Math.floor(i / width);
		const isDark = rows[Math.floor(y / px)][Math.floor(x / px)];
		data.fill(isDark ? 0 : 255, 4 * i, 4 * i + 3);
		data[4 * i + 3] = 255;
	}
	return { width, height: rows.length * px, data };
}

/** What rows of modules hold, with a quiet zone put round them. */
export async function decodeRows(rows) {
	const quiet = Array(4).fill(false);
	const blank = Array(rows[0].length + 8).fill(false);
	const framed = rows.map((row) => [...quiet, ...row, ...quiet]);
	return decodePixels(
		drawRows([...Array(4).fill(blank), ...framed, ...Array(4).fill(blank)]),
	);
}

/** The rows of a symbol that create() returned. */
export function rowsOfSymbol({ modules }) {
	return Array.from({ length: modules.size }, (_, row) =>
		Array.from({ length: modules.size }, (_, column) =>
			Boolean(modules.get(row, column)),
		),
	);
}

/** Rows of modules from pixels, for modules of scale px, by their middle; dark is a colour as "rrggbbaa". */
export function rowsOfPixels(pixels, scale, dark = "000000ff") {
	assert.equal(pixels.width, pixels.height);
	const count = Math.floor(pixels.width / scale);
	const middle = (i) => Math.floor((i + 0.5) * scale);
	return Array.from({ length: count }, (_, row) =>
		Array.from(
			{ length: count },
			(_, column) => pixels.at(middle(column), middle(row)) === dark,
		),
	);
}

/** Rows without the margin round them, on each side the same number of modules, and that number. */
export function withoutMargin(rows) {
	const margin = rows.findIndex((row) => row.some(Boolean));
	const inner = rows
		.slice(margin, rows.length - margin)
		.map((row) => row.slice(margin, row.length - margin));
	return { margin, rows: inner };
}

const halves = { " ": [0, 0], "▄": [0, 1], "▀": [1, 0], "█": [1, 1] };

/** Rows of modules from half blocks, two rows a line, ink being dark; a last half line may be missing. */
export function rowsOfHalfBlocks(text) {
	return text
		.replace(/\n$/, "")
		.split("\n")
		.flatMap((line) => {
			const cells = [...line].map((character) => {
				assert.ok(character in halves, JSON.stringify(character));
				return halves[character];
			});
			return [
				cells.map(([top]) => top === 1),
				cells.map(([, low]) => low === 1),
			];
		});
}

/**
 * What a terminal shows: for each line its cells as [top, bottom], both "black", "white" or undefined where the terminal's own
 * background stands.
 */
export function readTerminal(text) {
	const colours = { 0: "black", 7: "white" };
	let ink;
	let paper;
	return text
		.split("\n")
		.map((line) => {
			const cells = [];
			// The codes of an escape sequence, and what is printed after it.
			for (const [i, piece] of line.split("\x1b[").entries()) {
				const end = i === 0 ? -1 : piece.indexOf("m");
				for (const code of end < 0 ? [] : piece.slice(0, end).split(";")) {
					if (Number(code) === 0) ink = paper = undefined;
					else if (code.startsWith("3")) ink = colours[code[1]];
					else if (code.startsWith("4")) paper = colours[code[1]];
				}
				for (const character of piece.slice(end + 1)) {
					assert.ok(character in halves, JSON.stringify(character));
					cells.push(halves[character].map((isInk) => (isInk ? ink : paper)));
				}
			}
			return cells;
		})
		.filter((cells) => cells.length > 0);
}

/** The rows of modules that a terminal shows at two columns a module. */
export function rowsOfTerminal(text) {
	return readTerminal(text).map((cells) =>
		cells.filter((_, i) => i % 2 === 0).map(([top]) => top === "black"),
	);
}

/** The rows of modules that a terminal shows at two modules a cell. */
export function rowsOfSmallTerminal(text, dark = "black") {
	return readTerminal(text).flatMap((cells) => [
		cells.map(([top]) => top === dark),
		cells.map(([, bottom]) => bottom === dark),
	]);
}

/** A canvas as node-canvas and browsers have it, as far as drawing an image on it goes. */
export function makeCanvas({ withoutStyle = false } = {}) {
	const calls = [];
	let pixels;
	const context = {
		clearRect: (...args) => calls.push(["clearRect", ...args]),
		createImageData: (width, height) => ({
			width,
			height,
			data: new Uint8ClampedArray(4 * width * height),
		}),
		putImageData(image, x, y) {
			calls.push(["putImageData", x, y]);
			pixels = asPixels(image);
		},
	};
	return {
		width: 300,
		height: 150,
		...(withoutStyle ? {} : { style: {} }),
		getContext(kind) {
			calls.push(["getContext", kind]);
			return kind === "2d" ? context : null;
		},
		toDataURL(type, quality) {
			calls.push(["toDataURL", type, quality]);
			return `data:${type};base64,drawn`;
		},
		calls,
		pixels: () => pixels,
	};
}
