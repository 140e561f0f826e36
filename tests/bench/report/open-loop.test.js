import assert from "node:assert/strict";
import test from "node:test";
import { renderMarkdown } from "../../../bench/report/markdown.js";
import { renderTerminal } from "../../../bench/report/terminal.js";
import { addOpenLoad, emptyPool } from "../../../bench/results/open-loop.js";
import {
	addMeasurement,
	addRound,
	createResults,
	writeResults,
} from "../../../bench/results/results.js";
import { summarise } from "../../../bench/results/summary.js";
import { machine, makeRow, makeSettings, withDirectory } from "../helpers.js";

const failures = { connect: 0, read: 0, write: 0, timeout: 0, status: 0 };
const rates = [
	{ wanted: "50%", share: 0.5 },
	{ wanted: "200%", share: 2 },
];
const calibration = {
	server: "server-constant",
	connections: 64,
	closedLoop: { requestsPerSecond: 50_000, generatorCpuShare: 0.5 },
	openLoop: { requestsPerSecond: 16_000 },
};

function addRow(results, id, rate) {
	const measurement = addMeasurement(results, {
		row: makeRow({ id }),
		engine: null,
		node: null,
		details: id,
		meanImageBytes: 500,
		startupMs: [],
		cpus: { generator: [0], server: [1], areShared: false },
	});
	for (let round = 1; round <= 6; round += 1)
		addRound(results, measurement, round, {
			load: {
				seconds: 2,
				requests: 2 * rate,
				failures,
				bytes: 1,
				bytesSent: 1,
				generatorCpuShare: 0.5,
				histogram: new Map([[1000, rate]]),
			},
			cpuSeconds: 1.9,
			systemCpuSeconds: 0.5,
			foreignCpuShare: 0,
			memory: null,
		});
	return measurement;
}

/** A row at half of its peak and at twice its peak, where the generator comes late. */
function makeResults(directory) {
	const settings = makeSettings({ rates });
	const results = createResults({ directory, machine, settings });
	results.calibration = calibration;
	const measurement = addRow(results, "js", 1000);
	addRow(results, "server", 90_000);
	for (const [{ wanted, share }, good, lagMs] of [
		[rates[0], 1000, 1],
		[rates[1], 1500, 30],
	])
		addOpenLoad(
			measurement,
			{ wanted, ratePerSecond: share * 1000 },
			{
				...emptyPool(),
				fromDue: new Map([[17_000, good]]),
				fromSend: new Map([[3000, good]]),
				lag: new Map([[lagMs * 1000, good]]),
				due: 2000 * share,
				answered: good,
				good,
				failures,
				sentPerSecond: 1000 * share,
				generatorCpuShare: 1,
			},
		);
	results.isComplete = true;
	return results;
}

for (const [name, render] of [
	[
		"terminal",
		(summary) =>
			renderTerminal(summary)
				.replace(/\n {2}(?=\S)/g, " ")
				.replace(/ {2,}/g, " | "),
	],
	["markdown", renderMarkdown],
])
	test(`the ${name} report has the latency-against-load curve and the generator's limit`, () =>
		withDirectory((directory) => {
			const results = makeResults(directory);
			const text = render(writeResults(results));
			assert.match(text, /Open loop: latency at fixed arrival rates/);
			assert.match(text, /js \| –.* 50% \| 500 \| 500 \| 17\.0 /);
			assert.match(text, /js \| –.* 200% \| 2,000 late \| 750 \| 17\.0 /);
			assert.match(text, /sent too little.*: js at 200%\./s);
			assert.match(text, /50,000 requests\/s .* would make about 100,000/s);
			assert.match(text, /it kept\s+time\s+up\s+to\s+16,000 a second/);
			assert.match(text, /server \|.* ≥ 90,000/);
			assert.match(text, /server: the generator was near its own limit/);
			assert.doesNotMatch(text, /undefined|NaN|null|Infinity/);
		}));

test("the report says how requests of the open loop came", () =>
	withDirectory((directory) => {
		for (const [arrivals, sentence] of [
			[undefined, /They come at even spacing/],
			["poisson", /They come independently of each other/],
			["ramp", /Their rate grows from none/],
		]) {
			const results = makeResults(directory);
			results.settings.arrivals = arrivals;
			assert.match(renderMarkdown(writeResults(results)), sentence);
		}
	}));

test("the report of an open loop fits 100 columns", () =>
	withDirectory((directory) => {
		const text = renderTerminal(summarise(makeResults(directory)));
		for (const line of text.split("\n")) assert.ok(line.length <= 100, line);
	}));
