// toFile and toFileStream.
import assert from "node:assert/strict";
import { createWriteStream, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PassThrough, Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import {
	decodePng,
	decodeRows,
	decodeSvg,
	drawSvg,
	readPng,
	rowsOfHalfBlocks,
	sideOf,
} from "../judge.js";
import { callback } from "./calls.js";

const text = "pony";

const readers = {
	png: async (bytes) => decodePng(bytes),
	svg: async (bytes) => decodeSvg(bytes.toString()),
	utf8: async (bytes) => decodeRows(rowsOfHalfBlocks(bytes.toString())),
};

/** [name of the file, options, what is in it]. */
const types = [
	["code.png", {}, "png"],
	["code.svg", {}, "svg"],
	["code.txt", {}, "utf8"],
	["code.PNG", {}, "png"],
	["code.SVG", {}, "svg"],
	["code.Txt", {}, "utf8"],
	["two.dots.svg", {}, "svg"],
	["code.jpg", {}, "png"],
	["code", {}, "png"],
	["code.utf8", {}, "utf8"],
	["code.svg", { type: "png" }, "png"],
	["code.png", { type: "svg" }, "svg"],
	["code.png", { type: "utf8" }, "utf8"],
	["code.png", { type: "txt" }, "utf8"],
	["code.txt", { type: "svg" }, "svg"],
	["code", { type: "svg" }, "svg"],
	["code", { type: "image/png" }, "png"],
	["code.svg", { type: undefined }, "svg"],
	["code.svg", { type: "" }, "svg"],
	["code.svg", { type: "unheard-of" }, "png"],
].map(([name, options, type]) => [
	`${name}${"type" in options ? `, type ${JSON.stringify(options.type)}` : ""}: ${type}`,
	async ({ qr, folder }) => {
		const file = path.join(folder, name);
		await qr.toFile(file, text, options);
		assert.equal((await readers[type](readFileSync(file))).text, text);
	},
]);

const files = [
	[
		"a dot in a folder's name is no extension",
		async ({ qr, folder }) => {
			const file = path.join(folder, "code");
			await qr.toFile(`${folder}/./code`, text);
			assert.equal((await decodePng(readFileSync(file))).text, text);
		},
	],
	[
		"an SVG file begins with its prolog",
		async ({ qr, folder }) => {
			const file = path.join(folder, "code.svg");
			await qr.toFile(file, text);
			assert.match(readFileSync(file, "utf8"), /^<\?xml version="1.0"/);
		},
	],
	[
		"the options of each renderer",
		async ({ qr, folder }) => {
			const png = path.join(folder, "code.png");
			const options = { width: 290, margin: 4, color: { dark: "#00F" } };
			await qr.toFile(png, text, options);
			assert.equal(sideOf(readFileSync(png)), 290);
			assert.equal(readPng(readFileSync(png)).at(45, 45), "0000ffff");
			const svg = path.join(folder, "code.svg");
			await qr.toFile(svg, text, options);
			assert.equal(drawSvg(readFileSync(svg, "utf8")).root.width, "290");
		},
	],
	[
		"README's example",
		async ({ qr, folder }) => {
			const file = path.join(folder, "filename.png");
			const color = { dark: "#00F", light: "#0000" };
			const [error] = await callback((cb) =>
				qr.toFile(file, "Some text", { color }, cb),
			);
			assert.ok(!error);
			const pixels = readPng(readFileSync(file));
			assert.equal(pixels.at(16, 16), "0000ffff");
			assert.equal(pixels.at(0, 0).slice(6), "00");
		},
	],
	[
		"a file that is there is replaced",
		async ({ qr, folder }) => {
			const file = path.join(folder, "code.png");
			writeFileSync(file, "x".repeat(100_000));
			await qr.toFile(file, text);
			assert.equal((await decodePng(readFileSync(file))).text, text);
			assert.ok(readFileSync(file).length < 10_000);
		},
	],
	...["png", "svg", "txt"].flatMap((extension) => [
		[
			`a folder that isn't there, ${extension}: rejected`,
			async ({ qr, folder }) =>
				assert.rejects(
					qr.toFile(path.join(folder, `none/code.${extension}`), text),
					{ code: "ENOENT" },
				),
		],
		[
			`a folder that isn't there, ${extension}: passed to the callback`,
			async ({ qr, folder }) => {
				const file = path.join(folder, `none/code.${extension}`);
				const [error] = await callback((cb) => qr.toFile(file, text, cb));
				assert.equal(error.code, "ENOENT");
			},
		],
	]),
	[
		"the path of a folder: rejected",
		async ({ qr, folder }) =>
			assert.rejects(qr.toFile(folder, text), { code: "EISDIR" }),
	],
	...[
		["no path", undefined, text],
		["a number as path", 5, text],
		["a number as text", "code.png", 5],
		["a function as text", "code.png", () => {}],
	].map(([says, file, value]) => [
		`${says}: thrown`,
		({ qr }) => assert.throws(() => qr.toFile(file, value), Error),
	]),
	[
		"null as text: rejected",
		({ qr, folder }) =>
			assert.rejects(qr.toFile(path.join(folder, "code.png"), null), Error),
	],
];

/** Everything that is written to a stream by a call. */
async function written(start) {
	const stream = new PassThrough();
	start(stream);
	return buffer(stream);
}

const failing = () =>
	new Writable({
		write: (_chunk, _encoding, done) => done(new Error("disk full")),
	});

const errorOf = (stream) =>
	new Promise((resolve, reject) => {
		stream.once("error", resolve);
		stream.once("finish", () => reject(new Error("no error, but an end")));
	});

const streams = [
	[
		"stream, text",
		async ({ qr }) =>
			assert.equal(
				(await decodePng(await written((s) => qr.toFileStream(s, text)))).text,
				text,
			),
	],
	[
		"stream, text, options",
		async ({ qr }) => {
			const options = { width: 290, errorCorrectionLevel: "H" };
			const png = await written((s) => qr.toFileStream(s, text, options));
			assert.equal(sideOf(png), 290);
			assert.equal((await decodePng(png)).level, "H");
		},
	],
	[
		"stream, segments",
		async ({ qr }) => {
			const segments = [{ data: "123", mode: "numeric" }];
			const png = await written((s) => qr.toFileStream(s, segments));
			assert.equal((await decodePng(png)).text, "123");
		},
	],
	[
		"the stream is ended",
		async ({ qr, folder }) => {
			const file = path.join(folder, "code.png");
			const stream = createWriteStream(file);
			qr.toFileStream(stream, text);
			await finished(stream);
			assert.equal((await decodePng(readFileSync(file))).text, text);
		},
	],
	...["svg", "utf8", "unheard-of"].map((type) => [
		`type ${type}: a PNG all the same`,
		async ({ qr }) => {
			const png = await written((s) => qr.toFileStream(s, text, { type }));
			assert.equal((await decodePng(png)).text, text);
		},
	]),
	...[
		["an empty text", "", {}],
		["a text that no code can hold", "a".repeat(2332), {}],
		["a text too long for the version", "a".repeat(100), { version: 1 }],
		["null as text", null, {}],
		["a colour that is none", text, { color: { dark: "#12" } }],
	].map(([says, value, options]) => [
		`${says}: an "error" of the stream`,
		async ({ qr }) => {
			const stream = new PassThrough();
			const error = errorOf(stream);
			qr.toFileStream(stream, value, options);
			assert.ok((await error) instanceof Error);
		},
	]),
	[
		"what the stream itself fails with is its own error",
		async ({ qr }) => {
			const stream = failing();
			const error = errorOf(stream);
			qr.toFileStream(stream, text);
			assert.equal((await error).message, "disk full");
		},
	],
	[
		"stream, text: a promise of the end",
		async ({ qr }) => {
			const stream = new PassThrough();
			stream.resume();
			await qr.toFileStream(stream, text);
			assert.ok(stream.writableFinished);
		},
		{ fails: "qrcode", see: "`toFileStream`: end" },
	],
	...[[], [{ margin: 1 }]].map((options) => [
		`stream, text, ${options.length === 0 ? "" : "options, "}callback`,
		async ({ qr }) => {
			const stream = new PassThrough();
			stream.resume();
			const isCalled = new Promise((resolve, reject) => {
				qr.toFileStream(stream, text, ...options, (error) =>
					error ? reject(error) : resolve(true),
				);
			});
			await finished(stream);
			const soon = new Promise((resolve) =>
				setImmediate(setImmediate, resolve),
			);
			assert.ok(await Promise.race([isCalled, soon]));
		},
		{ fails: "qrcode", see: "`toFileStream`: end" },
	]),
	[
		"no text: thrown",
		({ qr }) => assert.throws(() => qr.toFileStream(new PassThrough()), Error),
	],
];

export default {
	toFile: [...types, ...files],
	toFileStream: streams,
};
