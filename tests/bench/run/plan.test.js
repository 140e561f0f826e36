import assert from "node:assert/strict";
import test from "node:test";
import {
	guessTrialSeconds,
	needsMoreTrials,
	planLoads,
} from "../../../bench/run/plan.js";
import { makeRow } from "../helpers.js";

const settings = { durationSeconds: 1 };

test("rows of a tier and workload have rounds and warm-ups of one length, those of others their own", () => {
	const rows = [
		makeRow({ id: "addon" }),
		{ ...makeRow({ id: "addon" }), isAgain: true },
		makeRow({ id: "addon", text: "long" }),
		makeRow({ id: "js" }),
	];
	const trials = new Map([
		[rows[0], { seconds: 0.5, rates: [900, 1000], connections: 64 }],
		[rows[1], { seconds: 0.5, rates: [60, 100, 128], connections: 64 }],
		[rows[2], { seconds: 0.5, rates: [500, 500], connections: 64 }],
		[rows[3], { seconds: 2, rates: [60, 64], connections: 64 }],
	]);
	const plans = planLoads(trials, settings);
	assert.deepEqual(
		rows.map((row) => plans.get(row)),
		[
			{ durationSeconds: 2, warmUpSeconds: 1 },
			{ durationSeconds: 2, warmUpSeconds: 1 },
			{ durationSeconds: 1, warmUpSeconds: 0.5 },
			{ durationSeconds: 4, warmUpSeconds: 2 },
		],
	);
});

test("a round has a bound, however slow the tier is", () => {
	const row = makeRow({ id: "js" });
	const trial = { seconds: 30, rates: [0.1, 0.1], connections: 64 };
	const { durationSeconds } = planLoads(new Map([[row, trial]]), settings).get(
		row,
	);
	assert.equal(durationSeconds, 30);
	assert.equal(guessTrialSeconds(row, 60_000, 1), 30);
});

test("a trial goes on until a load brings no more than 5 %", () => {
	assert.equal(needsMoreTrials([]), true);
	assert.equal(needsMoreTrials([100]), true);
	assert.equal(needsMoreTrials([100, 106]), true);
	assert.equal(needsMoreTrials([100, 106, 110]), false);
	assert.equal(needsMoreTrials([100, 90]), false);
});

test("a trial is as long as the first request makes one expect, with all connections waiting in one line", () => {
	const row = makeRow({ id: "js" });
	assert.equal(guessTrialSeconds(row, 1, 1), 0.5);
	assert.equal(guessTrialSeconds(row, 20, 1), 2);
	assert.equal(guessTrialSeconds({ ...row, processes: 4 }, 20, 1), 0.5);
});
