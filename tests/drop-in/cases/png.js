// PNG: its geometry, its colours, its file. By toBuffer, which the other calls share it with.
import assert from "node:assert/strict";
import {
	decodePixels,
	decodePng,
	readPng,
	rowsOfPixels,
	rowsOfSymbol,
	sideOf,
	withoutMargin,
} from "../judge.js";

const text = "pony";
const side = 21;

const margins = [
	[0, 0],
	[1, 1],
	[2, 2],
	[10, 10],
	["2", 2],
	[-1, 4],
	[null, 4],
	[undefined, 4],
].map(([margin, expected]) => [
	`margin ${JSON.stringify(margin)}: ${expected} modules`,
	async ({ qr }) => {
		const pixels = readPng(await qr.toBuffer(text, { margin }));
		assert.equal(pixels.width, (side + 2 * expected) * 4);
		assert.equal(pixels.height, pixels.width);
		const found = withoutMargin(rowsOfPixels(pixels, 4));
		assert.equal(found.margin, expected);
		assert.deepEqual(found.rows, rowsOfSymbol(qr.create(text)));
	},
]);

/** [margin, offset of the symbol in px at 4 px a module]. */
const fractions = [
	[0.5, 2],
	[2.5, 10],
	[1.25, 5],
].map(([margin, offset]) => [
	`margin ${margin}: ${offset} px`,
	async ({ qr }) => {
		const png = await qr.toBuffer(text, { margin });
		const pixels = readPng(png);
		assert.equal(pixels.width, Math.floor((side + 2 * margin) * 4));
		assert.equal(pixels.at(offset, offset), "000000ff");
		assert.equal(pixels.at(offset - 1, offset), "ffffffff");
		assert.equal(pixels.at(offset, offset - 1), "ffffffff");
		assert.equal((await decodePixels(pixels)).text, text);
	},
]);

const scales = [
	[1, 1],
	[2, 2],
	[8, 8],
	["3", 3],
	[0, 4],
	[null, 4],
	[undefined, 4],
].map(([scale, expected]) => [
	`scale ${JSON.stringify(scale)}: ${expected} px a module`,
	async ({ qr }) => {
		const pixels = readPng(await qr.toBuffer(text, { scale }));
		assert.equal(pixels.width, (side + 8) * expected);
		assert.deepEqual(
			withoutMargin(rowsOfPixels(pixels, expected)).rows,
			rowsOfSymbol(qr.create(text)),
		);
	},
]);

const fractionalScales = [
	[1.5, { fails: "qrcode", see: "Modules" }],
	[2.5],
	[7.9],
].map(([scale, marks]) => [
	`scale ${scale}: the side of the image`,
	async ({ qr }) => {
		const png = await qr.toBuffer(text, { scale });
		assert.equal(sideOf(png), Math.floor((side + 8) * scale));
		assert.equal((await decodePng(png)).text, text);
	},
	marks,
]);

const widths = [29, 58, 100, 200, 300, 301, 1200, "290"].map((width) => [
	`width ${JSON.stringify(width)}: exact`,
	async ({ qr }) => {
		const png = await qr.toBuffer(text, { width });
		assert.equal(sideOf(png), Number(width));
		assert.equal((await decodePng(png)).text, text);
	},
]);

const ignoredWidths = [28, 21, 20, 1, 0, -5, null, undefined, "x"].map(
	(width) => [
		`width ${JSON.stringify(width)}: ignored`,
		async ({ qr }) =>
			assert.equal(sideOf(await qr.toBuffer(text, { width })), (side + 8) * 4),
	],
);

const geometry = [
	[
		"4 px a module, a margin of 4",
		async ({ qr }) => {
			const pixels = readPng(await qr.toBuffer(text));
			assert.equal(pixels.width, (side + 8) * 4);
			assert.equal(withoutMargin(rowsOfPixels(pixels, 4)).margin, 4);
		},
	],
	[
		"width wins over scale",
		async ({ qr }) =>
			assert.equal(
				sideOf(await qr.toBuffer(text, { width: 200, scale: 10 })),
				200,
			),
	],
	[
		"width below 21: scale holds",
		async ({ qr }) =>
			assert.equal(
				sideOf(await qr.toBuffer(text, { width: 20, scale: 2 })),
				(side + 8) * 2,
			),
	],
	[
		"width too small for the symbol: scale holds",
		async ({ qr }) =>
			assert.equal(
				sideOf(await qr.toBuffer(text, { width: 25, scale: 2 })),
				(side + 8) * 2,
			),
		{ fails: "qrcode", see: "`width` too small" },
	],
	[
		"a width that just holds a symbol without margin",
		async ({ qr }) =>
			assert.equal(
				sideOf(await qr.toBuffer(text, { width: 21, margin: 0 })),
				21,
			),
	],
	[
		"a fraction of a px in the width is cut off",
		async ({ qr }) =>
			assert.equal(sideOf(await qr.toBuffer(text, { width: 203.5 })), 203),
	],
	[
		"a width that is no multiple of the modules: modules as wide as each other",
		async ({ qr }) => {
			const pixels = readPng(await qr.toBuffer(text, { width: 200 }));
			const runs = new Set();
			for (let y = 0; y < pixels.height; y++) {
				const row = Array.from({ length: 200 }, (_, x) => pixels.at(x, y));
				let start = row.indexOf("000000ff");
				const end = row.lastIndexOf("000000ff");
				for (let x = start; x >= 0 && x <= end; x++)
					if (row[x + 1] !== row[x]) {
						runs.add(x + 1 - start);
						start = x + 1;
					}
			}
			const scale = Math.min(...runs);
			assert.deepEqual(
				[...runs].filter((run) => run % scale !== 0),
				[],
			);
		},
		{ fails: "qrcode", see: "Modules" },
	],
	[
		"width 4097",
		async ({ qr }) => {
			const png = await qr.toBuffer(text, { width: 4097 });
			assert.equal(sideOf(png), 4097);
		},
		{ fails: "qr-tiers", see: "Large images", isLong: true },
	],
];

const transparentWhite = ["00000000", "ffffff00"];

/** [dark, as "rrggbbaa"]. */
const colours = [
	["#00F", "0000ffff"],
	["#00f", "0000ffff"],
	["00F", "0000ffff"],
	["#00F8", "0000ff88"],
	["#123456", "123456ff"],
	["123456", "123456ff"],
	["#12345680", "12345680"],
	["#ABCDEF", "abcdefff"],
	["#000000ff", "000000ff"],
	[112233, "112233ff"],
];

const darks = colours.map(([dark, expected]) => [
	`color.dark ${JSON.stringify(dark)}`,
	async ({ qr }) => {
		const pixels = readPng(await qr.toBuffer(text, { color: { dark } }));
		assert.equal(pixels.at(16, 16), expected);
		assert.equal(pixels.at(0, 0), "ffffffff");
	},
]);

const lights = [
	["#FF0", "ffff00ff"],
	["#ff0c", "ffff00cc"],
	["#fafafa", "fafafaff"],
	["FAFAFA", "fafafaff"],
	["#fafafa7f", "fafafa7f"],
].map(([light, expected]) => [
	`color.light ${JSON.stringify(light)}`,
	async ({ qr }) => {
		const pixels = readPng(await qr.toBuffer(text, { color: { light } }));
		assert.equal(pixels.at(0, 0), expected);
		assert.equal(pixels.at(20, 20), expected);
		assert.equal(pixels.at(16, 16), "000000ff");
	},
]);

const colouring = [
	[
		"black on white, opaque",
		async ({ qr }) => {
			const pixels = readPng(await qr.toBuffer(text));
			const found = new Set();
			for (let i = 0; i < pixels.width; i++) found.add(pixels.at(i, 18));
			assert.deepEqual([...found].sort(), ["000000ff", "ffffffff"]);
		},
	],
	[
		"color.light #0000: a transparent background",
		async ({ qr }) => {
			const color = { light: "#0000" };
			const pixels = readPng(await qr.toBuffer(text, { color }));
			assert.ok(transparentWhite.includes(pixels.at(0, 0)));
			assert.equal(pixels.at(16, 16), "000000ff");
			assert.equal((await decodePixels(pixels)).text, text);
		},
	],
	[
		"both colours, in README's spelling",
		async ({ qr }) => {
			const color = { dark: "#010599FF", light: "#FFBF60FF" };
			const png = await qr.toBuffer(text, { color });
			assert.equal(readPng(png).at(16, 16), "010599ff");
			assert.equal(readPng(png).at(0, 0), "ffbf60ff");
			assert.equal((await decodePng(png)).text, text);
		},
	],
	[
		"light on dark",
		async ({ qr }) => {
			const color = { dark: "#fff", light: "#000" };
			const pixels = readPng(await qr.toBuffer(text, { color }));
			assert.deepEqual(
				withoutMargin(rowsOfPixels(pixels, 4, "ffffffff")).rows,
				rowsOfSymbol(qr.create(text)),
			);
		},
	],
	[
		"both colours the same",
		async ({ qr }) => {
			const color = { dark: "#fff", light: "#fff" };
			const pixels = readPng(await qr.toBuffer(text, { color }));
			assert.equal(pixels.at(16, 16), "ffffffff");
		},
	],
	...[{}, null, undefined, { dark: undefined, light: null }].map((color) => [
		`color ${JSON.stringify(color)}: black on white`,
		async ({ qr }) => {
			const pixels = readPng(await qr.toBuffer(text, { color }));
			assert.equal(pixels.at(16, 16), "000000ff");
			assert.equal(pixels.at(0, 0), "ffffffff");
		},
	]),
];

const files = [
	...["png", "image/png", undefined, "unheard-of"].map((type) => [
		`type ${JSON.stringify(type)}: a PNG`,
		async ({ qr }) => {
			const png = await qr.toBuffer(text, { type });
			assert.equal(png.subarray(1, 4).toString(), "PNG");
		},
	]),
	...[
		{ deflateLevel: 9, deflateStrategy: 3 },
		{ deflateLevel: 0 },
		{ quality: 0.3 },
		{},
		undefined,
		null,
	].map((rendererOpts) => [
		`rendererOpts ${JSON.stringify(rendererOpts)}`,
		async ({ qr }) =>
			assert.equal(
				(await decodePng(await qr.toBuffer(text, { rendererOpts }))).text,
				text,
			),
	]),
	[
		"a Buffer of its own: later calls leave it alone",
		async ({ qr }) => {
			const png = await qr.toBuffer(text);
			const copy = Buffer.from(png);
			for (let i = 0; i < 5; i++) await qr.toBuffer(`other ${i}`);
			assert.deepEqual(png, copy);
		},
	],
];

export default {
	"PNG: geometry": [
		...geometry,
		...margins,
		...fractions,
		...scales,
		...fractionalScales,
		...widths,
		...ignoredWidths,
	],
	"PNG: colours": [...colouring, ...darks, ...lights],
	"PNG: the file": files,
};
