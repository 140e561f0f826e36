// The inputs that fuzzing starts from: here those in the format of call.h, some of every kind of call, small enough to be mutated fast.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
	argumentsSeeds,
	batchSeeds,
	configSeeds,
	dictionaries,
	headersSeeds,
	httpSeeds,
	jsonSeeds,
	pipeSeeds,
	querySeeds,
	serverSeeds,
} from "./parser-seeds.js";

const flags = {
	raw: 1,
	large: 2,
	segments: 4,
	inverted: 8,
	iso: 16,
	title: 32,
	colours: 64,
	effort: 128,
};
const formats = [0, 1, 2, 3, 4, 5];
const modes = { numeric: 0, alphanumeric: 1, byte: 2, kanji: 3 };
const bestMask = { raw: 255, reduced: 0 }; // -1; a reduced mask is 1 more than it means
const levels = [0, 1, 2, 3];
const engines = [0, 1, 2, 3, 4, 5, 6];

function encodeSeed({
	flags = 0,
	ecl = 0,
	version = 0,
	mask = bestMask.reduced,
	margin = 4,
	width = 200,
	scale = 0,
	textLength = 0,
	engine = 2,
	segments = [],
	format = 0,
	dark = 0xff,
	light = 0xffffffff,
	dpi = 0,
	marginFraction = 0,
	title = "",
	text = "hello",
}) {
	const head = Buffer.alloc(27);
	head.set([flags, ecl, version, mask, margin]);
	head.writeUInt16LE(width, 5);
	head.writeUInt16LE(scale, 7);
	head.writeUInt16LE(textLength, 9);
	head.set([engine, segments.length, format], 11);
	head.writeUInt32LE(dark, 14);
	head.writeUInt32LE(light, 18);
	head.writeUInt16LE(dpi, 22);
	head.set([marginFraction, 0, Buffer.byteLength(title)], 24);
	const parts = segments.map(([mode, length]) =>
		Buffer.of(mode, length & 255, length >> 8),
	);
	return Buffer.concat([head, ...parts, Buffer.from(title), Buffer.from(text)]);
}

const texts = [
	"hello",
	"0123456789",
	"HELLO WORLD $%*+-./:",
	"ABC123abc456DEF7890123456789xyz",
	"https://example.com/a?b=c&d=%20#e",
	"\0\u00ff語\u{1F600}",
	Buffer.from("935fe4aa8140eaa4", "hex"), // kanji in Shift JIS
];
const { numeric, alphanumeric, byte, kanji } = modes;
const splits = [
	[],
	[[byte, 0xffff]],
	[[kanji, 0xffff]],
	[
		[numeric, 4],
		[byte, 3],
		[alphanumeric, 0xffff],
	],
	[
		[byte, 2],
		[kanji, 4],
		[numeric, 7],
		[alphanumeric, 5],
		[byte, 0xffff],
	],
	Array.from({ length: 20 }, (_, i) => [i % 4, 2 + i]),
];

function callSeeds() {
	const calls = texts.flatMap((text) => [
		...levels.map((ecl) => ({ text, ecl })),
		...engines.map((engine) => ({ text, engine })),
		...splits.map((segments) => ({ text, segments, flags: flags.segments })),
		...[100, 800, 2953, 7089].map((textLength) => ({ text, textLength })),
	]);
	for (const version of [1, 2, 7, 9, 10, 14, 26, 27, 32, 40])
		calls.push({ version, mask: version % 9, width: 0, scale: version });
	for (const margin of [0, 1, 3, 32])
		calls.push({ margin, width: 21 + 2 * margin }, { margin, width: 333 });
	for (const width of [29, 1024, 4095, 4096])
		calls.push({ flags: flags.large, width, textLength: 500 });
	for (const width of [29, 100, 300, 511])
		calls.push({ flags: flags.effort, width, textLength: 20 });
	return [...calls, ...styledCalls(), ...rawCalls()];
}

/** Every format with what changes it. */
function styledCalls() {
	const calls = formats.flatMap((format) => [
		{ format },
		{ format, flags: flags.inverted },
		{ format, flags: flags.iso, textLength: 500 },
		{ format, margin: 1, marginFraction: 128 },
		{ format, width: 0, scale: 3, margin: 0 },
		{ format, version: 40, margin: 32, width: 300 },
	]);
	const colours = [0x00000000, 0x0000ff80, 0x102030ff, 0xffffff00];
	for (const dark of colours)
		for (const light of colours)
			for (const format of [0, 1])
				calls.push({ format, flags: flags.colours, dark, light, dpi: 300 });
	for (const title of [
		"",
		"a & b <c>",
		"\t\n",
		"\x01",
		"\u{1F600}é語",
		"\uFFFE",
	])
		calls.push({ format: 1, flags: flags.title, title });
	return calls;
}

/** At the limits of what is allowed, and one beyond. */
function rawCalls() {
	const raw = { flags: flags.raw, mask: bestMask.raw };
	return [
		{ ...raw },
		{ ...raw, ecl: 4 },
		...[40, 41, 255].map((version) => ({ ...raw, version })),
		...[7, 8, 254].map((mask) => ({ ...raw, mask })),
		...[32, 33, 255].map((margin) => ({ ...raw, margin })),
		...[0, 28, 29, 4096, 4097, 0xffff].map((width) => ({ ...raw, width })),
		...[0, 1, 141, 142, 4096, 4097, 0xffff].map((scale) => ({
			...raw,
			width: 0,
			scale,
		})),
		{ ...raw, scale: 4 },
		{ ...raw, scale: 4, format: 3 },
		...[0, 1, 2].map((format) => ({ ...raw, width: 0, format })),
		...[5, 6, 255].map((format) => ({ ...raw, format })),
		...[10000, 10001, 0xffff].map((dpi) => ({ ...raw, dpi })),
		{ ...raw, margin: 32, marginFraction: 1 },
		{ ...raw, text: "" },
		...[2953, 2954, 7089, 7090].flatMap((textLength) => [
			{ ...raw, text: "a", textLength, width: 300 },
			{ ...raw, text: "1", textLength, width: 300 },
		]),
		...splits.map((segments) => ({
			...raw,
			segments,
			flags: flags.raw | flags.segments,
		})),
	];
}

/** Here the scale says how to choose a size, and the width is a number that the choice follows from. */
function geometrySeeds() {
	const calls = [];
	for (const version of [1, 7, 12, 28, 40])
		for (const way of [0, 1, 2, 3, 4])
			for (const number of [0, 1, 37, 4095])
				calls.push({
					version,
					scale: way,
					width: number,
					mask: number % 9,
					margin: (version + number) % 33,
					text: Buffer.of([0x00, 0xff, 0x55][way % 3]),
				});
	return calls;
}

/** The fuzzers of C: libFuzzer runs them. */
export const targets = {
	fuzz_encode: callSeeds,
	fuzz_differential: callSeeds,
	fuzz_geometry: geometrySeeds,
	fuzz_http: httpSeeds,
	fuzz_server: serverSeeds,
	fuzz_query: querySeeds,
	fuzz_json: jsonSeeds,
	fuzz_headers: headersSeeds,
	fuzz_config: configSeeds,
	fuzz_arguments: argumentsSeeds,
	fuzz_batch: batchSeeds,
	fuzz_pipe: pipeSeeds,
};

/** Writes a target's seeds as files of a folder, which is made anew. */
export function writeSeeds(target, folder) {
	const seeds = targets[target]().map((seed) =>
		Buffer.isBuffer(seed) ? seed : encodeSeed(seed),
	);
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	for (const [i, seed] of seeds.entries())
		writeFileSync(path.join(folder, `${i}`.padStart(4, "0")), seed);
}

/** Writes a target's words as libFuzzer reads them. Returns false if it has none. */
export function writeDictionary(target, file) {
	const words = dictionaries[target];
	if (words === undefined) return false;
	const escaped = words.map((word) =>
		word.replace(
			/[^ !#-[\]-~]/g,
			(c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`,
		),
	);
	writeFileSync(file, escaped.map((word) => `"${word}"\n`).join(""));
	return true;
}
