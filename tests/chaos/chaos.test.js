// A few seconds of what "npm run chaos" does for minutes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runTarget } from "./run.js";
import { targets } from "./targets.js";

const names = [
	"coprocess",
	"sidecar",
	"addon, 2 processes",
	"server, calls",
	"addon-async, calls",
	"qrpng",
	"qrpng --pipe",
];

for (const target of targets.filter(({ name }) => names.includes(name)))
	test(`${target.name}: every answer is right or says that it can't be given`, async () => {
		const seed = Date.now() % 1e9;
		const result = await runTarget(target, { durationMs: 2_000, seed });
		assert.deepEqual(result.complaints, [], `seed ${seed}`);
		assert.ok(result.answers.right > 0);
		assert.ok(Object.keys(result.faults).length > 0);
	});
