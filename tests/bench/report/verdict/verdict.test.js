import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { renderTerminal } from "../../../../bench/report/terminal.js";
import { makeVerdict } from "../../../../bench/report/verdict/index.js";
import { rules } from "../../../../bench/report/verdict/rules.js";
import { makeReportRow, makeResults, relate } from "../../sample-results.js";

/** id@engine → rate → the row, relative to js. */
function makeStep(name, rate, { base = 100, ...change } = {}) {
	const [id, engine = null] = name.split("@");
	const node = id.startsWith("server") ? null : "20.20.0";
	const row = makeReportRow({ id, engine, node, rate, ...change });
	return relate(row, change.to ?? "js", rate / base);
}

/** The same row with rounds that go up and down, so that neighbours can't be told apart. */
const withNoise = (row, size) => ({
	...row,
	samples: row.samples.map((sample, i) => ({
		...sample,
		imagesPerSecond: sample.imagesPerSecond * (i % 2 ? 1 + size : 1 - size),
	})),
});

const js = (change) => makeReportRow({ id: "js", rate: 100, ...change });

function verdictOn(rows, settings = {}) {
	const results = makeResults(rows);
	Object.assign(results.settings, settings);
	const verdict = makeVerdict(results);
	assert.ok(verdict);
	for (const { text, rows: named } of verdict.reasons) {
		assert.match(text, /^[A-Z].*\.$/);
		assert.doesNotMatch(text, /undefined|NaN|null|Infinity/);
		for (const name of named)
			assert.ok(results.rows.some((row) => row.name === name));
	}
	const of = (rule) =>
		verdict.reasons.find((reason) => reason.rule === rule)?.text;
	const verdicts = Object.fromEntries(
		verdict.steps.groups[0].map(([label, , , said]) => [label, said]),
	);
	return { ...verdict, of, verdicts };
}

/** All that a usual run has: a better library, steps into C, and out of Express. */
const usual = () => [
	js(),
	makeStep("js-best", 1200),
	makeStep("wasm@fast", 5000),
	makeStep("addon@reference", 1250),
	makeStep("addon@fast", 5200),
	makeStep("cli@fast", 150),
	makeStep("addon-http@fast", 20_000),
	makeStep("server@fast", 80_000),
	makeStep("constant", 6000),
];

test("the simplest step with most of the gain is recommended", () => {
	const { headline, of, verdicts } = verdictOn(usual());
	assert.equal(
		headline,
		"Take the C core as WebAssembly: 50 ± 5 times the requests/s of npm qrcode.",
	);
	assert.equal(
		of("best in place"),
		"It is the simplest step with most of the gain: 96 % of what the fastest that keeps Express gets.",
	);
	assert.deepEqual(verdicts, {
		js: "",
		"js-best": "on the way",
		"wasm@fast": "take this",
		"addon@reference": "no better than js-best",
		"addon@fast": "no better than wasm@fast",
		"cli@fast": "no better than js-best",
		"addon-http@fast": "a step further",
		"server@fast": "a step further",
	});
	const faster = usual().map((row) =>
		row.id === "wasm" ? makeStep("wasm@fast", 3000) : row,
	);
	assert.match(
		verdictOn(faster).headline,
		/^Take the C core as a native addon/,
	);
});

test("each rule says its sentence, and only where it holds", () => {
	const full = verdictOn(usual());
	assert.equal(
		full.of("same language"),
		"The language isn't all: npm qr with a PNG writer alone gets 12 ± 1 times as much done, 24 % of that, with nothing native.",
	);
	assert.equal(
		full.of("share of a request"),
		"Stop here: of the CPU time of a request to wasm@fast the function takes 17 % (17 % to 17 %), Express and the connection the rest. A faster function can't buy more than that.",
	);
	assert.equal(
		full.of("beyond"),
		"Leaving Express is a step of its own: the C core as an addon behind node:http, without Express another 4.00 times (native code, and no Express); a C server of the C core in the app's place another 16.0 times (a service in C to own).",
	);
	assert.equal(
		full.of("dominated"),
		"Not worth their price, for a simpler step gets within 10 % of them, or can't be told apart: addon@reference and cli@fast (js-best does as well); addon@fast (wasm@fast does as well).",
	);
	assert.match(
		full.of("not measured"),
		/^Not measured, and might change this: other versions of Node \(--node\); .*\(--rates\)\.$/,
	);
	for (const rule of [
		"upgrade Node",
		"too few rounds",
		"at a load",
		"generator-limited",
	])
		assert.equal(full.of(rule), undefined, rule);
	const lean = verdictOn([js(), makeStep("addon@fast", 5000)]);
	for (const rule of Object.keys(rules))
		assert.equal(lean.of(rule) !== undefined, rule === "not measured", rule);
});

test("a heavy function has more to give in the same place", () => {
	const rows = [js(), makeStep("wasm@fast", 300), makeStep("constant", 6000)];
	assert.match(
		verdictOn(rows).of("share of a request"),
		/^There is more to have in the same place: of the CPU time of a request to wasm@fast the function takes 95 %/,
	);
});

test("where nothing is better, one stays", () => {
	const same = makeStep("addon@fast", 101);
	same.relative.imagesPerSecond.distinguishable = false;
	const { headline, verdicts, of } = verdictOn([js(), same]);
	assert.equal(
		headline,
		"Stay with npm qrcode: no step that was measured gets 10 % more done.",
	);
	assert.deepEqual(verdicts, { js: "stay", "addon@fast": "no better than js" });
	assert.match(of("dominated"), /addon@fast \(js does as well\)/);
	assert.match(
		verdictOn([js(), makeStep("addon@fast", 20)]).headline,
		/^Stay with npm qrcode/,
	);
	assert.equal(
		verdictOn([js()]).headline,
		"Nothing to choose between: only npm qrcode was measured.",
	);
});

test("a step that can't be told from the fastest is preferred to it if it is simpler", () => {
	const noisy = withNoise(makeStep("wasm@fast", 3500), 0.6);
	const rows = [js(), noisy, makeStep("addon@fast", 5000)];
	const { headline, of } = verdictOn(rows);
	assert.match(headline, /^Take the C core as WebAssembly/);
	assert.equal(
		of("best in place"),
		"Of the 2 steps that keep Express, none does measurably better.",
	);
});

test("a newer Node is named first", () => {
	const rows = [
		js(),
		makeStep("js", 400, { node: "26.1.0" }),
		makeStep("addon@fast", 5000),
		makeStep("addon@fast", 5200, { node: "26.1.0" }),
	];
	const { of, matrix, title } = verdictOn(rows);
	assert.equal(
		of("upgrade Node"),
		"Upgrade Node first: Node 26.1.0 alone makes js 4.0 ± 0.4 times as fast as Node 20.20.0 does.",
	);
	assert.equal(title, "Node 20.20.0");
	assert.deepEqual(
		matrix.groups[0].map(([measuredWith, , take]) => [measuredWith, take]),
		[
			["Node 20.20.0", "addon@fast"],
			["Node 26.1.0", "addon@fast"],
		],
	);
	rows[1] = makeStep("js", 110, { node: "26.1.0" });
	assert.equal(verdictOn(rows).of("upgrade Node"), undefined);
	rows[3] = makeStep("addon@fast", 20_000, { node: "26.1.0" });
	assert.equal(
		verdictOn(rows).of("upgrade Node"),
		"Upgrade Node, too: Node 26.1.0 alone makes addon@fast 4.00 times as fast as Node 20.20.0 does.",
	);
});

test("a load that the base carries on one CPU needs no step", () => {
	const { headline, of, worth } = verdictOn(usual(), { load: 40 });
	assert.equal(
		headline,
		"Stay with npm qrcode: 40.0 requests/s keep 40 % of one CPU busy, and no step buys anything that you would notice.",
	);
	assert.match(
		of("at a load"),
		/^For more than that: the C core as WebAssembly/,
	);
	assert.equal(of("beyond"), undefined);
	assert.equal(worth.title, "What it takes for 40.0 requests/s");
	assert.deepEqual(worth.groups[0][0], ["js", "0.400", "1"]);
	assert.match(
		verdictOn(usual(), { load: 600 }).headline,
		/^Take npm qr with a PNG writer: 600 requests\/s keep 50 % of one CPU busy/,
	);
});

test("with prices a further step is recommended once it pays, and never before", () => {
	const prices = { load: 50_000, cpuHourPrice: 0.04 };
	const { headline, of, worth } = verdictOn(usual(), {
		...prices,
		engineerDayPrice: 100,
	});
	assert.match(headline, /^Take a C server of the C core in the app's place/);
	assert.equal(
		of("at a load"),
		"At 50,000 requests/s it pays: 438 a month less than with the C core as WebAssembly, the price of 4.38 days of an engineer.",
	);
	const wasm = worth.groups[0].find(([label]) => label === "wasm@fast");
	assert.deepEqual(wasm.slice(0, 5), [
		"wasm@fast",
		"10.0",
		"17",
		"496",
		"23,856",
	]);
	assert.match(
		verdictOn(usual(), { ...prices, engineerDayPrice: 800 }).headline,
		/^Take the C core as WebAssembly/,
	);
	const slower = [js(), makeStep("cli@fast", 50)];
	const never = verdictOn(slower, { ...prices, engineerDayPrice: 100 });
	assert.equal(never.worth.groups[0][1].at(-1), "never");
	assert.match(never.headline, /^Stay/);
});

test("what failed gets no advice, and what the generator held back is said", () => {
	const failed = { ...makeStep("server@fast", 80_000), problem: "It ended." };
	const { verdicts } = verdictOn([js(), makeStep("addon@fast", 5000), failed]);
	assert.deepEqual(Object.keys(verdicts), ["js", "addon@fast"]);
	const limited = makeStep("server@fast", 80_000);
	limited.isGeneratorLimited = true;
	assert.equal(
		verdictOn([js(), limited]).of("generator-limited"),
		"The load generator held back server@fast: what is said of it is the least that holds.",
	);
});

test("with too few rounds it is called a guess", () => {
	const rows = [js({ rounds: 1 }), makeStep("addon@fast", 5000, { rounds: 1 })];
	assert.equal(
		verdictOn(rows).of("too few rounds"),
		"Take this as a guess: 1 round can't give intervals, 6 can.",
	);
});

test("tiers of another function are named as they are, in the order in which they were listed", () => {
	const rows = [
		makeReportRow({ id: "plain", rate: 100 }),
		makeStep("better", 500, { to: "plain" }),
		makeStep("best", 510, { to: "plain" }),
	];
	const { headline, verdicts } = verdictOn(rows, { tierDirectory: "mine" });
	assert.equal(
		headline,
		"Take better: 5.0 ± 0.5 times the requests/s of plain.",
	);
	assert.deepEqual(verdicts, {
		plain: "",
		better: "take this",
		best: "no better than better",
	});
});

test("where generator and servers share CPUs, it is about CPU time", () => {
	const shared = usual().map((row) => ({
		...row,
		cpus: { ...row.cpus, areShared: true },
	}));
	assert.equal(
		verdictOn(shared).headline,
		"Take the C core as WebAssembly: 50 ± 5 times the requests for the same CPU time as npm qrcode.",
	);
});

test("another commit is compared, and gets no verdict of its own", () => {
	const rows = [
		makeReportRow({ id: "addon", rate: 100 }),
		makeStep("addon", 50, { commit: "HEAD~1", to: "addon" }),
	];
	const { commits, headline } = verdictOn(rows);
	assert.deepEqual(commits, [
		"This commit's addon gets 2.00 times as much done as that at HEAD~1.",
	]);
	assert.match(headline, /^Nothing to choose between/);
});

test("the terminal begins with it, at 80 and at 100 columns", () => {
	for (const columns of [80, 100]) {
		const text = renderTerminal(makeResults(usual()), { columns });
		const lines = stripVTControlCharacters(text).split("\n");
		assert.match(lines[3], /^Take the C core as WebAssembly/);
		const table = lines.slice(lines.indexOf("Steps, from near to far"));
		assert.ok(table.length > 10);
		for (const line of lines) assert.ok(line.length <= columns, line);
	}
});
