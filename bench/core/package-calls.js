// The package's calls beside npm qrcode's, in one process and in turns: npm run bench:package -- --help
import { execFileSync } from "node:child_process";
import os from "node:os";
import path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import QRCode from "qrcode";
import * as tiers from "../../lib/index.js";
import { exitAfterPrinting } from "../commands/printing.js";
import { layOut } from "../report/text-table.js";
import { median as medianOf } from "../results/statistics.js";
import { loadCorpus } from "./corpora.js";

const corpus = "url-50";
const textCount = 5000;
/** qrcode takes milliseconds for each: some of the texts are enough, others in each round. */
const textsOfQrcode = 40;
const warmUpRounds = 2;
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
	return [
		name,
		median(costs.ours).toFixed(2),
		median(costs.theirs).toFixed(0),
		`${median(costs.ratios).toFixed(0)}x`,
	];
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
	for (let round = 0; round < rounds; round++) {
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

const { rounds } = new Command("npm run bench:package --")
	.description(
		`Measures the package's calls beside those of npm qrcode, in one process and in turns: CPU time of a call, medians, over ${textCount} URLs of 50 bytes.`,
	)
	.option("--rounds <n>", "rounds of each call", positiveInteger, 15)
	.helpOption("--help", "show this help")
	.allowExcessArguments(false)
	.exitOverride(({ exitCode }) => exitAfterPrinting(exitCode && 2))
	.parse()
	.opts();

const texts = loadCorpus(corpus, textCount);
const rows = [];
for (const call of calls) rows.push(await compare(call, texts, rounds));
const own = firstImage('require("qr-tiers")', rounds);
const other = firstImage('require("qrcode")', rounds);
rows.push([
	"first image, with require",
	own.toFixed(0),
	other.toFixed(0),
	`${(other / own).toFixed(1)}x`,
]);
const columns = [
	{ head: "call", align: "left" },
	{ head: "qr-tiers µs", align: "right" },
	{ head: "qrcode µs", align: "right" },
	{ head: "", align: "right" },
];
const speedUp = await compareBatch(loadCorpus(corpus, 10_000), rounds);
console.log(`${layOut(columns, rows)}\n
toBuffers: 10,000 texts ${speedUp.toFixed(2)} times as fast as one after the other, with ${os.availableParallelism()} CPUs and ${threads} threads.
Node ${process.versions.node}, ${os.cpus()[0].model}.`);
