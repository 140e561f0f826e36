import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const FILTER_UP = 2;
const WHITE = 0xff;
// Level 9 saves half a percent of the bytes and takes a third more time; a smaller window and memory make set-up cheap.
const DEFLATE_OPTIONS = { level: 6, windowBits: 13, memLevel: 6 };

/**
 * A 1-bit gray PNG of exactly width px a side from rows of modules (true is dark), centred, each module
 * floor(width / (modules + 2 * margin)) px a side, which must be 1 px or more.
 * @type {(modules: boolean[][], width: number, margin: number) => Buffer}
 */
export function encodePng(modules, width, margin) {
	const scale = Math.floor(width / (modules.length + 2 * margin));
	return assemble(
		width,
		deflateSync(scanlines(modules, width, scale), DEFLATE_OPTIONS),
	);
}

/**
 * Every row that repeats the one above is a run of zeros under the Up filter; all others are unfiltered.
 * @type {(modules: boolean[][], width: number, scale: number) => Buffer}
 */
function scanlines(modules, width, scale) {
	const side = modules.length;
	const stride = 1 + Math.ceil(width / 8);
	const before = Math.floor((width - side * scale) / 2);
	const lines = Buffer.alloc(stride * width);
	for (let y = 1; y < width; y++) lines[y * stride] = FILTER_UP;
	if (before > 0) startRow(lines, 0, stride);
	for (let m = 0; m < side; m++) {
		const start = (before + m * scale) * stride;
		startRow(lines, start, stride);
		drawModules(lines, start + 1, modules[m], before, scale);
	}
	const after = before + side * scale;
	if (after < width) startRow(lines, after * stride, stride);
	return lines;
}

/** A white row without filter. */
function startRow(lines, start, stride) {
	lines[start] = 0;
	lines.fill(WHITE, start + 1, start + stride);
}

function drawModules(lines, start, row, before, scale) {
	for (let m = 0; m < row.length; m++) {
		if (!row[m]) continue;
		const first = m;
		while (row[m + 1]) m++;
		clearBits(lines, start, before + first * scale, before + (m + 1) * scale);
	}
}

/** Clears the bits from first up to, but not including, end; bit 0 is the highest of the byte at start. */
function clearBits(lines, start, first, end) {
	const firstByte = start + (first >> 3);
	const lastByte = start + (end >> 3);
	const keepFirst = ~(0xff >> (first & 7));
	const keepLast = 0xff >> (end & 7);
	if (firstByte === lastByte) {
		lines[firstByte] &= keepFirst | keepLast;
		return;
	}
	lines[firstByte] &= keepFirst;
	for (let i = firstByte + 1; i < lastByte; i++) lines[i] = 0;
	lines[lastByte] &= keepLast;
}

function assemble(width, data) {
	const png = Buffer.allocUnsafe(SIGNATURE.length + 25 + 12 + data.length + 12);
	SIGNATURE.copy(png);
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(width, 4);
	header[8] = 1; // bits a pixel; the zeros after it: gray, deflate, the standard filters, not interlaced
	let end = writeChunk(png, SIGNATURE.length, "IHDR", header);
	end = writeChunk(png, end, "IDAT", data);
	writeChunk(png, end, "IEND", Buffer.alloc(0));
	return png;
}

/** Returns the offset after the chunk. */
function writeChunk(png, start, type, data) {
	const end = start + 8 + data.length;
	png.writeUInt32BE(data.length, start);
	png.latin1Write(type, start + 4);
	png.set(data, start + 8);
	png.writeUInt32BE(crc32(png.subarray(start + 4, end)), end);
	return end + 4;
}
