import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Intake } from "../../../server/api/intake.js";

function work(ms) {
	for (const end = performance.now() + ms; performance.now() < end; );
}

/** An intake whose answers take so long, and what became of each request, by its number. */
function makeIntake(ms, limits) {
	const said = [];
	const note = (word) => (req) => {
		if (word === "answered") work(ms);
		said.push(`${word} ${req.number}`);
	};
	const listeners = { answer: note("answered"), refuse: note("refused") };
	const intake = new Intake(listeners, limits);
	const isOver = async (count) => {
		while (said.length < count) await nextTurn();
		return said;
	};
	return { intake, said, isOver };
}

const open = { closed: false };
const ask = (number, request) => ({ number, headers: {}, ...request });
const never = { maxQueue: 100, maxWaitMs: 600_000 };

test("what takes no time is answered at once", () => {
	const { intake, said } = makeIntake(0, never);
	intake.take(ask(1), open);
	assert.deepEqual(said, ["answered 1"]);
	assert.equal(intake.ageMs(), 0);
});

test("what takes long leaves the event loop its turns, and the order stays", async () => {
	const { intake, said, isOver } = makeIntake(3, never);
	for (let i = 0; i < 3; i++) intake.take(ask(i), open);
	assert.deepEqual(said, ["answered 0"]);
	assert.ok(intake.ageMs() > 0);
	await nextTurn();
	intake.take(ask(3), open);
	assert.ok(said.length < 3);
	const all = [0, 1, 2, 3].map((i) => `answered ${i}`);
	assert.deepEqual(await isOver(4), all);
});

test("one more than may wait is refused, and so is what waited too long", async () => {
	const { intake, said, isOver } = makeIntake(5, {
		maxQueue: 2,
		maxWaitMs: 1,
	});
	for (let i = 0; i < 4; i++) intake.take(ask(i), open);
	assert.deepEqual(said, ["answered 0", "refused 3"]);
	work(2);
	assert.deepEqual((await isOver(4)).slice(2), ["refused 1", "refused 2"]);
});

test("a client that has gone is forgotten", async () => {
	const { intake, isOver } = makeIntake(3, never);
	intake.take(ask(0), open);
	intake.take(ask(1), { closed: true });
	intake.take(ask(2), open);
	assert.deepEqual(await isOver(2), ["answered 0", "answered 2"]);
});

test("what would be lost by waiting doesn't wait", async () => {
	const { intake, said, isOver } = makeIntake(3, never);
	const socket = new EventEmitter();
	intake.noteConnection(socket);
	intake.take(ask(0), open);
	intake.take(ask(1), { closed: false, shouldKeepAlive: false });
	intake.take(ask(2, { headers: { "content-length": "5" } }), open);
	intake.take(ask(3, { headers: { "transfer-encoding": "chunked" } }), open);
	intake.take(ask(4), open);
	intake.take(ask(5, { socket }), open);
	const atOnce = [0, 1, 2, 3].map((i) => `answered ${i}`);
	assert.deepEqual(said, atOnce);
	socket.emit("end");
	assert.deepEqual(said, [...atOnce, "answered 5"]);
	assert.equal((await isOver(6)).at(-1), "answered 4");
});
