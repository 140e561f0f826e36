import assert from "node:assert/strict";
import test from "node:test";
import {
	addHistogram,
	describeLatencies,
	withoutCorrection,
} from "../../../bench/results/histogram.js";
import { createRandom } from "../../random.js";

/** What wrk does to its histogram at the end of a run. */
function correct(measured, intervalUs) {
	const counts = new Map(measured);
	const highest = Math.max(...measured.keys());
	for (let us = 2 * intervalUs; us <= highest; us++) {
		const count = counts.get(us) ?? 0;
		for (let m = us - intervalUs; count && m > intervalUs; m -= intervalUs)
			counts.set(m, (counts.get(m) ?? 0) + count);
	}
	return counts;
}

const latencyMs = (counts) => describeLatencies(counts).latencyMs;

const sorted = (counts) => [...counts].sort(([a], [b]) => a - b);

test("wrk's correction is taken out exactly", () => {
	const random = createRandom(1);
	for (let run = 0; run < 50; run++) {
		const measured = new Map();
		for (let i = 0; i < 300; i++)
			addHistogram(measured, [[1 + random(1 + random(2000)), 1]]);
		const intervalUs = 1 + random(300);
		const restored = withoutCorrection(
			correct(measured, intervalUs),
			intervalUs,
		);
		assert.deepEqual(sorted(restored), sorted(measured));
	}
});

test("latencies are pooled over rounds, percentiles by nearest rank", () => {
	const pool = new Map();
	addHistogram(
		pool,
		new Map([...Array(50).keys()].map((i) => [1000 * (i + 1), 1])),
	);
	addHistogram(
		pool,
		new Map([...Array(50).keys()].map((i) => [1000 * (i + 51), 1])),
	);
	const { mean, p50, p90, p99, max } = latencyMs(pool);
	assert.deepEqual([mean, p50, p90, p99, max], [50.5, 50, 90, 99, 100]);
});

test("latencies count as often as they occurred", () => {
	const counts = new Map([
		[100_000, 1],
		[1000, 99],
	]);
	const { mean, p99, max } = latencyMs(counts);
	assert.deepEqual([mean, p99, max], [1.99, 1, 100]);
});

test("without any request there is no latency", () => {
	const { latencyMs, percentiles, histogram } = describeLatencies(new Map());
	assert.deepEqual(new Set(Object.values(latencyMs)), new Set([null]));
	assert.deepEqual([percentiles, histogram], [[], []]);
});

test("bins go 1, 2, 5, 10 and hold every request once", () => {
	const us = [999, 1000, 1999, 2000, 4999, 5000, 9999, 10_000, 123_456];
	const counts = new Map(us.map((latency) => [latency, 2]));
	const { histogram, percentiles } = describeLatencies(counts);
	assert.deepEqual(
		histogram.map(({ fromMs, toMs, count }) => [fromMs, toMs, count]),
		[
			[0.5, 1, 2],
			[1, 2, 4],
			[2, 5, 4],
			[5, 10, 4],
			[10, 20, 2],
			[100, 200, 2],
		],
	);
	assert.deepEqual(percentiles.at(0), { percent: 50, ms: 4.999 });
	assert.deepEqual(percentiles.at(-1), { percent: 100, ms: 123.456 });
});
