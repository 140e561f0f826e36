// What is different without being documented for qrcode: each shows a row of docs/migrating-from-qrcode.md.
import assert from "node:assert/strict";
import { decodePng, sideOf } from "../judge.js";

const text = "pony";
const failsIn = (see) => ({ fails: "qrcode", see });
const differs = (see) => ({ fails: "qr-tiers", see });

const errors = [
	["", {}, "ERR_QRPNG_TEXT_EMPTY"],
	["a".repeat(2332), {}, "ERR_QRPNG_TEXT_TOO_LONG"],
].map(([value, options, code]) => [
	`an error has a code: ${code}`,
	({ qr }) => assert.rejects(qr.toBuffer(value, options), { code }),
	failsIn("Errors"),
]);

const images = [
	[
		"a PNG of two colours takes one bit a pixel",
		async ({ qr }) => {
			const png = await qr.toBuffer(text);
			// The bit depth: ISO/IEC 15948, 11.2.2.
			assert.equal(png[24], 1);
		},
		failsIn("PNG files"),
	],
	[
		"a text that needs few bits: the smallest symbol",
		async ({ qr }) => {
			const mixed = "ABCDEFid=12345".repeat(13);
			const { version } = qr.create(mixed);
			assert.equal(version, 9);
			assert.equal((await decodePng(await qr.toBuffer(mixed))).text, mixed);
		},
		failsIn("The split into segments"),
	],
];

const refused = [
	[
		"margin 40",
		async ({ qr }) =>
			assert.equal(sideOf(await qr.toBuffer(text, { margin: 40 })), 404),
		differs("Margins"),
	],
	[
		"scale 0.5",
		async ({ qr }) =>
			assert.equal(sideOf(await qr.toBuffer(text, { scale: 0.5 })), 14),
		differs("Scales below 1"),
	],
	[
		"no segments at all",
		({ qr }) => assert.equal(qr.create([]).version, 1),
		differs("Segments"),
	],
	[
		"the name of a colour",
		async ({ qr }) =>
			assert.equal(
				sideOf(await qr.toBuffer(text, { color: { dark: "red" } })),
				116,
			),
		differs("Colours"),
	],
	[
		"which mask is the best",
		({ qr }) => assert.equal(qr.create("a").maskPattern, 5),
		differs("Masks"),
	],
];

export default { beyond: [...errors, ...images, ...refused] };
