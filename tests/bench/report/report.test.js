import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { drawBar } from "../../../bench/report/bar.js";
import { formatNumber, formatRatio } from "../../../bench/report/format.js";
import { renderMarkdown } from "../../../bench/report/markdown.js";
import { renderTerminal } from "../../../bench/report/terminal.js";
import {
	addMeasurement,
	addRound,
	createResults,
	recordFailure,
} from "../../../bench/results/results.js";
import { summarise } from "../../../bench/results/summary.js";
import { machine, makeRow, makeSettings } from "../helpers.js";

const noFailures = { connect: 0, read: 0, write: 0, timeout: 0, status: 0 };

const onOwnCpus = { generator: [0], server: [1], areShared: false };
const onOneCpu = { generator: [0], server: [0], areShared: true };

/** Results that go nowhere but to a report. */
function startResults(change = {}) {
	const directory = mkdtempSync(join(tmpdir(), "report-"));
	after(() => rmSync(directory, { recursive: true }));
	return createResults({ directory, machine, settings: makeSettings(change) });
}

function addMeasured(
	results,
	{ node = null, ...change },
	rates,
	{ failures = noFailures, share = 0.1, cpus = onOwnCpus } = {},
) {
	const row = makeRow({ build: null, ...change });
	const measurement = addMeasurement(results, {
		row,
		engine: row.engine,
		node,
		cpus,
		details: `tier ${row.id}`,
		meanImageBytes: 500,
		startupMs: [100, 120, 90],
	});
	rates.forEach((rate, i) => {
		addRound(results, measurement, i + 1, {
			load: {
				seconds: 2,
				requests: rate * 2,
				failures,
				bytes: rate * 1200,
				bytesSent: rate * 200,
				generatorCpuShare: share,
				histogram: new Map([[1000, rate]]),
			},
			cpuSeconds: 1.9,
			systemCpuSeconds: 0.5,
			foreignCpuShare: 0.01,
			memory: { idle: 20e6, peak: 50e6, isLowerBound: row.id === "cli" },
		});
	});
}

function makeResults(cpus = onOwnCpus) {
	const results = startResults();
	results.isComplete = true;
	const rates = [100, 110, 90, 105, 95, 100];
	addMeasured(results, { id: "js" }, rates, { cpus });
	addMeasured(results, { id: "same" }, [101, 108, 92, 103, 96, 100]);
	addMeasured(
		results,
		{ id: "cli", engine: "reference" },
		rates.map((r) => 2 * r),
	);
	addMeasured(
		results,
		{ id: "wasm-emscripten", engine: "reference" },
		rates.map((r) => 2000 * r),
		{
			failures: { ...noFailures, status: 3, timeout: 1 },
			share: 0.95,
		},
	);
	return results;
}

const both = [
	["terminal", (summary) => renderTerminal(summary).replace(/\n {2}/g, " ")],
	["markdown", renderMarkdown],
];

for (const [name, render] of both) {
	test(`the ${name} report says what needs saying`, () => {
		const text = render(summarise(makeResults()));
		assert.match(text, /relative to js = 1\.00x/);
		assert.match(text, /2\.00x/);
		assert.match(text, /same: not distinguishable from js/);
		assert.match(text, /cli@reference: memory is a lower bound/);
		assert.match(
			text,
			/wasm-emscripten@reference: the generator was near its own limit/,
		);
		assert.match(
			text,
			/wasm-emscripten@reference: requests failed: 6 timeout, 18 status\./,
		);
		assert.match(text, /without one: js, same\./);
		assert.match(text, /The generator ran on CPU 0, the servers on CPU 1\./);
		assert.doesNotMatch(text, /undefined|NaN|null|Infinity/);
	});

	test(`the ${name} report of shared CPUs, few rounds and failures`, () => {
		const results = makeResults(onOneCpu);
		for (const measurement of results.measurements)
			measurement.samples.splice(3);
		const { row } = results.measurements.find(({ row }) => row.id === "cli");
		recordFailure(results, row, new Error("it ended\n| <b>\x1b[1m"));
		const server = makeRow({ id: "server", engine: "fast" });
		recordFailure(results, server, new Error("it is missing"));
		results.isComplete = false;
		const text = render(summarise(results));
		assert.match(text, /share the CPU 0: they slow each other down/);
		assert.match(text, /fewer than 6 rounds give no interval/);
		assert.match(text, /server@fast was left out: it is missing/);
		assert.match(text, /cli@reference failed after 3 rounds: it ended/);
		assert.match(text, /The run was interrupted/);
		assert.ok(!text.includes("\x1b"));
	});

	test(`the ${name} report of nothing`, () => {
		const results = startResults();
		recordFailure(results, makeRow({ id: "js" }), new Error("it is missing"));
		assert.match(render(summarise(results)), /js was left out: it is missing/);
	});

	test(`the ${name} report of tiers without a round yet`, () => {
		const results = startResults();
		addMeasured(results, { id: "addon" }, []);
		const text = render(summarise(results));
		assert.match(text, /relative to addon/);
		assert.doesNotMatch(text, /undefined|NaN|null|Infinity/);
	});
}

/** js, then cli and the two ceilings, with a CPU time per request that falls from tier to tier. */
function makeCeilingResults() {
	const results = startResults();
	const rows = [
		{ id: "js", node: "20.0.0" },
		{ id: "addon", engine: "fast", node: "20.0.0" },
		{ id: "server", engine: "fast" },
		{ id: "constant", node: "20.0.0" },
		{ id: "server-constant" },
	];
	for (const [i, row] of rows.entries()) {
		const rate = 100 * 2 ** i;
		addMeasured(results, row, [rate, rate, rate, rate, rate, rate]);
	}
	return results;
}

test("what is above a ceiling is told for its kind of host alone", () => {
	const { rows } = summarise(makeCeilingResults());
	const above = rows.map(({ id, relative: { ceiling } }) => [
		id,
		ceiling?.id,
		ceiling?.cpuMicrosPerImage.difference,
		ceiling?.cpuMicrosPerImage.ratio.ratio.toFixed(6),
	]);
	// 1.9 s of CPU for 2 s of requests at 100/s, 200/s, …
	assert.deepEqual(above, [
		["js", "constant", 9500 - 1187.5, "8.000000"],
		["addon", "constant", 4750 - 1187.5, "4.000000"],
		["server", "server-constant", 2375 - 593.75, "4.000000"],
		["constant", undefined, undefined, undefined],
		["server-constant", undefined, undefined, undefined],
	]);
});

for (const [name, render] of both)
	test(`the ${name} report has the rows of an engine together`, () => {
		const text = render(summarise(makeCeilingResults()));
		assert.match(text, /above a constant image from the same kind of host/);
		assert.match(text, /addon[ |]+fast[ |]+constant[ |]+3,563[ |]/);
		assert.match(text, /constant and server-constant: not a tier, but/);
		assert.doesNotMatch(text, /undefined|NaN|null|Infinity/);
	});

const quiet = [100, 101, 99, 100, 101, 99];

/** js and addon over several transports, in batches, with several numbers of connections. */
function makeProduct(change = {}) {
	const results = startResults(change);
	results.isComplete = true;
	for (const connections of [1, 16]) {
		const row = { connections, node: process.versions.node };
		const addon = { ...row, id: "addon", engine: "fast", build: "release" };
		addMeasured(results, { ...row, id: "js" }, quiet);
		addMeasured(
			results,
			{ ...addon, transport: "post-json", batchSize: 10 },
			quiet.map((rate) => 20 * rate),
		);
		addMeasured(
			results,
			{ ...addon, transport: "grpc", processes: 2 },
			quiet.map((rate) => 30 * rate),
		);
	}
	return results;
}

test("the terminal report names what varies and counts images where there are batches", () => {
	const text = renderTerminal(summarise(makeProduct()));
	assert.match(text, /js = 1\.00x with the same connections/);
	const groups = text.match(/^\d+ connections?$/gm);
	assert.deepEqual(groups, ["1 connection", "16 connections"]);
	// 2,000 requests/s of 10 images, 200 times js.
	assert.match(
		text,
		/^addon@fast +1 +post-json +10 +20,000 +█+.? +2,000 +200x /m,
	);
	assert.match(text, /Saturation: images\/s, and p99 in ms/);
	assert.match(text, /^addon@fast 2 processes grpc +3,000 \(1\.00\) +3,000/m);
	const notes = text.replace(/\n +/g, " ");
	assert.match(notes, /addon@fast 16 connections post-json batch 10 over 2/);
	assert.match(text, /gRPC: h2load sends one request over and over/);
	for (const line of text.split("\n")) assert.ok(line.length <= 100, line);
});

test("a million images cost their CPU time", () => {
	const text = renderTerminal(summarise(makeProduct({ cpuHourPrice: 36 })));
	// 9,500 µs for an image are 9,500 s for a million.
	assert.match(text, /^js .* 9,500 +95\.0 /m);
	assert.match(text, /million/);
	assert.doesNotMatch(renderTerminal(summarise(makeProduct())), /million/);
});

test("the markdown report has totals, percentiles and histograms", () => {
	const text = renderMarkdown(summarise(makeResults()));
	const details = text.slice(text.indexOf("<summary>Totals"));
	// 600 requests/s for 2 s, all of which took 1 ms.
	assert.match(details, /\| js \| – \| 12\.0 \| 1,200 \| 1,200 \| 0 \|/);
	assert.match(details, /\| 99\.9 % \|/);
	assert.match(details, /^\| js \| – \| 100 \|$/m);
	// 24 of 2,400,000, and never rounded to 100.
	assert.match(details, /\| 99\.999 \|/);
});

test("noise, outliers and what auto could not do are told, with what to try", () => {
	const results = startResults({ rounds: "auto", limitMinutes: 3 });
	addMeasured(results, { id: "js" }, [100, 101, 99, 100, 60, 100]);
	addMeasured(results, { id: "cli" }, [100, 150, 60, 90, 130, 75]);
	const text = renderTerminal(summarise(results)).replace(/\n +/g, " ");
	assert.match(text, /Noisy: cli \(rounds differ by \d+ %\)\. Try a machine/);
	assert.match(text, /Outliers: js in round 5 \(−40 %\)\./);
	assert.match(
		text,
		/within 2.5 %: cli \((rate|CPU) 0\.\d\dx–1\.\d\dx\)\. Try a higher --limit\./,
	);
	assert.match(text, /cli: not distinguishable from js; try a higher --limit/);
});

test("details on a terminal are totals, percentiles and a histogram of each row, within 100 columns", () => {
	const summary = summarise(makeResults());
	const plain = renderTerminal(summary);
	const text = renderTerminal(summary, { details: true });
	for (const title of [
		/^Totals of all rounds$/m,
		/^Latency: so many of the requests were answered in … ms$/m,
		/^Latency of js$/m,
	]) {
		assert.match(text, title);
		assert.doesNotMatch(plain, title);
	}
	assert.match(text, /^ +from ms +requests$/m);
	assert.match(text, /^ +[\d.]+ +[\d,]+ {2}█{40}$/m);
	for (const line of text.split("\n")) assert.ok(line.length <= 100, line);
});

test("what was refused is told by status, with the words of the first refusal", () => {
	const results = startResults();
	const failures = { connect: 0, read: 0, write: 0, timeout: 0, status: 7 };
	addMeasured(results, { id: "js" }, quiet);
	const summary = summarise(results);
	const [row] = summary.rows;
	const statuses = [{ status: 503, count: 1200, text: "busy" }];
	const refusing = { ...summary, rows: [{ ...row, failures, statuses }] };
	const text = renderTerminal(refusing).replace(/\n +/g, " ");
	assert.match(
		text,
		/js: requests failed: 7 status\. A load after that, .* had 1,200 × 503 “busy”\./,
	);
});

test("what is the same for all rows isn't in their names", () => {
	const results = startResults({ rounds: "auto" });
	const few = { connections: 4 };
	addMeasured(results, { id: "js", ...few }, quiet);
	addMeasured(results, { id: "cli", ...few }, quiet.toReversed());
	const text = renderTerminal(summarise(results)).replace(/\n +/g, " ");
	assert.match(text, /^All rows, slowest first, relative to js = 1\.00x$/m);
	assert.match(text, /^- cli: not distinguishable from js; /m);
	const markdown = renderMarkdown(summarise(results));
	assert.match(markdown, /rounds: auto, which came to 6 in at most 10 minutes/);
});

test("the same tier twice is expected to be the same", () => {
	for (const [rates, sentence] of [
		[quiet.toReversed(), /js again: not distinguishable from js, as it must/],
		[quiet.map((rate) => 2 * rate), /js again differs from js, although/],
	]) {
		const results = startResults();
		addMeasured(results, { id: "js" }, quiet);
		addMeasured(results, { id: "js", isAgain: true }, rates);
		const text = renderTerminal(summarise(results)).replace(/\n +/g, " ");
		assert.match(text, sentence);
		assert.match(text, /^js again +\d/m);
	}
});

test("the terminal report fits 100 columns, or those that there are; colours only when asked for", () => {
	const summary = summarise(makeResults());
	for (const results of [summary, summarise(makeCeilingResults())])
		for (const columns of [80, 100, 200]) {
			const text = renderTerminal(results, { columns, colours: true });
			for (const line of stripVTControlCharacters(text).split("\n"))
				assert.ok(line.length <= Math.min(columns, 100), line);
		}
	assert.ok(!renderTerminal(summary).includes("\x1b"));
	assert.ok(renderTerminal(summary, { colours: true }).includes("\x1b[1m"));
});

test("the terminal report has the verdict on top, and bars as long as the rates", () => {
	const text = renderTerminal(summarise(makeCeilingResults()));
	const [verdict, title] = [/^Take .* times the requests/m, /^All rows/m];
	assert.ok(
		text.search(verdict) >= 0 && text.search(verdict) < text.search(title),
		text,
	);
	const named = ["js", "addon@fast", "server@fast", "constant \\(ceiling\\)"];
	const bars = named.map((name) => {
		const [, bar] = new RegExp(`^${name} +[\\d,]+ +([█▏▎▍▌▋▊▉]+)`, "m").exec(
			text,
		);
		const eighths = "▏▎▍▌▋▊▉".indexOf(bar.at(-1)) + 1;
		return [...bar].filter((block) => block === "█").length * 8 + eighths;
	});
	for (const [i, length] of bars.entries())
		assert.ok(Math.abs(length - bars[0] * 2 ** i) <= 2 ** i, `${bars}`);
	assert.equal(drawBar(1e-9, 10), "▏");
	assert.equal(drawBar(0, 10), "");
	assert.equal(drawBar(7, 10), "█".repeat(10));
});

test("of many noisy rows the worst are named", () => {
	const results = startResults();
	for (let i = 1; i <= 7; i += 1) {
		const rates = quiet.map((rate, j) => rate * (j % 2 ? 1 + i / 3 : 1));
		addMeasured(results, { id: `tier${i}` }, rates);
	}
	assert.match(
		renderTerminal(summarise(results)).replace(/\s+/g, " "),
		/Noisy: 7 rows, most of all tier7 \([^)]+\), tier6 \([^)]+\), tier5 \([^)]+\)\. Try/,
	);
});

test("the markdown report shows the verdict, one table of figures and what needs attention; all else is folded up", () => {
	const text = renderMarkdown(summarise(makeResults()));
	const open = text.replace(/<details>.*?<\/details>/gs, "");
	assert.match(
		open,
		/^## .*\n\n\*\*Take libqrencode as WebAssembly, by Emscripten: .*\.\*\*/,
	);
	assert.equal(open.match(/^\| :-- /gm).length, 2);
	assert.match(open, /^- .*requests failed: 6 timeout/m);
	assert.doesNotMatch(open, /closed loop|Packages/);
	// GitHub takes what follows for HTML unless there is an empty line.
	assert.equal(
		text.match(/<details>/g).length,
		text.match(/<\/summary>\n\n/g).length,
	);
	assert.equal(
		text.match(/<details>/g).length,
		text.match(/\n\n<\/details>/g).length,
	);
});

test("a difference below zero has a minus and its interval words", () => {
	const results = startResults();
	addMeasured(
		results,
		{ id: "js", node: "20.0.0" },
		quiet.map((rate) => 9 * rate),
	);
	addMeasured(results, { id: "constant", node: "20.0.0" }, quiet);
	for (const [, render] of both)
		assert.match(render(summarise(results)), /−8,\d+ [ |]+−8,\d+ to −8,\d+/);
});

test("nothing in a cell or note becomes Markdown", () => {
	const results = startResults();
	recordFailure(
		results,
		makeRow({ id: "js" }),
		new Error("a | <script> [x](y) `z` *b*"),
	);
	assert.ok(
		renderMarkdown(summarise(results)).includes(
			"a \\| \\<script\\> \\[x\\](y) \\`z\\` \\*b\\*",
		),
	);
});

test("numbers have three significant digits and no fewer than they need", () => {
	const rows = [
		[0.01234, "0.0123"],
		[1.234, "1.23"],
		[-1.234, "−1.23"],
		[12.345, "12.3"],
		[9.996, "10.0"],
		[999.9, "1,000"],
		[123456.7, "123,457"],
		[0, "0"],
		[null, "–"],
		[Number.POSITIVE_INFINITY, "–"],
	];
	for (const [value, text] of rows) assert.equal(formatNumber(value), text);
	const ratios = [
		[1, "1.00x"],
		[0.0123, "0.0123x"],
		[0.104, "0.104x"],
		[0.5, "0.50x"],
		[41.26, "41.3x"],
		[null, "–"],
	];
	for (const [ratio, text] of ratios) assert.equal(formatRatio(ratio), text);
	for (let ratio = 0.001; ratio < 2000; ratio *= 1.003) {
		const shown = Number(formatRatio(ratio).replace(/[,x]/g, ""));
		assert.ok(Math.abs(shown / ratio - 1) <= 0.02, `${ratio}: ${shown}`);
	}
});
