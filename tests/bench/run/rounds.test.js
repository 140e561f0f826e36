import assert from "node:assert/strict";
import test from "node:test";
import { halfWidth } from "../../../bench/results/statistics.js";
import { planRounds } from "../../../bench/run/rounds.js";
import { makeRow } from "../helpers.js";

const jitter = [1, 1.02, 0.98, 1.01, 0.99, 1, 0.99, 1.01, 0.98, 1.02];

function makeEntry(id, rate, spread, rounds) {
	const samples = jitter.slice(0, rounds).map((factor, i) => {
		const imagesPerSecond = rate * (1 + (factor - 1) * spread);
		return { round: i + 1, imagesPerSecond, cpuMicrosPerImage: 1 };
	});
	const cpus = { generator: [0], server: [1], areShared: false };
	return { row: makeRow({ id }), node: null, cpus, problem: null, samples };
}

/** After so many rounds; the rates of the second row spread so much. */
const makeResults = (roundsDone, spread) => ({
	roundsDone,
	measurements: [
		makeEntry("js", 100, 0, roundsDone),
		makeEntry("addon", 200, spread, roundsDone),
	],
});

test("as many rounds as asked for", () => {
	const plan = planRounds({ rounds: 3 });
	assert.equal(plan.wantsMore({ roundsDone: 2 }), true);
	assert.equal(plan.wantsMore({ roundsDone: 3 }), false);
	assert.equal(plan.roundsLeft(1), 3);
});

test("auto goes on until the intervals are narrow, and never ends too early", () => {
	const plan = planRounds({ rounds: "auto", limitMinutes: 1 });
	assert.equal(plan.wantsMore(makeResults(9, 1)), true);
	assert.equal(plan.wantsMore(makeResults(10, 1)), false);
	assert.equal(plan.wantsMore(makeResults(10, 5)), true);
});

test("auto does not wait for a row that has failed", () => {
	const plan = planRounds({ rounds: "auto", limitMinutes: 1 });
	const results = makeResults(10, 5);
	results.measurements[1].problem = "it ended";
	assert.equal(plan.wantsMore(results), false);
});

test("auto ends when the time is up", () => {
	const plan = planRounds({ rounds: "auto", limitMinutes: 0 });
	assert.equal(plan.wantsMore(makeResults(9, 5)), true);
	assert.equal(plan.wantsMore(makeResults(10, 5)), false);
});

test("half the width of an interval is a share of the ratio", () => {
	assert.equal(halfWidth({ low: 1 / 1.1, high: 1.1 }).toFixed(6), "0.100000");
	assert.equal(halfWidth({ low: null, high: null }), null);
});
