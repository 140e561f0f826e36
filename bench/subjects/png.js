// A strict reader of the PNG files that QR encoders write: every checksum, length and chunk order is checked.
import assert from "node:assert/strict";
import { crc32, inflateSync } from "node:zlib";

const signature = Buffer.from("89504e470d0a1a0a", "hex");
const channelsOfColorType = { 0: 1, 2: 3, 6: 4 };

function readChunks(png) {
	assert.deepEqual(png.subarray(0, 8), signature, "PNG signature");
	const chunks = [];
	let offset = 8;
	while (offset < png.length) {
		const length = png.readUInt32BE(offset);
		const end = offset + 12 + length;
		assert.ok(end <= png.length, "a PNG chunk is cut off");
		const type = png.toString("latin1", offset + 4, offset + 8);
		const checksum = crc32(png.subarray(offset + 4, end - 4));
		assert.equal(png.readUInt32BE(end - 4), checksum, `CRC of ${type}`);
		chunks.push({ type, data: png.subarray(offset + 8, end - 4) });
		offset = end;
	}
	assert.equal(chunks[0].type, "IHDR", "first PNG chunk");
	assert.equal(chunks.at(-1).type, "IEND", "last PNG chunk");
	return chunks;
}

function readHeader(data) {
	assert.equal(data.length, 13, "length of IHDR");
	const [bitDepth, colorType, compression, filter, interlace] =
		data.subarray(8);
	assert.deepEqual([compression, filter, interlace], [0, 0, 0], "IHDR methods");
	assert.ok(colorType in channelsOfColorType, `color type ${colorType}`);
	return {
		width: data.readUInt32BE(0),
		height: data.readUInt32BE(4),
		bitDepth,
		colorType,
	};
}

function inflateExactly(data) {
	/** @type {any} what it gives with info is not in Node's types */
	const inflated = inflateSync(data, { info: true });
	const { buffer, engine } = inflated;
	assert.equal(engine.bytesWritten, data.length, "bytes after the zlib stream");
	return buffer;
}

function paeth(left, up, upLeft) {
	const estimate = left + up - upLeft;
	const distances = [left, up, upLeft].map((v) => Math.abs(estimate - v));
	const smallest = Math.min(...distances);
	return [left, up, upLeft][distances.indexOf(smallest)];
}

const predictors = [
	() => 0,
	(left) => left,
	(_left, up) => up,
	(left, up) => (left + up) >> 1,
	paeth,
];

/** Undoes the filters (PNG, section 9) and returns the rows. */
function unfilter(filtered, height, rowLength, pixelLength) {
	assert.equal(filtered.length, height * (1 + rowLength), "length of the rows");
	const rows = [];
	let above = Buffer.alloc(rowLength);
	for (let y = 0; y < height; y++) {
		const begin = y * (1 + rowLength);
		const predict = predictors[filtered[begin]];
		assert.ok(predict, `filter type ${filtered[begin]}`);
		const row = Buffer.from(
			filtered.subarray(begin + 1, begin + 1 + rowLength),
		);
		for (let i = 0; i < rowLength; i++) {
			const left = i < pixelLength ? 0 : row[i - pixelLength];
			const upLeft = i < pixelLength ? 0 : above[i - pixelLength];
			row[i] += predict(left, above[i], upLeft);
		}
		rows.push(row);
		above = row;
	}
	return rows;
}

/** True for a dark pixel; anything but opaque black and white is an error. */
function isDark(row, x, { bitDepth, colorType }) {
	if (bitDepth < 8) {
		const mask = (1 << bitDepth) - 1;
		const bit = x * bitDepth;
		const value = (row[bit >> 3] >> (8 - bitDepth - (bit & 7))) & mask;
		assert.ok(value === 0 || value === mask, "a gray pixel");
		return value === 0;
	}
	const channels = channelsOfColorType[colorType];
	const pixel = row.subarray(x * channels, (x + 1) * channels);
	const [value] = pixel;
	assert.ok(value === 0 || value === 255, "a gray pixel");
	for (const channel of pixel.subarray(1, 3)) assert.equal(channel, value);
	if (channels === 4) assert.equal(pixel[3], 255, "a transparent pixel");
	return value === 0;
}

/**
 * Width and height from the header alone.
 * @type {(png: Buffer) => { width: number, height: number }}
 */
export function readPngSize(png) {
	const { width, height } = readHeader(readChunks(png)[0].data);
	return { width, height };
}

/**
 * @param {Buffer} png a black-and-white PNG
 * @returns {{ width: number, height: number, bitDepth: number, colorType: number, dark: Uint8Array }}
 *   dark holds a byte for each pixel, row after row: 1 is black
 */
export function readPng(png) {
	const chunks = readChunks(png);
	const header = readHeader(chunks[0].data);
	const { width, height, bitDepth, colorType } = header;
	const data = Buffer.concat(
		chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data),
	);
	const pixelBits = channelsOfColorType[colorType] * bitDepth;
	const rowLength = Math.ceil((width * pixelBits) / 8);
	const pixelLength = Math.ceil(pixelBits / 8);
	const rows = unfilter(inflateExactly(data), height, rowLength, pixelLength);
	const dark = new Uint8Array(width * height);
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++)
			dark[y * width + x] = isDark(rows[y], x, header) ? 1 : 0;
	return { ...header, dark };
}
