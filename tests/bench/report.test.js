import assert from "node:assert/strict";
import test from "node:test";
import { formatNumber, formatRatio } from "../../bench/report/format.js";
import { renderMarkdown } from "../../bench/report/markdown.js";
import { renderTerminal } from "../../bench/report/terminal.js";
import {
	addRound,
	addTier,
	createResults,
	recordFailure,
	summarise,
} from "../../bench/results.js";

const machine = {
	...{ cpu: "A CPU", cores: 2, memoryBytes: 8e9, kernel: "Linux" },
	...{ distribution: null, node: "v20.0.0", generator: "wrk 4.1.0" },
	...{ packages: ["express 5.0.0"], gitCommit: null },
};

const settings = {
	...{ rounds: 6, durationSeconds: 2, connections: 64, processes: 1 },
	...{ text: "short", textCount: 10, meanTextBytes: 50, node: "v20.0.0" },
	engines: ["reference", "fast"],
	...{ generatorCpus: [0], serverCpus: [1], cpusAreShared: false },
};

const noFailures = { connect: 0, read: 0, write: 0, timeout: 0, status: 0 };

function addMeasured(
	results,
	tier,
	rates,
	{ failures = noFailures, share = 0.1 } = {},
) {
	const entry = addTier(results, {
		...{ tier, engine: tier.engine ?? null, node: tier.node ?? null },
		...{ details: `tier ${tier.id}`, meanImageBytes: 500 },
	});
	entry.startupMs = [100, 120, 90];
	entry.memory = { pss: 50e6, rss: 70e6, isLowerBound: tier.id === "cli" };
	rates.forEach((rate, i) => {
		addRound(entry, i + 1, {
			load: {
				...{ seconds: 2, requests: rate * 2, failures },
				...{ generatorCpuShare: share, histogram: new Map([[1000, rate]]) },
			},
			cpuSeconds: 1.9,
		});
	});
}

function makeResults(change = {}) {
	const results = createResults({
		machine,
		settings: { ...settings, ...change },
	});
	results.isComplete = true;
	const rates = [100, 110, 90, 105, 95, 100];
	addMeasured(results, { id: "js" }, rates);
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
		assert.match(text, /Relative to js = 1\.00x/);
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
		const results = makeResults({ cpusAreShared: true, serverCpus: [0] });
		for (const entry of results.entries) entry.samples.splice(3);
		const { tier } = results.entries.find(({ tier }) => tier.id === "cli");
		recordFailure(results, tier, new Error("it ended\n| <b>\x1b[1m"));
		const server = { id: "server", engine: "fast" };
		recordFailure(results, server, new Error("it is missing"));
		results.isComplete = false;
		const text = render(summarise(results));
		assert.match(text, /share the CPUs 0: they slow each other down/);
		assert.match(text, /fewer than 6 rounds give no interval/);
		assert.match(text, /server@fast was left out: it is missing/);
		assert.match(text, /cli@reference failed after 3 rounds: it ended/);
		assert.match(text, /The run was interrupted/);
		assert.ok(!text.includes("\x1b"));
	});

	test(`the ${name} report of nothing`, () => {
		const results = createResults({ machine, settings });
		recordFailure(
			results,
			{ id: "js", engine: null },
			new Error("it is missing"),
		);
		assert.match(render(summarise(results)), /js was left out: it is missing/);
	});

	test(`the ${name} report of tiers without a round yet`, () => {
		const results = createResults({ machine, settings });
		addMeasured(results, { id: "addon" }, []);
		const text = render(summarise(results));
		assert.match(text, /Relative to addon/);
		assert.doesNotMatch(text, /undefined|NaN|null|Infinity/);
	});
}

/** js, then cli and the two ceilings, with a CPU time per request that falls from tier to tier. */
function makeCeilingResults() {
	const results = createResults({ machine, settings });
	const tiers = [
		{ id: "js", node: "20.0.0" },
		{ id: "addon", engine: "fast", node: "20.0.0" },
		{ id: "server", engine: "fast" },
		{ id: "constant", node: "20.0.0" },
		{ id: "server-constant" },
	];
	for (const [i, tier] of tiers.entries()) {
		const rate = 100 * 2 ** i;
		addMeasured(results, tier, [rate, rate, rate, rate, rate, rate]);
	}
	return results;
}

test("what is above a ceiling is told for its kind of host alone", () => {
	const { tiers } = summarise(makeCeilingResults());
	const above = tiers.map(({ id, relative: { ceiling } }) => [
		id,
		ceiling?.id,
		ceiling?.cpuMicrosPerRequest.difference,
		ceiling?.cpuMicrosPerRequest.ratio.ratio.toFixed(6),
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
		assert.match(text, /constant and server-constant: no tier, but/);
		assert.doesNotMatch(text, /undefined|NaN|null|Infinity/);
	});

test("the terminal report fits 100 columns; colours only when asked for", () => {
	const summary = summarise(makeResults());
	for (const results of [summary, summarise(makeCeilingResults())])
		for (const line of renderTerminal(results).split("\n"))
			assert.ok(line.length <= 100, line);
	assert.ok(!renderTerminal(summary).includes("\x1b"));
	assert.ok(renderTerminal(summary, { colours: true }).includes("\x1b[1m"));
});

test("nothing in a cell or note becomes Markdown", () => {
	const results = createResults({ machine, settings });
	recordFailure(
		results,
		{ id: "js", engine: null },
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
		[12.345, "12.3"],
		[999.9, "1,000"],
		[123456.7, "123,457"],
		[0, "0"],
		[null, "–"],
		[Number.POSITIVE_INFINITY, "–"],
	];
	for (const [value, text] of rows) assert.equal(formatNumber(value), text);
	const ratios = [
		[1, "1.00x"],
		[0.0123, "0.012x"],
		[0.5, "0.50x"],
		[41.26, "41.3x"],
		[null, "–"],
	];
	for (const [ratio, text] of ratios) assert.equal(formatRatio(ratio), text);
});
