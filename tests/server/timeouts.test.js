import assert from "node:assert/strict";
import { test } from "node:test";
import { Deadlines, Watchdog } from "../../server/timeouts.js";
import { eventually, sleep } from "../contract/http.js";

const timeoutMs = 100;

/** As a process that is busy, or stopped. */
async function block() {
	const end = performance.now() + 5 * timeoutMs;
	while (performance.now() < end);
	await sleep(1); // timers that are overdue come first
}

function watch(limitMs, findFirst) {
	const watched = { hangs: 0 };
	watched.dog = new Watchdog(limitMs, findFirst, () => watched.hangs++);
	watched.dog.watch();
	return watched;
}

test("who is still first after the time is told of, until nobody waits", async () => {
	const waiting = [{}, {}];
	const watched = watch(timeoutMs, () => waiting[0]);
	await block();
	assert.equal(watched.hangs, 0);
	await eventually("a hang", () => watched.hangs > 0);
	waiting.length = 0;
	const { hangs } = watched;
	await sleep(2 * timeoutMs);
	assert.equal(watched.hangs, hangs);
});

test("who has been first for a while is late before that", async () => {
	const watched = watch(20 * timeoutMs, () => "first");
	assert.ok(!watched.dog.isLate);
	await eventually("being late", () => watched.dog.isLate);
});

test("as long as one after the other is answered, nothing hangs", async () => {
	let count = 0;
	const watched = watch(timeoutMs, () => count++);
	await sleep(2 * timeoutMs);
	assert.equal(watched.hangs, 0);
});

test("each has the same time, and none of it passes while this process is busy", async () => {
	const expired = [];
	const deadlines = new Deadlines(timeoutMs, (item) => expired.push(item));
	for (const item of ["a", "b", "c"]) deadlines.add(item);
	await block();
	assert.deepEqual(expired, []);
	deadlines.delete("b");
	assert.ok(deadlines.has("a"));
	await eventually("the end of their time", () => expired.length > 0);
	deadlines.add("d");
	assert.deepEqual(expired, ["a", "c"]);
	assert.ok(!deadlines.has("a"));
	await eventually("the end of the next", () => expired.includes("d"));
});
