// toCanvas, on Node and in browsers: on whatever canvas it is given, or one that document makes.
import assert from "node:assert/strict";
import {
	decodePixels,
	makeCanvas,
	rowsOfPixels,
	rowsOfSymbol,
	withoutMargin,
} from "../judge.js";
import { callback } from "./calls.js";

const text = "pony";
const side = 21;
const level = { errorCorrectionLevel: "H" };

async function holds(canvas, expected = {}) {
	const found = await decodePixels(canvas.pixels());
	assert.equal(found.text, expected.text ?? text);
	assert.equal(found.level, expected.level ?? "M");
}

/** Runs with a document that makes canvases, as browsers and jsdom have it. */
export async function withDocument(run) {
	const made = [];
	globalThis.document = {
		createElement(name) {
			assert.equal(name, "canvas");
			made.push(makeCanvas());
			return made.at(-1);
		},
	};
	try {
		await run(made);
	} finally {
		delete globalThis.document;
	}
}

async function draw(qr, options) {
	const canvas = makeCanvas();
	await qr.toCanvas(canvas, text, options);
	return canvas;
}

const orders = [
	[
		"canvas, text, callback",
		async ({ qr }) => {
			const canvas = makeCanvas();
			const [error] = await callback((cb) => qr.toCanvas(canvas, text, cb));
			assert.ok(!error);
			await holds(canvas);
		},
	],
	[
		"canvas, text, options, callback",
		async ({ qr }) => {
			const canvas = makeCanvas();
			const [error] = await callback((cb) =>
				qr.toCanvas(canvas, text, level, cb),
			);
			assert.ok(!error);
			await holds(canvas, { level: "H" });
		},
	],
	[
		"canvas, text: a promise of the canvas",
		async ({ qr }) => {
			const canvas = makeCanvas();
			assert.equal(await qr.toCanvas(canvas, text), canvas);
			await holds(canvas);
		},
	],
	[
		"canvas, text, options: a promise",
		async ({ qr }) => {
			const canvas = makeCanvas();
			await qr.toCanvas(canvas, text, level);
			await holds(canvas, { level: "H" });
		},
	],
	[
		"the callback gets the canvas, too",
		async ({ qr }) => {
			const canvas = makeCanvas();
			const [, given] = await callback((cb) => qr.toCanvas(canvas, text, cb));
			assert.equal(given, canvas);
		},
	],
	[
		"canvas, segments",
		async ({ qr }) => {
			const canvas = makeCanvas();
			await qr.toCanvas(canvas, [{ data: "123", mode: "numeric" }]);
			await holds(canvas, { text: "123" });
		},
	],
	[
		"text, callback, with a document: a new canvas",
		({ qr }) =>
			withDocument(async (made) => {
				const [error, canvas] = await callback((cb) => qr.toCanvas(text, cb));
				assert.ok(!error);
				assert.equal(canvas, made[0]);
				await holds(canvas);
			}),
	],
	[
		"text, options, callback, with a document",
		({ qr }) =>
			withDocument(async (made) => {
				const [, canvas] = await callback((cb) => qr.toCanvas(text, level, cb));
				assert.equal(canvas, made[0]);
				await holds(canvas, { level: "H" });
			}),
	],
	[
		"text, with a document: a promise",
		({ qr }) =>
			withDocument(async (made) => {
				assert.equal(await qr.toCanvas(text), made[0]);
				await holds(made[0]);
			}),
	],
	[
		"text, options, with a document: a promise",
		({ qr }) =>
			withDocument(async (made) => {
				assert.equal(await qr.toCanvas(text, level), made[0]);
				await holds(made[0], { level: "H" });
			}),
	],
	[
		"segments, with a document",
		({ qr }) =>
			withDocument(async (made) => {
				await qr.toCanvas([{ data: "123", mode: "numeric" }]);
				await holds(made[0], { text: "123" });
			}),
	],
];

const drawing = [
	[
		"canvas.width and height are set to the side of the image",
		async ({ qr }) => {
			const canvas = await draw(qr);
			assert.equal(canvas.width, (side + 8) * 4);
			assert.equal(canvas.height, (side + 8) * 4);
		},
	],
	[
		"so is its style",
		async ({ qr }) => {
			const canvas = await draw(qr);
			assert.equal(canvas.style.width, "116px");
			assert.equal(canvas.style.height, "116px");
		},
	],
	[
		"a canvas without style gets one",
		async ({ qr }) => {
			const canvas = makeCanvas({ withoutStyle: true });
			await qr.toCanvas(canvas, text);
			assert.equal(canvas.style.width, "116px");
		},
	],
	[
		"it is drawn in 2d, at the top left corner",
		async ({ qr }) => {
			const { calls } = await draw(qr);
			assert.deepEqual(calls[0], ["getContext", "2d"]);
			assert.deepEqual(calls.at(-1), ["putImageData", 0, 0]);
		},
	],
	[
		"what was there is cleared",
		async ({ qr }) => {
			const { calls } = await draw(qr);
			assert.ok(calls.some(([name]) => name === "clearRect"));
		},
	],
	[
		"the modules of create()",
		async ({ qr }) => {
			const canvas = await draw(qr);
			assert.deepEqual(
				withoutMargin(rowsOfPixels(canvas.pixels(), 4)).rows,
				rowsOfSymbol(qr.create(text)),
			);
		},
	],
	[
		"drawn twice: the second one stays",
		async ({ qr }) => {
			const canvas = makeCanvas();
			await qr.toCanvas(canvas, "a".repeat(100));
			await qr.toCanvas(canvas, text);
			await holds(canvas);
			assert.equal(canvas.width, 116);
		},
	],
	...[
		["margin 1", { margin: 1 }, (side + 2) * 4],
		["margin 0", { margin: 0 }, side * 4],
		["margin 2.5", { margin: 2.5 }, (side + 5) * 4],
		["scale 2", { scale: 2 }, (side + 8) * 2],
		["width 290", { width: 290 }, 290],
		["width 200", { width: 200 }, 200],
		["width 20: ignored", { width: 20 }, (side + 8) * 4],
	].map(([says, options, width]) => [
		says,
		async ({ qr }) => {
			const canvas = await draw(qr, options);
			assert.equal(canvas.width, width);
			assert.equal(canvas.pixels().width, width);
			await holds(canvas);
		},
	]),
	[
		"colours, with alpha",
		async ({ qr }) => {
			const canvas = await draw(qr, {
				color: { dark: "#00F8", light: "#FF0" },
			});
			assert.equal(canvas.pixels().at(16, 16), "0000ff88");
			assert.equal(canvas.pixels().at(0, 0), "ffff00ff");
		},
	],
	[
		"a transparent background",
		async ({ qr }) => {
			const canvas = await draw(qr, { color: { light: "#0000" } });
			assert.equal(canvas.pixels().at(0, 0).slice(6), "00");
		},
	],
];

const wrong = [
	["an empty text", "", {}],
	["a text that no code can hold", "a".repeat(2332), {}],
	["a text too long for the version", "a".repeat(100), { version: 1 }],
	["a colour that is none", text, { color: { dark: "#12" } }],
	["a number as text", 5, {}],
];

const errors = [
	...wrong.flatMap(([what, value, options]) => [
		[
			`${what}: rejected`,
			({ qr }) =>
				assert.rejects(qr.toCanvas(makeCanvas(), value, options), Error),
		],
		[
			`${what}: passed to the callback`,
			async ({ qr }) => {
				const [error] = await callback((cb) =>
					qr.toCanvas(makeCanvas(), value, options, cb),
				);
				assert.ok(error instanceof Error);
			},
		],
	]),
	[
		"no canvas and no document: rejected",
		({ qr }) => assert.rejects(qr.toCanvas(text), /canvas/),
	],
	[
		"no canvas and no document: passed to the callback",
		async ({ qr }) => {
			const [error] = await callback((cb) => qr.toCanvas(text, cb));
			assert.match(error.message, /canvas/);
		},
	],
	[
		"no arguments: thrown",
		({ qr }) => assert.throws(() => qr.toCanvas(), Error),
	],
	[
		"a callback alone: thrown",
		({ qr }) => assert.throws(() => qr.toCanvas(() => {}), Error),
	],
];

const rows = [...orders, ...drawing, ...errors];

export default { toCanvas: rows, "browser: toCanvas": rows };
