import assert from "node:assert/strict";
import test from "node:test";
import { describeConditions } from "../../../bench/report/conditions.js";
import {
	conditionFigures,
	judgeConditions,
	parseCondition,
} from "../../../bench/results/conditions.js";
import { makeReportRow } from "../sample-results.js";

const ratio = (ratio, low, high) => ({
	ratio,
	low,
	high,
	rounds: 8,
	distinguishable: true,
});

/** Percentiles of a row are 50, 90, 99, … at 64,000 / rate ms and more. */
function makeRows() {
	const js = makeReportRow({ id: "js", rate: 100, openLoop: [] });
	const addon = makeReportRow({ id: "addon", engine: "fast", rate: 1000 });
	const point = {
		wanted: "50%",
		due: 1000,
		failures: { timeout: 20, status: 0 },
		latencyMs: { mean: 3, max: 9 },
		percentiles: [{ percent: 99, ms: 8 }],
	};
	return [
		{ ...js, totals: { successRatio: 1 } },
		{
			...addon,
			failures: { ...addon.failures, timeout: 3, status: 2 },
			totals: { successRatio: 0.995 },
			openLoop: [point],
			relative: {
				...addon.relative,
				to: "js",
				imagesPerSecond: ratio(10, 8, 12),
				cpuMicrosPerImage: ratio(0.1, 0.08, 0.12),
			},
		},
	];
}

/** The rows that are past the limit, null if none has the figure. */
function pastOf(text, rows = makeRows()) {
	const [{ judged, past }] = judgeConditions({ rows }, [parseCondition(text)]);
	return judged ? past.map(({ name }) => name) : null;
}

test("a condition names a figure, a limit and a unit", () => {
	for (const [text, wanted] of [
		["mean>100ms", ["js"]],
		["mean>0.1 s", ["js"]],
		["mean>=640ms", ["js"]],
		["mean > 640", []],
		["rate<500", ["js"]],
		["cpu>2ms", ["js"]],
		["memory>50MB", []],
		["memory>=50MB", ["js", "addon@fast"]],
		["memory>40MiB", ["js", "addon@fast"]],
		["errors>4", ["addon@fast"]],
		["errors>0.4%", ["addon@fast"]],
		["errors>0.6%", []],
		["bytes>0.5kB", ["js", "addon@fast"]],
		["start>0.2s", []],
		["p50>100ms", ["js"]],
		["addon: mean>1ms", ["addon@fast"]],
		["addon@fast:mean>1ms", ["addon@fast"]],
		["cli: mean>1ms", null],
		["p99@50%>7ms", ["addon@fast"]],
		["errors@50%>1%", ["addon@fast"]],
		["p99@99%>7ms", null],
	])
		assert.deepEqual(pastOf(text), wanted, text);
});

test("a ratio is past a limit if all of its interval is, and a base has none", () => {
	for (const [text, wanted] of [
		["ratio<13x", ["addon@fast"]],
		["ratio<11x", []],
		["ratio>7", ["addon@fast"]],
		["ratio>9x", []],
		["cpu-ratio>5%", ["addon@fast"]],
		["js: ratio<2", null],
	])
		assert.deepEqual(pastOf(text), wanted, text);
});

test("what is no condition is refused", () => {
	for (const text of [
		...["", "p99", "p99>", ">20", "p97>1ms", "p100>1ms", "speed>1", "p99=1"],
		...["p99>1MB", "memory@50%>1MB", "start@50%>1", "ratio<1ms", "p99>-1"],
	])
		assert.equal(parseCondition(text), null, text);
});

test("each figure that is listed can be named, in its unit", () => {
	for (const [names, , unit] of conditionFigures)
		for (const name of names.split(" "))
			assert.ok(parseCondition(`${name}>1${unit}`), name);
});

test("on a busy machine times are not judged unless forced, and the rest is", () => {
	const rows = makeRows().map((row) => ({
		...row,
		foreignCpuShare: { median: 0.4, low: 0.4, high: 0.4 },
	}));
	const conditions = ["p99>1ms", "errors>0"].map(parseCondition);
	const busy = (options) =>
		judgeConditions({ rows }, conditions, options).map(
			({ isTooBusy }) => isTooBusy,
		);
	assert.deepEqual(busy({}), [true, false]);
	assert.deepEqual(busy({ force: true }), [false, false]);
});

test("each condition gets a sentence", () => {
	const say = (text) =>
		describeConditions(
			judgeConditions({ rows: makeRows() }, [parseCondition(text)]),
		)[0];
	for (const [text, sentence] of [
		["mean>100ms", "Gate: fail if mean>100ms: failed: js has 640 ms."],
		["mean>700ms", "Gate: fail if mean>700ms: passed, for 2 rows."],
		[
			"ratio<20x",
			"Gate: fail if ratio<20x: failed: addon@fast has 10.0 (8.00 to 12.0).",
		],
		["errors>4", "Gate: fail if errors>4: failed: addon@fast has 5.00."],
		[
			"cli: rate<1",
			"Gate: fail if cli: rate<1: not decided; no row that was measured has that figure.",
		],
	])
		assert.equal(say(text), sentence);
});
