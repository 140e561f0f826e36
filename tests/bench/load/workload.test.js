import assert from "node:assert/strict";
import test from "node:test";
import { makeBatches } from "../../../bench/load/batches.js";
import { connectionsFor } from "../../../bench/results/dimensions.js";

test("batches hold all texts and are full", () => {
	const texts = ["a", "b", "c"];
	assert.deepEqual(makeBatches(texts, 1), [["a"], ["b"], ["c"]]);
	assert.deepEqual(makeBatches(texts, 2), [
		["a", "b"],
		["c", "a"],
	]);
	assert.deepEqual(makeBatches(texts, 4), [["a", "b", "c", "a"]]);
});

test("batches come over fewer connections, 2 a process at least", () => {
	const rows = [
		[{ connections: 64, batchSize: 1, processes: 1 }, 64],
		[{ connections: 64, batchSize: 10, processes: 1 }, 6],
		[{ connections: 64, batchSize: 1000, processes: 1 }, 2],
		[{ connections: 64, batchSize: 1000, processes: 3 }, 6],
	];
	for (const [row, wanted] of rows) assert.equal(connectionsFor(row), wanted);
});
