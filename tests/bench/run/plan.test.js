import assert from "node:assert/strict";
import test from "node:test";
import { guessTrialSeconds, planLoads } from "../../../bench/run/plan.js";
import { makeRow } from "../helpers.js";

const settings = { durationSeconds: 1, warmUpSeconds: 0.5 };

test("rows of a tier and workload have rounds and warm-ups of one length, those of others their own", () => {
	const rows = [
		makeRow({ id: "addon" }),
		{ ...makeRow({ id: "addon" }), isAgain: true },
		makeRow({ id: "addon", text: "long" }),
		makeRow({ id: "js" }),
	];
	const rates = [1000, 128, 500, 64];
	const plans = planLoads(
		new Map(rows.map((row, i) => [row, rates[i]])),
		settings,
	);
	assert.deepEqual(
		rows.map((row) => plans.get(row)),
		[
			{ durationSeconds: 2, warmUpSeconds: 0.8 },
			{ durationSeconds: 2, warmUpSeconds: 0.8 },
			{ durationSeconds: 1, warmUpSeconds: 0.5 },
			{ durationSeconds: 4, warmUpSeconds: 1.5 },
		],
	);
});

test("loads have a bound, however slow the tier is", () => {
	const row = makeRow({ id: "js" });
	const plan = planLoads(new Map([[row, 0.1]]), settings).get(row);
	assert.deepEqual(plan, { durationSeconds: 30, warmUpSeconds: 30 });
	assert.equal(guessTrialSeconds(row, 60_000, settings), 30);
});

test("a trial is as long as the first request makes one expect, with all connections waiting in one line", () => {
	const row = makeRow({ id: "js" });
	assert.equal(guessTrialSeconds(row, 1, settings), 0.5);
	assert.equal(guessTrialSeconds(row, 20, settings), 2);
	assert.equal(guessTrialSeconds({ ...row, processes: 4 }, 20, settings), 0.5);
});
