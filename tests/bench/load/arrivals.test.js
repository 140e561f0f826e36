import assert from "node:assert/strict";
import test from "node:test";
import { arrivalNames, makeSchedule } from "../../../bench/load/arrivals.js";

const load = { ratePerSecond: 1000, durationSeconds: 100 };
const windowMs = 100_000;
const make = (arrivals, seed) => makeSchedule({ ...load, arrivals }, seed);

/** What a queue in front of one server that takes so long for each makes them wait, in the mean. */
function meanWaitMs(schedule, serviceMs) {
	let freeMs = 0;
	let sumMs = 0;
	for (const dueMs of schedule) {
		sumMs += Math.max(0, freeMs - dueMs);
		freeMs = Math.max(freeMs, dueMs) + serviceMs;
	}
	return sumMs / schedule.length;
}

test("requests are due in order, within the load, and at the same times for the same seed", () => {
	for (const name of arrivalNames) {
		const schedule = make(name);
		assert.deepEqual(schedule, schedule.toSorted());
		assert.ok(schedule[0] >= 0 && Number(schedule.at(-1)) < windowMs, name);
		assert.deepEqual(make(name, 7), make(name, 7));
		assert.equal(
			makeSchedule({ ...load, ratePerSecond: 0.001, arrivals: name }).length,
			1,
		);
	}
	assert.notDeepEqual(make("poisson", 7), make("poisson", 8));
});

test("uniform arrivals have even gaps, which is the default", () => {
	const [a, b, c] = make("uniform");
	assert.deepEqual([a, b, c], [0, 1, 2]);
	assert.deepEqual(makeSchedule(load), make("uniform"));
	assert.equal(meanWaitMs(make("uniform"), 0.9), 0);
});

test("Poisson arrivals queue as theory says: at half load by half a service time, at 80 % by two", () => {
	const schedule = make("poisson");
	assert.equal(schedule.length, 100_000);
	for (const [serviceMs, waitMs] of [
		[0.5, 0.25],
		[0.8, 1.6],
	]) {
		// Pollaczek and Khinchine, for service times that are all the same: ρ s / (2 (1 - ρ)).
		const found = meanWaitMs(schedule, serviceMs);
		assert.ok(Math.abs(found / waitMs - 1) < 0.06, `${found} for ${waitMs}`);
	}
});

test("a ramp has half as many requests, and a quarter of them in its first half", () => {
	const schedule = make("ramp");
	assert.equal(schedule.length, 50_000);
	const early = schedule.filter((dueMs) => dueMs < windowMs / 2).length;
	assert.ok(Math.abs(early / schedule.length - 0.25) < 0.001, `${early}`);
	const last = schedule.filter((dueMs) => dueMs >= windowMs - 1000).length;
	assert.ok(Math.abs(last - 995) < 3, `${last} in the last second`);
});
