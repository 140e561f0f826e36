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
	...{ text: "short", textCount: 10, meanTextBytes: 50, engine: null },
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
		...{ engine: null, details: `tier ${tier.id}`, meanImageBytes: 500 },
		...tier,
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
		assert.match(text, /cli: memory is a lower bound/);
		assert.match(text, /wasm-emscripten: the generator was near its own limit/);
		assert.match(
			text,
			/wasm-emscripten: requests failed: 6 timeout, 18 status\./,
		);
		assert.match(text, /without one: js, same\./);
		assert.match(text, /The generator ran on CPU 0, the servers on CPU 1\./);
		assert.doesNotMatch(text, /undefined|NaN|null|Infinity/);
	});

	test(`the ${name} report of shared CPUs, few rounds and failures`, () => {
		const results = makeResults({ cpusAreShared: true, serverCpus: [0] });
		for (const entry of results.entries) entry.samples.splice(3);
		recordFailure(results, "cli", new Error("it ended\n| <b>\x1b[1m"));
		recordFailure(results, "server", new Error("it is missing"));
		results.isComplete = false;
		const text = render(summarise(results));
		assert.match(text, /share the CPUs 0: they slow each other down/);
		assert.match(text, /fewer than 6 rounds give no interval/);
		assert.match(text, /server was left out: it is missing/);
		assert.match(text, /cli failed after 3 rounds: it ended/);
		assert.match(text, /The run was interrupted/);
		assert.ok(!text.includes("\x1b"));
	});

	test(`the ${name} report of nothing`, () => {
		const results = createResults({ machine, settings });
		recordFailure(results, "js", new Error("it is missing"));
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

test("the terminal report fits 100 columns; colours only when asked for", () => {
	const summary = summarise(makeResults());
	for (const line of renderTerminal(summary).split("\n"))
		assert.ok(line.length <= 100, line);
	assert.ok(!renderTerminal(summary).includes("\x1b"));
	assert.ok(renderTerminal(summary, { colours: true }).includes("\x1b[1m"));
});

test("nothing in a cell or note becomes Markdown", () => {
	const results = createResults({ machine, settings });
	recordFailure(results, "js", new Error("a | <script> [x](y) `z` *b*"));
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
