// What qrcode doesn't do, or not so: each shows a row of docs/migrating-from-qrcode.md.
import assert from "node:assert/strict";
import { decodePng } from "../judge.js";

const text = "pony";
const failsIn = (see) => ({ fails: "qrcode", see });

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

export default { beyond: [...errors, ...images] };
