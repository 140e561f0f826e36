// toString: half blocks, the terminal, SVG.
import assert from "node:assert/strict";
import {
	decodeRows,
	decodeSvg,
	drawSvg,
	readTerminal,
	rowsOfHalfBlocks,
	rowsOfPixels,
	rowsOfSmallTerminal,
	rowsOfSymbol,
	rowsOfTerminal,
	withoutMargin,
} from "../judge.js";

const text = "pony";
const side = 21;
const svg = { type: "svg" };

const isHalfBlocks = (string) => /^[ ▀▄█\n]+$/.test(string);

const utf8 = [
	...[undefined, "utf8", "unheard-of", "png"].map((type) => [
		`type ${JSON.stringify(type)}: half blocks`,
		async ({ qr }) => {
			const blocks = await qr.toString(text, { type });
			assert.ok(isHalfBlocks(blocks));
			assert.equal((await decodeRows(rowsOfHalfBlocks(blocks))).text, text);
		},
	]),
	[
		"a margin of 4 modules: columns, and half as many lines",
		async ({ qr }) => {
			const lines = (await qr.toString(text)).split("\n");
			assert.equal([...lines[0]].length, side + 8);
			const first = lines.findIndex((line) => line.trim() !== "");
			assert.equal(first, 2);
			assert.equal(lines[first].indexOf("█"), 4);
		},
	],
	[
		"lines of one length, none at the end",
		async ({ qr }) => {
			const blocks = await qr.toString(text);
			assert.ok(!blocks.endsWith("\n"));
			const lengths = blocks.split("\n").map((line) => [...line].length);
			assert.deepEqual([...new Set(lengths)], [side + 8]);
		},
	],
	...[0, 2, 6].map((margin) => [
		`margin ${margin}`,
		async ({ qr }) => {
			const rows = rowsOfHalfBlocks(await qr.toString(text, { margin }));
			assert.equal(rows[0].length, side + 2 * margin);
			assert.equal(
				rows.findIndex((row) => row.some(Boolean)),
				margin,
			);
		},
	]),
	[
		"margin 1",
		async ({ qr }) => {
			const rows = rowsOfHalfBlocks(await qr.toString(text, { margin: 1 }));
			assert.equal(rows[0].length, side + 2);
		},
		{ fails: "qrcode", see: "Odd margins" },
	],
	[
		"the modules of create()",
		async ({ qr }) => {
			const rows = rowsOfHalfBlocks(await qr.toString(text, { margin: 0 }));
			assert.deepEqual(rows.slice(0, side), rowsOfSymbol(qr.create(text)));
		},
	],
	...[
		["color.dark #ffffff: inverted", { dark: "#ffffff" }],
		["color.light #000000: inverted", { light: "#000000" }],
		["color.dark #fff: inverted", { dark: "#fff" }],
	].map(([says, color]) => [
		says,
		async ({ qr }) => {
			const blocks = await qr.toString(text, { color });
			const rows = rowsOfHalfBlocks(blocks).map((row) =>
				row.map((ink) => !ink),
			);
			assert.equal((await decodeRows(rows)).text, text);
		},
	]),
	[
		"other colours leave it as it is",
		async ({ qr }) =>
			assert.equal(
				await qr.toString(text, { color: { dark: "#123456" } }),
				await qr.toString(text),
			),
	],
	[
		"width and scale leave it as it is",
		async ({ qr }) =>
			assert.equal(
				await qr.toString(text, { width: 500, scale: 9 }),
				await qr.toString(text),
			),
	],
];

const terminal = [
	[
		"type terminal: two columns a module, black on white",
		async ({ qr }) => {
			const shown = await qr.toString(text, { type: "terminal" });
			const rows = rowsOfTerminal(shown);
			assert.deepEqual(withoutMargin(rows).rows, rowsOfSymbol(qr.create(text)));
			assert.equal((await decodeRows(rows)).text, text);
		},
	],
	[
		"a margin of one module, whatever is asked for",
		async ({ qr }) => {
			for (const margin of [undefined, 0, 4]) {
				const options = { type: "terminal", margin };
				const rows = rowsOfTerminal(await qr.toString(text, options));
				assert.equal(rows.length, side + 2);
				assert.equal(rows[0].length, side + 2);
				assert.equal(withoutMargin(rows).margin, 1);
			}
		},
	],
	[
		"every cell has its colour, so that it is read on any background",
		async ({ qr }) => {
			const cells = readTerminal(await qr.toString(text, { type: "terminal" }));
			for (const [top, bottom] of cells.flat())
				assert.ok(top !== undefined && bottom !== undefined);
		},
	],
	[
		"colours are put back at the end of each line",
		async ({ qr }) => {
			const shown = await qr.toString(text, { type: "terminal" });
			for (const line of shown.trimEnd().split("\n"))
				assert.ok(line.endsWith("\x1b[0m"));
		},
	],
	[
		"it ends with a line break",
		async ({ qr }) =>
			assert.ok((await qr.toString(text, { type: "terminal" })).endsWith("\n")),
	],
	[
		"small: half blocks in colours",
		async ({ qr }) => {
			const options = { type: "terminal", small: true };
			const shown = await qr.toString(text, options);
			const rows = rowsOfSmallTerminal(shown);
			assert.equal((await decodeRows(rows)).text, text);
			const lines = shown.split("\n").filter((line) => /[ ▀▄█]/u.test(line));
			assert.ok(lines.length <= (side + 3) / 2);
		},
	],
	[
		"small: false is the large one",
		async ({ qr }) =>
			assert.equal(
				await qr.toString(text, { type: "terminal", small: false }),
				await qr.toString(text, { type: "terminal" }),
			),
	],
	[
		"small without a terminal: half blocks as ever",
		async ({ qr }) =>
			assert.equal(
				await qr.toString(text, { small: true }),
				await qr.toString(text),
			),
	],
	[
		"small and inverse: dark and light exchanged",
		async ({ qr }) => {
			const options = { type: "terminal", small: true, inverse: true };
			const shown = await qr.toString(text, options);
			const rows = rowsOfSmallTerminal(shown, "white");
			assert.equal((await decodeRows(rows)).text, text);
		},
	],
];

const rootOf = (string) => drawSvg(string).root;

const shapes = [
	[
		"type svg: a document that holds the text",
		async ({ qr }) => {
			const drawn = await qr.toString(text, svg);
			assert.ok(drawn.startsWith("<svg"));
			assert.ok(drawn.trimEnd().endsWith("</svg>"));
			assert.equal((await decodeSvg(drawn)).text, text);
		},
	],
	[
		"xmlns",
		async ({ qr }) =>
			assert.equal(
				rootOf(await qr.toString(text, svg)).xmlns,
				"http://www.w3.org/2000/svg",
			),
	],
	[
		"viewBox: a unit a module, with the margin",
		async ({ qr }) =>
			assert.equal(
				rootOf(await qr.toString(text, svg)).viewBox,
				`0 0 ${side + 8} ${side + 8}`,
			),
	],
	[
		"no width or height unless asked for: it scales",
		async ({ qr }) => {
			const root = rootOf(await qr.toString(text, svg));
			assert.equal(root.width, undefined);
			assert.equal(root.height, undefined);
		},
	],
	[
		"width: width and height",
		async ({ qr }) => {
			const root = rootOf(await qr.toString(text, { ...svg, width: 300 }));
			assert.equal(Number(root.width), 300);
			assert.equal(Number(root.height), 300);
			assert.equal(root.viewBox, `0 0 ${side + 8} ${side + 8}`);
		},
	],
	...[20, 0, -1, null].map((width) => [
		`width ${width}: ignored`,
		async ({ qr }) =>
			assert.equal(
				rootOf(await qr.toString(text, { ...svg, width })).width,
				undefined,
			),
	]),
	[
		"width 10000",
		async ({ qr }) =>
			assert.equal(
				Number(rootOf(await qr.toString(text, { ...svg, width: 10000 })).width),
				10000,
			),
	],
	[
		"width 25, less than the symbol has modules: the picture is just that small",
		async ({ qr }) =>
			assert.equal(
				Number(rootOf(await qr.toString(text, { ...svg, width: 25 })).width),
				25,
			),
	],
	[
		"scale changes nothing",
		async ({ qr }) =>
			assert.equal(
				await qr.toString(text, { ...svg, scale: 9 }),
				await qr.toString(text, svg),
			),
	],
	[
		"shape-rendering: crisp edges",
		async ({ qr }) =>
			assert.match(
				await qr.toString(text, svg),
				/shape-rendering="crispEdges"/,
			),
	],
	...[0, 1, 2, 10].map((margin) => [
		`margin ${margin}`,
		async ({ qr }) => {
			const drawn = drawSvg(await qr.toString(text, { ...svg, margin }));
			assert.equal(drawn.unitsWide, side + 2 * margin);
			const found = withoutMargin(rowsOfPixels(drawn, 4));
			assert.equal(found.margin, margin);
			assert.deepEqual(found.rows, rowsOfSymbol(qr.create(text)));
		},
	]),
	[
		"margin 2.5",
		async ({ qr }) => {
			const drawn = drawSvg(await qr.toString(text, { ...svg, margin: 2.5 }));
			assert.equal(drawn.unitsWide, side + 5);
			assert.equal(drawn.at(10, 10), "000000ff");
			assert.equal(drawn.at(9, 9), "ffffffff");
		},
	],
	[
		"black on white",
		async ({ qr }) => {
			const drawn = drawSvg(await qr.toString(text, svg));
			assert.equal(drawn.at(0, 0), "ffffffff");
			assert.equal(drawn.at(17, 17), "000000ff");
		},
	],
	...[
		["color.dark #00F", { dark: "#00F" }, "0000ffff", "ffffffff"],
		["color.dark #123456", { dark: "#123456" }, "123456ff", "ffffffff"],
		["color.light #FF0", { light: "#FF0" }, "000000ff", "ffff00ff"],
		[
			"both colours",
			{ dark: "#010599FF", light: "#FFBF60FF" },
			"010599ff",
			"ffbf60ff",
		],
	].map(([says, color, dark, light]) => [
		says,
		async ({ qr }) => {
			const drawn = drawSvg(await qr.toString(text, { ...svg, color }));
			assert.equal(drawn.at(17, 17), dark);
			assert.equal(drawn.at(0, 0), light);
		},
	]),
	[
		"color.light #0000: no background",
		async ({ qr }) => {
			const options = { ...svg, color: { light: "#0000" } };
			const drawn = drawSvg(await qr.toString(text, options));
			assert.equal(drawn.at(0, 0), "00000000");
			assert.equal(drawn.at(17, 17), "000000ff");
		},
	],
	[
		"color.dark with an alpha of a half",
		async ({ qr }) => {
			const options = { ...svg, color: { dark: "#00000080", light: "#fff" } };
			const drawn = drawSvg(await qr.toString(text, options));
			const gray = Number.parseInt(drawn.at(17, 17).slice(0, 2), 16);
			assert.ok(gray > 0x78 && gray < 0x88, drawn.at(17, 17));
		},
	],
	[
		"color.light with an alpha of a half",
		async ({ qr }) => {
			const options = { ...svg, color: { light: "#ffffff80" } };
			const drawn = drawSvg(await qr.toString(text, options));
			const alpha = Number.parseInt(drawn.at(0, 0).slice(6), 16);
			assert.ok(alpha > 0x78 && alpha < 0x88, drawn.at(0, 0));
		},
	],
	[
		"it ends with a line break",
		async ({ qr }) => assert.ok((await qr.toString(text, svg)).endsWith("\n")),
	],
	[
		"it can stand in a page: no prolog",
		async ({ qr }) =>
			assert.doesNotMatch(await qr.toString(text, svg), /<[?!]/),
	],
	[
		"a large symbol",
		async ({ qr }) => {
			const long = "long ".repeat(300);
			assert.equal((await decodeSvg(await qr.toString(long, svg))).text, long);
		},
	],
];

export default {
	"toString: half blocks": utf8,
	"toString: terminal": terminal,
	"toString: svg": shapes,
};
