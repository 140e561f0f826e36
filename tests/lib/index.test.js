import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import test from "node:test";
import { decodeQrCode } from "../../bench/subjects/decode.js";
import * as addon from "../../lib/index.js";

const { toBuffer, toBufferSync, QrpngError } = addon;
const root = path.join(import.meta.dirname, "../..");
const cli = path.join(root, "build/Release/qrpng");

function sideOf(png) {
	return png.readUInt32BE(16);
}

function runCli(args, input) {
	const result = spawnSync(cli, args, { input, maxBuffer: 1 << 24 });
	assert.equal(result.status, 0, result.stderr.toString());
	return result.stdout;
}

test("CommonJS and ES modules give the same functions", () => {
	const cjs = createRequire(import.meta.url)("../../lib/index.cjs");
	assert.equal(cjs.toBufferSync, toBufferSync);
	assert.deepEqual(Object.keys(cjs).sort(), Object.keys(addon.default).sort());
});

test("names its version, engines and libraries as the command does", () => {
	const lines = runCli(["--version"]).toString().trim().split("\n");
	const expected = addon.engines.map(
		(name) => `engine ${name}: ${addon.engineLibraries(name)}`,
	);
	assert.deepEqual(lines, [`qrpng ${addon.version}`, ...expected]);
	assert.throws(() => addon.engineLibraries("steam"), {
		code: "ERR_QRPNG_BAD_ENGINE",
	});
});

test("libpng inside Node uses the zlib that it was built for, not Node's", (t) => {
	const zlib = /zlib (\S+)/.exec(addon.engineLibraries("reference"))[1];
	// As on Debian 13 under Node 20 and 22: nothing tells the two apart.
	if (process.versions.zlib.startsWith(zlib))
		return t.skip("Node's zlib has the same version");
	assert.ok(runCli(["--version"]).includes(`zlib ${zlib}`));
});

test("an image is left alone by the calls after it, also in the pool that small Buffers share", () => {
	const texts = Array.from({ length: 100 }, (_, i) => `text ${i}`);
	const large = { width: 4096, version: 40 };
	const images = texts.map((text, i) =>
		toBufferSync(text, i % 10 === 0 ? large : {}),
	);
	assert.throws(() => toBufferSync(""), QrpngError);
	for (const [i, text] of texts.entries())
		assert.deepEqual(
			images[i],
			toBufferSync(text, i % 10 === 0 ? large : {}),
			text,
		);
});

test("the defaults are those of npm qrcode: level M, scale 4, margin 4", async () => {
	const png = toBufferSync("hello");
	assert.equal(sideOf(png), (21 + 8) * 4);
	assert.deepEqual(
		png,
		toBufferSync("hello", {
			errorCorrectionLevel: "M",
			scale: 4,
			margin: 4,
			type: "png",
		}),
	);
	assert.deepEqual(
		png,
		toBufferSync("hello", { width: undefined, margin: undefined }),
	);
	assert.equal((await decodeQrCode(png)).bytes.toString(), "hello");
});

test("width wins over scale and is exact", () => {
	assert.equal(sideOf(toBufferSync("hello", { width: 123, scale: 9 })), 123);
	assert.equal(sideOf(toBufferSync("hello", { scale: 9, margin: 0 })), 21 * 9);
});

test("every name of a level that npm qrcode knows", () => {
	const text = "x".repeat(40);
	const levels = [
		["L", "l", "low"],
		["M", "m", "medium"],
		["Q", "q", "quartile"],
		["H", "h", "high"],
	];
	for (const [letter, ...others] of levels) {
		const expected = runCli(["--ecl", letter, "--scale", "4", text]);
		for (const name of [letter, ...others]) {
			assert.deepEqual(
				toBufferSync(text, { errorCorrectionLevel: name }),
				expected,
			);
		}
	}
});

test("strings are UTF-8, views are their raw bytes", () => {
	const bytes = Buffer.from("grüß 🦆\0 dich");
	const expected = toBufferSync(bytes.toString());
	assert.deepEqual(toBufferSync(bytes), expected);
	assert.deepEqual(toBufferSync(new Uint8Array(bytes)), expected);
	const shifted = new Uint8Array(bytes.length + 3);
	shifted.set(bytes, 3);
	assert.deepEqual(toBufferSync(shifted.subarray(3)), expected);
	assert.deepEqual(toBufferSync(new DataView(shifted.buffer, 3)), expected);
	const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
	shared.set(bytes);
	assert.deepEqual(toBufferSync(shared), expected);
	const words = new Uint16Array([0x3231, 0x3433]);
	assert.deepEqual(toBufferSync(words), toBufferSync("1234"));
	assert.deepEqual(toBufferSync("a\ud800b"), toBufferSync("a\ufffdb"));
});

test("raw bytes that are no UTF-8 are encoded as they are", () => {
	const bytes = Buffer.from([0xff, 0x00, 0xfe, 0x80]);
	assert.deepEqual(
		toBufferSync(bytes, { errorCorrectionLevel: "L", width: 200 }),
		runCli([], bytes),
	);
});

const refusals = [
	["", {}, "ERR_QRPNG_TEXT_EMPTY"],
	[new Uint8Array(0), {}, "ERR_QRPNG_TEXT_EMPTY"],
	["a".repeat(2332), {}, "ERR_QRPNG_TEXT_TOO_LONG"],
	["a".repeat(1e6), {}, "ERR_QRPNG_TEXT_TOO_LONG"],
	["é".repeat(1e6), {}, "ERR_QRPNG_TEXT_TOO_LONG"],
	[new Uint8Array(1e6), {}, "ERR_QRPNG_TEXT_TOO_LONG"],
	["a", { width: 28 }, "ERR_QRPNG_WIDTH_TOO_SMALL"],
	["a", { scale: 142 }, "ERR_QRPNG_SCALE_TOO_LARGE"],
	...[0, -1, 1.5, 4097, Number.NaN, 2 ** 32 + 200, "200", null].map((width) => [
		"a",
		{ width },
		"ERR_QRPNG_BAD_WIDTH",
	]),
	...[0, -1, 1.5, 4097, "4"].map((scale) => [
		"a",
		{ scale },
		"ERR_QRPNG_BAD_SCALE",
	]),
	...[-1, 33, "4"].map((margin) => ["a", { margin }, "ERR_QRPNG_BAD_MARGIN"]),
	...["X", "", 1, null].map((errorCorrectionLevel) => [
		"a",
		{ errorCorrectionLevel },
		"ERR_QRPNG_BAD_LEVEL",
	]),
	...["steam", 0, null].map((engine) => [
		"a",
		{ engine },
		"ERR_QRPNG_BAD_ENGINE",
	]),
];

test("strict: what is out of range is a QrpngError with a code and a sentence", async () => {
	for (const [text, wrong, code] of refusals) {
		const options = { ...wrong, strict: true };
		const isRight = (error) =>
			error instanceof QrpngError &&
			error.code === code &&
			/^[A-Za-z].*\.$/.test(error.message);
		assert.throws(
			() => toBufferSync(text, options),
			isRight,
			`${code} ${JSON.stringify(options)}`,
		);
		await assert.rejects(toBuffer(text, options), isRight);
	}
});

const sentencesByOption = {
	errorCorrectionLevel: ["X", "must be L, M, Q or H."],
	width: [0, "must be a whole number from 1 to 4096."],
	scale: [0, "must be a whole number from 1 to 4096."],
	margin: [33, "must be a number from 0 to 32."],
	version: [41, "must be a whole number from 1 to 40."],
	maskPattern: [
		9,
		"must be a whole number from 0 to 7, and only engine fast lets it be chosen.",
	],
	engine: [
		"steam",
		`must be one of those built in: ${addon.engines.join(", ")}.`,
	],
};

test("a refusal calls the option by the name that the caller gave it", async () => {
	for (const [option, [value, rest]] of Object.entries(sentencesByOption)) {
		const options = { [option]: value, strict: true };
		const expected = { name: "QrpngError", message: `${option} ${rest}` };
		assert.throws(() => toBufferSync("a", options), expected);
		await assert.rejects(toBuffer("a", options), expected);
	}
});

test("what has a wrong type is a TypeError with a code", async () => {
	const wrong = [
		[5],
		[null],
		[{}],
		[[5]],
		["a", { colour: "red", strict: true }],
		["a", { toSJISFunc: 1 }],
	];
	for (const [text, options] of wrong) {
		assert.throws(() => toBufferSync(text, options), {
			name: "TypeError",
			code: "ERR_INVALID_ARG_TYPE",
		});
		await assert.rejects(toBuffer(text, options), {
			name: "TypeError",
			code: "ERR_INVALID_ARG_TYPE",
		});
	}
});

test("toBuffer gives the same bytes, many at once, and copies the text before it returns", async () => {
	const bytes = Buffer.from("before");
	const early = toBuffer(bytes);
	bytes.write("after!");
	assert.deepEqual(await early, toBufferSync("before"));

	const texts = Array.from(
		{ length: 500 },
		(_, i) => `https://example.com/${i}`,
	);
	const images = await Promise.all(texts.map((text) => toBuffer(text)));
	images.forEach((image, i) => {
		assert.deepEqual(image, toBufferSync(texts[i]));
	});
});

test("a buffer that was handed out never changes", () => {
	const first = toBufferSync("first");
	const copy = Buffer.from(first);
	for (let i = 0; i < 100; i++) toBufferSync(`later ${i}`);
	assert.deepEqual(first, copy);
});
