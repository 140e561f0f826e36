import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import test from "node:test";

test("the sources follow the formatters and the linter", () => {
	const script = path.join(import.meta.dirname, "../scripts/lint.sh");
	const result = spawnSync("sh", [script], { encoding: "utf8" });
	assert.equal(result.status, 0, result.stdout + result.stderr);
});
