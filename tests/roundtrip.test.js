// Text to PNG and back, through a decoder that shares nothing with the encoder: every version and level, in every mode,
// at exact capacity and one character above it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeQrCode } from "../bench/subjects/decode.js";
import { readPngSize } from "../bench/subjects/png.js";
import { toBufferSync } from "../lib/index.js";
import { capacityOf, levels, sideOf } from "./capacity.js";
import { sentences } from "./contract/refusals.js";
import { createRandom } from "./random.js";

const versions = Array.from({ length: 40 }, (_, i) => i + 1);
const scale = 2;
const margin = 4;

/** No character of one alphabet is cheaper in another mode, so a text of one is a single segment. */
const alphabets = {
	numeric: "0123456789",
	alphanumeric: "ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:",
	byte: "abcdefghijklmnopqrstuvwxyz!\"#&'()<=>?@[]^_`{|}~",
};

function randomText(alphabet, length, random) {
	return Array.from({ length }, () => alphabet[random(alphabet.length)]).join(
		"",
	);
}

/** Exactly that many bytes of UTF-8, with characters of every length. */
function randomUtf8(length, random) {
	const characters = ["ж", "ü", "語", "€", "\u{1F600}", "\u{10FFFF}"];
	let text = "";
	let left = length;
	while (left >= 4) {
		const character = characters[random(characters.length)];
		text += character;
		left -= Buffer.byteLength(character);
	}
	return text + ["", "z", "é", "語"][left];
}

/** [mode, function from a length to a text of one segment] */
const modes = [
	...["numeric", "alphanumeric", "byte"].map((mode) => [
		mode,
		mode,
		(length, random) => randomText(alphabets[mode], length, random),
	]),
	["UTF-8", "byte", randomUtf8],
];

function encode(text, level) {
	return toBufferSync(text, { errorCorrectionLevel: level, scale, margin });
}

function assertTooLong(text, level) {
	assert.throws(() => encode(text, level), {
		code: "ERR_QRPNG_TEXT_TOO_LONG",
		message: sentences.tooLong[level],
	});
}

async function assertRoundTrip(text, version, level) {
	const png = encode(text, level);
	const side = scale * (sideOf(version) + 2 * margin);
	assert.deepEqual(readPngSize(png), { width: side, height: side });
	const decoded = await decodeQrCode(png);
	assert.deepEqual(decoded.bytes, Buffer.from(text));
	assert.equal(decoded.level, level);
	assert.equal(decoded.version, version);
}

test("the computed capacities agree with the sentences", () => {
	for (const level of levels) {
		const [bytes, alphanumerics, digits] = [
			"byte",
			"alphanumeric",
			"numeric",
		].map((mode) => capacityOf(40, level, mode));
		assert.ok(sentences.tooLong[level].includes(`most ${bytes} bytes, `));
		assert.ok(sentences.tooLong[level].includes(` ${alphanumerics} alpha`));
		assert.ok(sentences.tooLong[level].includes(` ${digits} digits.`));
	}
});

for (const [name, mode, textOf] of modes)
	describe(name, () => {
		for (const level of levels) {
			test(`level ${level}: every version, filled exactly`, async () => {
				const random = createRandom(1);
				for (const version of versions) {
					const length = capacityOf(version, level, mode);
					await assertRoundTrip(textOf(length, random), version, level);
				}
			});

			test(`level ${level}: one more takes the next version`, async () => {
				const random = createRandom(2);
				for (const version of versions) {
					const length = capacityOf(version, level, mode) + 1;
					const text = textOf(length, random);
					if (version === 40) assertTooLong(text, level);
					else await assertRoundTrip(text, version + 1, level);
				}
			});
		}
	});

test("no text of at most the byte capacity is refused", async () => {
	// Runs of digits that tempt an encoder to change modes more often than pays off.
	const numbers = Array.from({ length: 1000 }, (_, i) => i * 7919);
	for (const level of levels)
		for (const separator of ["x", "X", ",", "é"]) {
			const text = numbers.join(separator);
			const bytes = Buffer.from(text).subarray(
				0,
				capacityOf(40, level, "byte"),
			);
			const decoded = await decodeQrCode(encode(bytes, level));
			assert.deepEqual(decoded.bytes, bytes);
		}
});

test("every byte value, alone and all together", async () => {
	const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
	const single = Array.from(bytes, (byte) => Buffer.of(byte));
	for (const text of [bytes, ...single]) {
		const { bytes: decoded } = await decodeQrCode(encode(text, "M"));
		assert.deepEqual(decoded, text);
	}
});

test("random bytes of many lengths", async () => {
	const random = createRandom(3);
	for (let i = 0; i < 40; i++) {
		const text = Buffer.from(
			Array.from({ length: 1 + random(1200) }, () => random(256)),
		);
		const level = levels[random(4)];
		const { bytes } = await decodeQrCode(encode(text, level));
		assert.deepEqual(bytes, text);
	}
});

test("mixed texts of many lengths", async () => {
	const random = createRandom(4);
	const kinds = Object.values(alphabets);
	for (let i = 0; i < 200; i++) {
		let text = "";
		for (let parts = 1 + random(5); parts > 0; parts--)
			text += randomText(kinds[random(3)], 1 + random(40), random);
		const { bytes } = await decodeQrCode(encode(text, levels[random(4)]));
		assert.equal(bytes.toString(), text);
	}
});
