import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import test from "node:test";

const root = path.join(import.meta.dirname, "../..");

for (const configuration of ["Release", "Sanitize"]) {
	test(`core unit tests, ${configuration} build`, () => {
		const result = spawnSync(
			path.join(root, "build", configuration, "core_test"),
			{ encoding: "utf8" },
		);
		assert.equal(result.status, 0, result.stdout + result.stderr);
		assert.match(result.stderr, /PASSED/);
	});
}
