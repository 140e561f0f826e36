import assert from "node:assert/strict";
import test from "node:test";
import { assertThreadsAgree, assertUnitTestsPass, run } from "./run.js";

test("core unit tests", () => assertUnitTestsPass("Release"));

test("processes forked while threads make their first images make the same ones", () => {
	const result = run("Release", "core_fork_test");
	assert.equal(result.status, 0, result.stdout + result.stderr);
	assert.match(result.stdout, /^0 of [1-9]\d* children failed$/m);
});

for (const engine of [
	"fast",
	"fast:baseline",
	"fast:128",
	"fast:256",
	"fast:512",
])
	test(`eight threads start cold, engine ${engine}`, (context) =>
		assertThreadsAgree(context, "Release", engine));
