import assert from "node:assert/strict";
import { test } from "node:test";
import { warnOfMemory } from "../../../bench/run/memory-check.js";

const gibibyte = 2 ** 30;
const hosts = [
	{ memory: { pss: gibibyte } },
	{ memory: { pss: 2 * gibibyte } },
	{ memory: null },
];

test("enough memory is no matter for words", () => {
	assert.equal(warnOfMemory(hosts, 4 * gibibyte), null);
	assert.equal(warnOfMemory([], 0.1 * gibibyte), null);
});

test("too little is, with both figures", () => {
	const sentence = warnOfMemory(hosts, 3 * gibibyte);
	assert.match(sentence, /take about 3\.0 GiB of memory and 3\.0 GiB are free/);
});
