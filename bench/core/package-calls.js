// The package's calls beside npm qrcode's, in one process and in turns: npm run bench:package -- --help
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import QRCode from "qrcode";
import * as tiers from "../../lib/index.js";
import { exitAfterPrinting } from "../commands/printing.js";
import { layOut } from "../report/text-table.js";
import { writeWhole } from "../results/files.js";
import { median as medianOf } from "../results/statistics.js";
import { loadCorpus } from "./corpora.js";
import { findLibraries, measureCommands, versionOf } from "./libraries.js";

const corpus = "url-50";
const textCount = 5000;
/** qrcode takes milliseconds for each: some of the texts are enough, others in each round. */
const textsOfQrcode = 40;
const textsOfLibraries = 50;
const textsOfCommands = 100;
const types = /** @type {const} */ (["png", "svg"]);
const warmUpRounds = 2;
const figuresFile = path.join(
	import.meta.dirname,
	"../../docs/figures/calls.json",
);
const threads = Number(process.env.UV_THREADPOOL_SIZE) || 4;

/** [call, ours, qrcode's, options]. @type {[string, any, any, object][]} */
const calls = [
	["toBufferSync : toBuffer", tiers.toBufferSync, QRCode.toBuffer, {}],
	["the same, width 300", tiers.toBufferSync, QRCode.toBuffer, { width: 300 }],
	["toBuffer", tiers.toBuffer, QRCode.toBuffer, {}],
	["toDataURL", tiers.toDataURL, QRCode.toDataURL, {}],
	["toDataURLSync : toDataURL", tiers.toDataURLSync, QRCode.toDataURL, {}],
	["toString, svg", tiers.toString, QRCode.toString, { type: "svg" }],
	["toString, utf8", tiers.toString, QRCode.toString, {}],
	["create", tiers.create, QRCode.create, {}],
];

/** @type {(values: number[]) => number} */
const median = (values) => Number(medianOf(values));

/** Mean CPU time in µs of a call, that of all threads. */
async function costOf(call, texts, options) {
	const before = process.cpuUsage();
	for (const text of texts) {
		const result = call(text, options);
		if (typeof result?.then === "function") await result;
	}
	const { user, system } = process.cpuUsage(before);
	return (user + system) / texts.length;
}

async function compare([name, ours, theirs, options], texts, rounds) {
	/** @type {Record<string, number[]>} */
	const costs = { ours: [], theirs: [], ratios: [] };
	for (let round = 0; round < rounds + warmUpRounds; round++) {
		const start = (round * textsOfQrcode) % (texts.length - textsOfQrcode);
		const few = texts.slice(start, start + textsOfQrcode);
		const own = await costOf(ours, texts, options);
		// A copy for each call: it writes into it.
		const other = await costOf((text) => theirs(text, { ...options }), few);
		if (round < warmUpRounds) continue;
		costs.ours.push(own);
		costs.theirs.push(other);
		costs.ratios.push(other / own);
	}
	return {
		name,
		micros: median(costs.ours),
		microsOfQrcode: median(costs.theirs),
		ratio: median(costs.ratios),
	};
}

/** Mean size of what it makes, which may be a promise. */
async function sizeOf(call, texts) {
	let nbytes = 0;
	for (const text of texts) nbytes += (await call(text)).length;
	return nbytes / texts.length;
}

/** Each library in turn, in each round, over other texts. */
async function compareLibraries(texts, rounds) {
	const libraries = await findLibraries();
	/** @type {{ png: number[], svg: number[] }[]} */
	const costs = libraries.map(() => ({ png: [], svg: [] }));
	for (let round = 0; round < rounds + warmUpRounds; round++) {
		const start = (round * textsOfLibraries) % texts.length;
		const some = texts.slice(start, start + textsOfLibraries);
		for (const [i, library] of libraries.entries())
			for (const type of types)
				if (library[type]) {
					const micros = await costOf(library[type], some, {});
					if (round >= warmUpRounds) costs[i][type].push(micros);
				}
	}
	const some = texts.slice(0, textsOfLibraries);
	const figuresOf = async (i, type) =>
		libraries[i][type] && {
			micros: median(costs[i][type]),
			nbytes: await sizeOf(libraries[i][type], some),
		};
	return Promise.all(
		libraries.map(async ({ name, what }, i) => ({
			name,
			what,
			version: versionOf(name),
			png: await figuresOf(i, "png"),
			svg: await figuresOf(i, "svg"),
		})),
	);
}

/** How many times as fast as one thread toBuffers() is, in elapsed time. */
async function compareBatch(texts, rounds) {
	/** @type {number[]} */
	const ratios = [];
	const elapsed = async (work) => {
		const start = performance.now();
		await work();
		return performance.now() - start;
	};
	for (let round = 0; round <= rounds; round++) {
		const alone = await elapsed(() => {
			for (const text of texts) tiers.toBufferSync(text);
		});
		const together = await elapsed(() => tiers.toBuffers(texts));
		if (round > 0) ratios.push(alone / together);
	}
	return median(ratios);
}

/** CPU time in µs that a process takes to load a package and make its first image. */
function firstImage(load, rounds) {
	const code = `
		const before = process.cpuUsage();
		${load}.toBuffer("https://example.com/").then(() => {
			const { user, system } = process.cpuUsage(before);
			console.log(user + system);
		});`;
	const times = Array.from({ length: rounds }, () =>
		Number(
			execFileSync(process.execPath, ["--eval", code], {
				cwd: path.join(import.meta.dirname, "../.."),
			}),
		),
	);
	return median(times);
}

function positiveInteger(value) {
	if (!/^[1-9]\d{0,3}$/.test(value))
		throw new InvalidArgumentError("Give a whole number above 0.");
	return Number(value);
}

const { rounds, keep } = new Command("npm run bench:package --")
	.description(
		`Measures the package's calls beside those of npm qrcode, and its images beside those of other libraries, in one process and in turns: CPU time of a call, medians, over ${textCount} URLs of 50 bytes.`,
	)
	.option("--rounds <n>", "rounds of each call", positiveInteger, 15)
	.option("--keep", "keep the figures of this version of Node for README.md")
	.helpOption("--help", "show this help")
	.allowExcessArguments(false)
	.exitOverride(({ exitCode }) => exitAfterPrinting(exitCode && 2))
	.parse()
	.opts();

async function measure() {
	const texts = loadCorpus(corpus, textCount);
	const rows = [];
	for (const call of calls) rows.push(await compare(call, texts, rounds));
	const own = firstImage('require("qr-tiers")', rounds);
	const other = firstImage('require("qrcode")', rounds);
	return {
		date: new Date().toISOString().slice(0, 10),
		node: process.versions.node,
		cpu: os.cpus()[0].model,
		cpuCount: os.availableParallelism(),
		command: `npm run bench:package -- --rounds ${rounds}`,
		calls: [
			...rows,
			{
				name: "first image, with require",
				micros: own,
				microsOfQrcode: other,
				ratio: other / own,
			},
		],
		libraries: await compareLibraries(texts, rounds),
		commands: measureCommands(texts.slice(0, textsOfCommands)),
		batchSpeedUp: await compareBatch(loadCorpus(corpus, 10_000), rounds),
	};
}

/** Those of other versions of Node stay. */
function keepFigures(figures) {
	let kept = {};
	try {
		kept = JSON.parse(readFileSync(figuresFile, "utf8"));
	} catch {
		// the first ones
	}
	const all = { ...kept, [figures.node.split(".")[0]]: figures };
	writeWhole(figuresFile, `${JSON.stringify(all, null, "\t")}\n`);
}

const left = (head) => ({ head, align: "left" });
const right = (head) => ({ head, align: "right" });

function printCalls({ calls: rows }) {
	const columns = [
		left("call"),
		right("qr-tiers µs"),
		right("qrcode µs"),
		right(""),
	];
	const cells = rows.map(({ name, micros, microsOfQrcode, ratio }) => [
		name,
		micros.toFixed(micros < 1000 ? 2 : 0),
		microsOfQrcode.toFixed(0),
		`${ratio.toFixed(ratio < 10 ? 1 : 0)}x`,
	]);
	console.log(`${layOut(columns, cells)}\n`);
}

function printLibraries({ libraries, commands }) {
	const columns = ["PNG µs", "bytes", "SVG µs", "bytes"].map(right);
	const cells = libraries.map(({ name, version, png, svg }) => [
		`${name} ${version}`,
		...[png, svg].flatMap((figures) =>
			figures
				? [figures.micros.toFixed(1), figures.nbytes.toFixed(0)]
				: ["–", "–"],
		),
	]);
	console.log(`${layOut([left("library"), ...columns], cells)}\n`);
	for (const { name, cpuMs } of commands)
		console.log(`${name}, started for each code: ${cpuMs.toFixed(2)} ms`);
}

const figures = await measure();
printCalls(figures);
printLibraries(figures);
console.log(`
toBuffers: 10,000 texts ${figures.batchSpeedUp.toFixed(2)} times as fast as one after the other, with ${figures.cpuCount} CPUs and ${threads} threads.
Node ${figures.node}, ${figures.cpu}.`);
if (keep) keepFigures(figures);
