// Random images of engine fast, seen by those who share nothing with it: a reader in JavaScript, engine reference,
// zxing and pngcheck.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { decodeQrCode } from "../../bench/subjects/decode.js";
import { readPng } from "../../bench/subjects/png.js";
import { toBufferSync } from "../../lib/index.js";
import { capacityOf, levels, sideOf } from "../capacity.js";
import { createRandom } from "../random.js";

const maxSidePx = 4096;
/** One image in so many is of any size, the others are small, for speed. */
const largeEvery = 30;

function randomBytes(length, random) {
	return Buffer.from(Array.from({ length }, () => random(256)));
}

/** Images of every version, level and margin, by width or by scale. */
function randomPicture(random) {
	const version = 1 + random(40);
	const errorCorrectionLevel = levels[random(4)];
	const margin = random(33);
	const total = sideOf(version) + 2 * margin;
	const largest = random(largeEvery) ? Math.max(500, 2 * total) : maxSidePx;
	const size = random(2)
		? { width: total + random(largest - total + 1) }
		: { scale: 1 + random(Math.floor(largest / total)) };
	const longest = capacityOf(version, errorCorrectionLevel, "byte");
	const text = randomBytes(1 + random(longest), random);
	return { text, options: { version, errorCorrectionLevel, margin, ...size } };
}

async function checkPicture({ text, options }, file) {
	const png = toBufferSync(text, { ...options, engine: "fast" });
	writeFileSync(file, png);
	const actual = readPng(png);
	const expected = readPng(
		toBufferSync(text, { ...options, engine: "reference" }),
	);
	assert.deepEqual(
		[actual.width, actual.height, actual.bitDepth, actual.colorType],
		[expected.width, expected.height, 1, 0],
	);
	assert.ok(Buffer.from(actual.dark).equals(expected.dark), "other pixels");
	const decoded = await decodeQrCode(png);
	assert.deepEqual(decoded.bytes, text);
	assert.equal(decoded.version, options.version);
	assert.equal(decoded.level, options.errorCorrectionLevel);
}

/** Checks count random images and leaves them in the folder as PNG files. */
export async function checkSample(count, seed, folder) {
	const random = createRandom(seed);
	for (let i = 0; i < count; i++) {
		const picture = randomPicture(random);
		try {
			await checkPicture(picture, path.join(folder, `sample-${i}.png`));
		} catch (error) {
			const { text, options } = picture;
			const call = `toBufferSync(Buffer.from("${text.toString("hex")}", "hex"), ${JSON.stringify(options)})`;
			throw new Error(`${error.message}\nin ${call}`, { cause: error });
		}
	}
}

/** What pngcheck says of itself where it was built for an older zlib than there is. */
const otherZlib = /^zlib warning: .*different version.*\n\n/;

/** Runs pngcheck on all files of the folder, and returns how many there are. */
export function runPngcheck(folder) {
	const batch = 500;
	const names = readdirSync(folder);
	for (let begin = 0; begin < names.length; begin += batch) {
		const { status, stdout, stderr } = spawnSync(
			"pngcheck",
			["-q", ...names.slice(begin, begin + batch)],
			{ cwd: folder, encoding: "utf8" },
		);
		assert.equal(stdout + stderr.replace(otherZlib, ""), "");
		assert.equal(status, 0);
	}
	return names.length;
}
