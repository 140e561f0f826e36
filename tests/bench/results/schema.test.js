import assert from "node:assert/strict";
import test from "node:test";
import { readResults } from "../../../bench/results/files.js";
import { createResults, writeResults } from "../../../bench/results/results.js";
import { checkResults, schemaVersion } from "../../../bench/results/schema.js";
import { summarise } from "../../../bench/results/summary.js";
import { machine, makeSettings, withDirectory } from "../helpers.js";

const start = (directory) =>
	createResults({ directory, machine, settings: makeSettings() });

test("what is written is what is read", () =>
	withDirectory((directory) => {
		const summary = writeResults(start(directory));
		assert.deepEqual(readResults(directory), summary);
	}));

test("what is not as the schema says is neither written nor read", () => {
	const good = summarise(start());
	const rows = [
		[{ ...good, schemaVersion: 1 }, /the schema version 1; this kit reads/],
		[{ schemaVersion }, /: the whole must have required property/],
		[{ ...good, more: 1 }, /: the whole must NOT have additional properties/],
		[
			{ ...good, machine: { ...machine, cores: "2" } },
			/: \/machine\/cores must be integer/,
		],
	];
	for (const [results, sentence] of rows)
		assert.throws(() => checkResults(results), sentence);
	const broken = { ...start(), machine: {} };
	assert.throws(() => writeResults(broken), /: \/machine must have required/);
});
