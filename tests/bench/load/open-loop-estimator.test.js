import assert from "node:assert/strict";
import test from "node:test";
import { estimate } from "../../../bench/load/open-loop-estimator.js";
import { describeLatencies } from "../../../bench/results/histogram.js";
import { addEstimate, emptyPool } from "../../../bench/results/open-loop.js";

const stallMs = 200;
const serviceMs = 0.2;

/** What is recorded of 10 s at 1000/s from a server that works off one after another and stalls every 2 s; no clock is involved. */
function recordStalls() {
	const stalls = [1000, 3000, 5000, 7000, 9000];
	const records = [];
	let freeMs = 0;
	for (let i = 0; i < 10_000; i += 1) {
		const dueMs = i;
		const sentMs = Math.max(dueMs, freeMs);
		const isStalled = stalls.length && sentMs >= stalls[0];
		if (isStalled) stalls.shift();
		freeMs = sentMs + serviceMs + (isStalled ? stallMs : 0);
		records.push({
			dueMs,
			calledMs: dueMs + 0.01,
			sentMs,
			doneMs: freeMs,
			status: 200,
		});
	}
	return records;
}

const latencies = (counts) => describeLatencies(counts).latencyMs;

test("stalls show in p99 from when requests were due, and hide in p99 from their sending", () => {
	const { fromDue, fromSend, due, answered, good } = estimate(
		recordStalls(),
		10_000,
	);
	assert.deepEqual([due, answered, good], [10_000, 10_000, 10_000]);
	assert.equal(latencies(fromSend).p99, serviceMs);
	assert.equal(latencies(fromSend).max, stallMs + serviceMs);
	// Of each 2000 requests those of about 200 ms wait, the longest as long as the stall, and it takes 50 ms to catch up.
	const { p50, p90, p99, max } = latencies(fromDue);
	assert.equal(p50, serviceMs);
	assert.ok(p90 > 20 && p90 < 100, `p90 ${p90}`);
	assert.ok(p99 > 150 && p99 <= stallMs + serviceMs, `p99 ${p99}`);
	assert.equal(max, stallMs + serviceMs);
});

const record = (change) => ({
	dueMs: 0,
	calledMs: 0,
	sentMs: 1,
	doneMs: 11,
	status: 200,
	...change,
});

test("only answers 200 have a latency, and only those within the window are good", () => {
	const { due, answered, good, fromDue, fromSend } = estimate(
		[
			record({}),
			record({ doneMs: 1500 }),
			record({ status: 503, doneMs: 2 }),
			record({ status: null, doneMs: null }),
		],
		1000,
	);
	assert.deepEqual([due, answered, good], [4, 3, 1]);
	assert.deepEqual([...fromDue.keys()], [11_000, 1_500_000]);
	assert.deepEqual([...fromSend.keys()], [10_000, 1_499_000]);
});

test("the lag is the generator's own lateness, not the wait for a connection", () => {
	const { lag } = estimate(
		[record({ dueMs: 5, calledMs: 8, sentMs: 100, doneMs: 101 })],
		1000,
	);
	assert.deepEqual([...lag], [[3000, 1]]);
});

test("loads of the same rate are pooled", () => {
	const pool = emptyPool();
	const one = estimate([record({})], 1000);
	addEstimate(pool, one);
	addEstimate(pool, one);
	assert.deepEqual([...pool.fromDue], [[11_000, 2]]);
	assert.deepEqual([...pool.lag], [[0, 2]]);
});
