// What each package has for browsers, with a document as jsdom has it; toCanvas is in canvas.js.
import assert from "node:assert/strict";
import {
	decodePixels,
	decodePng,
	decodeRows,
	decodeSvg,
	drawSvg,
	makeCanvas,
	rowsOfHalfBlocks,
	rowsOfSymbol,
} from "../judge.js";
import { loadForBrowser } from "../run.js";
import { callback } from "./calls.js";
import { withDocument } from "./canvas.js";

const text = "pony";
const level = { errorCorrectionLevel: "H" };
const failsIn = (name, see) => ({ fails: name, see });

/** What a URL shows, or else the canvas that made it. */
async function decodeUrl(url, canvas) {
	return canvas ? decodePixels(canvas.pixels()) : decodePng(url);
}

const givenCanvas = [
	[
		"canvas, text, callback",
		(qr, canvas) => callback((cb) => qr.toDataURL(canvas, text, cb)),
		"M",
	],
	[
		"canvas, text, options, callback",
		(qr, canvas) => callback((cb) => qr.toDataURL(canvas, text, level, cb)),
		"H",
	],
	[
		"canvas, text: a promise",
		async (qr, canvas) => [null, await qr.toDataURL(canvas, text)],
		"M",
	],
	[
		"canvas, text, options: a promise",
		async (qr, canvas) => [null, await qr.toDataURL(canvas, text, level)],
		"H",
	],
].map(([says, call, expected]) => [
	says,
	async ({ qr }) => {
		const canvas = makeCanvas();
		const [error, url] = await call(qr, canvas);
		assert.ok(!error);
		assert.match(url, /^data:image\/png;base64,/);
		const found = await decodeUrl(url, canvas);
		assert.deepEqual([found.text, found.level], [text, expected]);
	},
]);

const withoutCanvas = [
	["text, callback", (qr) => callback((cb) => qr.toDataURL(text, cb)), "M"],
	[
		"text, options, callback",
		(qr) => callback((cb) => qr.toDataURL(text, level, cb)),
		"H",
	],
	["text: a promise", async (qr) => [null, await qr.toDataURL(text)], "M"],
	[
		"text, options: a promise",
		async (qr) => [null, await qr.toDataURL(text, level)],
		"H",
	],
].map(([says, call, expected]) => [
	says,
	({ qr }) =>
		withDocument(async (made) => {
			const [error, url] = await call(qr);
			assert.ok(!error);
			assert.match(url, /^data:image\/png;base64,/);
			const found = await decodeUrl(url, made[0]);
			assert.deepEqual([found.text, found.level], [text, expected]);
		}),
]);

const types = ["image/jpeg", "image/webp"].flatMap((type) => [
	[
		`type ${type}: the canvas makes it`,
		async ({ qr }) => {
			const canvas = makeCanvas();
			const url = await qr.toDataURL(canvas, text, { type });
			assert.ok(url.startsWith(`data:${type};base64,`));
		},
	],
	[
		`type ${type}, with rendererOpts.quality`,
		async ({ qr }) => {
			const canvas = makeCanvas();
			const rendererOpts = { quality: 0.3 };
			await qr.toDataURL(canvas, text, { type, rendererOpts });
			assert.deepEqual(canvas.calls.at(-1), ["toDataURL", type, 0.3]);
		},
	],
	[
		`type ${type}, without a canvas: one of the document`,
		({ qr }) =>
			withDocument(async (made) => {
				const url = await qr.toDataURL(text, { type });
				assert.ok(url.startsWith(`data:${type};base64,`));
				assert.equal((await decodeUrl(url, made[0])).text, text);
			}),
	],
]);

const dataUrlErrors = [
	["an empty text", "", {}],
	["a text that no code can hold", "a".repeat(2332), {}],
	["a colour that is none", text, { color: { dark: "#12" } }],
].flatMap(([says, value, options]) => [
	[
		`${says}: rejected`,
		({ qr }) =>
			withDocument(() => assert.rejects(qr.toDataURL(value, options), Error)),
	],
	[
		`${says}: passed to the callback`,
		({ qr }) =>
			withDocument(async () => {
				const [error] = await callback((cb) =>
					qr.toDataURL(value, options, cb),
				);
				assert.ok(error instanceof Error);
			}),
	],
]);

const svg = { type: "svg" };
const strings = [
	[
		"text, options: a promise of an SVG",
		async ({ qr }) =>
			assert.equal((await decodeSvg(await qr.toString(text, svg))).text, text),
	],
	[
		"text, options, callback",
		async ({ qr }) => {
			const [error, drawn] = await callback((cb) => qr.toString(text, svg, cb));
			assert.ok(!error);
			assert.equal((await decodeSvg(drawn)).text, text);
		},
	],
	[
		"width, margin and colours",
		async ({ qr }) => {
			const options = {
				...svg,
				width: 300,
				margin: 1,
				color: { dark: "#00F" },
			};
			const drawn = drawSvg(await qr.toString(text, options));
			assert.equal(drawn.root.width, "300");
			assert.equal(drawn.unitsWide, 23);
			assert.equal(drawn.at(5, 5), "0000ffff");
		},
	],
	[
		"an empty text: rejected",
		({ qr }) => assert.rejects(qr.toString("", svg), Error),
	],
	[
		"no type: half blocks",
		async ({ qr }) => {
			const blocks = await qr.toString(text);
			assert.equal((await decodeRows(rowsOfHalfBlocks(blocks))).text, text);
		},
		failsIn("qrcode", "`toString` in browsers"),
	],
];

const symbols = [
	[
		"text",
		async ({ qr }) => {
			const rows = rowsOfSymbol(qr.create(text));
			assert.equal((await decodeRows(rows)).text, text);
		},
	],
	[
		"text, options",
		({ qr }) => {
			const symbol = qr.create(text, { version: 3, maskPattern: 2 });
			assert.deepEqual([symbol.version, symbol.maskPattern], [3, 2]);
			assert.equal(symbol.modules.size, 29);
		},
	],
	[
		"segments",
		({ qr }) =>
			assert.equal(
				qr.create([{ data: "1", mode: "byte" }]).segments[0].mode.id,
				"Byte",
			),
	],
	[
		"an empty text: thrown",
		({ qr }) => assert.throws(() => qr.create(""), Error),
	],
	[
		"before any other call",
		async ({ name }) => {
			const { create } = await loadForBrowser(name, { isStarted: false });
			assert.equal(create(text).version, 1);
		},
		failsIn("qr-tiers", "`create` in browsers"),
	],
];

export default {
	"browser: toDataURL": [
		...givenCanvas,
		...withoutCanvas,
		...types,
		...dataUrlErrors,
	],
	"browser: toString": strings,
	"browser: create": symbols,
};
