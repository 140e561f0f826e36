import assert from "node:assert/strict";
import test from "node:test";
import { assignCpus, parseCpuList } from "../../../bench/hosts/cpus.js";

test("lists of CPUs as the kernel writes them", () => {
	assert.deepEqual(parseCpuList("0"), [0]);
	assert.deepEqual(parseCpuList("0-3,8,10-11"), [0, 1, 2, 3, 8, 10, 11]);
});

test("the generator has a CPU for itself where there are enough", () => {
	assert.deepEqual(assignCpus(1, [0, 1]), {
		generator: [0],
		server: [1],
		areShared: false,
	});
	assert.deepEqual(assignCpus(3, [4, 5, 6, 7]).server, [5, 6, 7]);
});

test("otherwise all share all", () => {
	const shared = { generator: [0, 1], server: [0, 1], areShared: true };
	assert.deepEqual(assignCpus(2, [0, 1]), shared);
	assert.equal(assignCpus(1, [3]).areShared, true);
});
