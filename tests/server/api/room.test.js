import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Room } from "../../../server/api/room.js";
import { BusyError } from "../../../server/errors.js";

const controller = new AbortController();
const { signal } = controller;
after(() => controller.abort()); // ends those that still wait

function createRoom(limits) {
	return new Room({
		maxBytes: 100,
		maxWaiting: 2,
		maxWaitMs: 60_000,
		...limits,
	});
}

/** What has become of a promise by now: "pending" or how it was settled. */
async function stateOf(promise) {
	const states = [
		promise.then(
			() => "fulfilled",
			() => "rejected",
		),
		new Promise((resolve) => setImmediate(resolve, "pending")),
	];
	return Promise.race(states);
}

test("who finds too little room waits, in the order of arrival", async () => {
	const room = createRoom();
	const first = await room.take(60, signal);
	const large = room.take(50, signal);
	const small = room.take(10, signal);
	assert.equal(await stateOf(large), "pending");
	assert.equal(await stateOf(small), "pending", "it must not overtake");
	first.leave();
	assert.equal(await stateOf(large), "fulfilled");
	assert.equal(await stateOf(small), "fulfilled");
});

test("a part that shrinks lets others in, one that grows fills the room", async () => {
	const room = createRoom();
	const part = await room.take(40, signal);
	part.grow(60);
	assert.ok(room.isFull);
	const next = room.take(30, signal);
	assert.equal(await stateOf(next), "pending");
	part.resize(70);
	assert.ok(await next);
	assert.ok(room.isFull);
});

test("what is larger than the room gets in alone", async () => {
	const room = createRoom();
	const part = await room.take(1000, signal);
	const next = room.take(1, signal);
	assert.equal(await stateOf(next), "pending");
	part.leave();
	assert.ok(await next);
});

test("to leave twice frees no more than once", async () => {
	const room = createRoom();
	const one = await room.take(50, signal);
	await room.take(50, signal);
	one.leave();
	one.leave();
	one.grow(10);
	await room.take(50, signal);
	assert.ok(room.isFull);
	assert.equal(await stateOf(room.take(1, signal)), "pending");
});

test("no more wait than may", async () => {
	const room = createRoom();
	await room.take(100, signal);
	const waiting = [room.take(1, signal), room.take(1, signal)];
	await assert.rejects(room.take(1, signal), BusyError);
	for (const one of waiting) assert.equal(await stateOf(one), "pending");
});

test("nobody waits for longer than allowed", async () => {
	const room = createRoom({ maxWaitMs: 1 });
	await room.take(100, signal);
	await assert.rejects(room.take(1, signal), BusyError);
});

test("who goes away while waiting holds nobody up", async () => {
	const room = createRoom();
	const first = await room.take(60, signal);
	const other = new AbortController();
	const gone = room.take(90, other.signal);
	const next = room.take(40, signal);
	other.abort();
	await assert.rejects(gone, { name: "AbortError" });
	assert.ok(await next);
	await assert.rejects(room.take(1, other.signal), { name: "AbortError" });
	first.leave();
});
