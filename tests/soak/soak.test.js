// A few seconds of what "npm run soak" does for half an hour, and that it would see what grows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { findHost } from "../contract/hosts.js";
import { sumOf } from "../load/ledger.js";
import { growthOf, soak, tooMuch } from "./run.js";

for (const name of ["server", "worker"])
	test(`${name}: every answer is right, and a clean end`, async () => {
		const seed = Date.now() % 1e9;
		const result = await soak(findHost(name), { durationMs: 1_500, seed });
		assert.deepEqual(result.complaints, [], `seed ${seed}`);
		assert.ok(result.answers.right > 0);
		assert.ok(sumOf(result.aborted) > 0);
	});

const flat = { memoryMb: 80, fds: 20, threads: 11, processes: 1, zombies: 0 };
const samplesOf = (change) =>
	Array.from({ length: 40 }, (_, i) => ({
		requests: 1000 * i,
		...flat,
		memoryMb: 80 + (i % 3), // noise
		...change(i),
	}));

test("what stays, or has grown while it got warm, is no complaint", () => {
	const samples = samplesOf((i) => ({ memoryMb: i < 10 ? 40 : 80 }));
	assert.deepEqual(tooMuch(growthOf(samples)), []);
});

for (const [name, change] of [
	["memoryMb", (i) => ({ memoryMb: 80 + 2 * i })],
	["fds", (i) => ({ fds: 20 + i })],
	["threads", (i) => ({ threads: 11 + Math.floor(i / 4) })],
	["processes", (i) => ({ processes: 1 + Math.floor(i / 5) })],
	["zombies", (i) => ({ zombies: Math.floor(i / 5) })],
])
	test(`a growth of ${name} is seen`, () => {
		const complaints = tooMuch(growthOf(samplesOf(change)));
		assert.equal(complaints.length, 1);
		assert.match(complaints[0], new RegExp(`^${name} has grown by \\d`));
	});

test("too few samples say nothing", () => {
	assert.deepEqual(growthOf(samplesOf(() => ({})).slice(0, 5)), {});
});
