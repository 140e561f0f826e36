// Each case of cases/ holds for qrcode and for qr-tiers, but for what docs/migrating-from-qrcode.md lists. Counts and reasons:
// npm run test:drop-in
import assert from "node:assert/strict";
import { test } from "node:test";
import { isLong } from "../amount.js";
import { readDifferences } from "./migrating.js";
import { loadCases, runCases } from "./run.js";

const all = await loadCases();
const cases = isLong ? all : all.filter(({ marks }) => !marks.isLong);

/** Cases that a package fails and isn't marked for, or the other way round. */
async function findSurprises(name) {
	const failures = await runCases(cases, name);
	return cases.flatMap(({ call, says, marks }, i) => {
		const error = failures[i];
		if (Boolean(error) === (marks.fails === name)) return [];
		const what = error?.message ?? `passes, but is to fail: ${marks.see}`;
		return [`${call}: ${says}: ${what}`];
	});
}

test("qrcode does what the cases say: they are right", async () => {
	assert.deepEqual(await findSurprises("qrcode"), []);
});

test("qr-tiers does what they say, but for what the guide lists", async () => {
	assert.deepEqual(await findSurprises("qr-tiers"), []);
});

test("no case stands there twice", () => {
	const names = all.map(({ call, says }) => `${call}: ${says}`);
	assert.deepEqual(
		names.filter((name, i) => names.indexOf(name) !== i),
		[],
	);
});

test("each difference that the guide lists is shown by a case, and each mark is one of them", () => {
	const marked = new Set(all.flatMap(({ marks }) => marks.see ?? []));
	const listed = readDifferences().map(({ what }) => what);
	assert.deepEqual([...marked].sort(), [...listed].sort());
});
