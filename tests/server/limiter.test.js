import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { BusyError } from "../../server/errors.js";
import { Limiter } from "../../server/limiter.js";

// The limiter's own timer keeps no process alive.
const alive = setInterval(() => {}, 60_000);
after(() => clearInterval(alive));

const isBusy = (error) => error instanceof BusyError;

/** A task that ends when it is told to. */
function makeTask() {
	let end;
	const ended = new Promise((resolve) => {
		end = resolve;
	});
	return { run: () => ended, end };
}

test("those that wait take their turns in order; one more than may wait is refused", async () => {
	const limiter = new Limiter(1, { maxQueue: 2, maxWaitMs: 600_000 });
	const first = makeTask();
	const order = [];
	const note = (name) => () => order.push(name);
	const running = limiter.run(first.run);
	const waiting = [limiter.run(note("a")), limiter.run(note("b"))];
	await assert.rejects(limiter.run(note("c")), isBusy);
	assert.deepEqual(limiter.stats(), { waiting: 2, refused: 1 });
	first.end();
	await Promise.all([running, ...waiting]);
	assert.deepEqual(order, ["a", "b"]);
	assert.deepEqual(limiter.stats(), { waiting: 0, refused: 1 });
});

test("one that has waited too long is refused, though nothing ends", async () => {
	const limiter = new Limiter(1, { maxQueue: 2, maxWaitMs: 10 });
	const first = makeTask();
	const running = limiter.run(first.run);
	const late = [limiter.run(() => 1), limiter.run(() => 2)];
	await Promise.all(late.map((it) => assert.rejects(it, isBusy)));
	first.end();
	await running;
	assert.equal(await limiter.run(() => 3), 3);
});

test("a thread that was busy meanwhile hands no turn to one that is too late", async () => {
	const limiter = new Limiter(1, { maxQueue: 2, maxWaitMs: 10 });
	const first = makeTask();
	const running = limiter.run(first.run);
	const late = assert.rejects(
		limiter.run(() => assert.fail("it had its turn")),
		isBusy,
	);
	for (const end = performance.now() + 20; performance.now() < end; );
	first.end(); // before any timer
	await Promise.all([running, late]);
});

test("a client that goes away while it waits leaves the queue", async () => {
	const limiter = new Limiter(1, { maxQueue: 2, maxWaitMs: 600_000 });
	const first = makeTask();
	const running = limiter.run(first.run);
	const controller = new AbortController();
	const waiting = limiter.run(() => 1, controller.signal);
	await sleep(1);
	controller.abort(new Error("gone"));
	await assert.rejects(waiting, /gone/);
	assert.equal(limiter.stats().waiting, 0);
	first.end();
	await running;
});
