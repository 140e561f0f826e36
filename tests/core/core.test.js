import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import test from "node:test";

const root = path.join(import.meta.dirname, "../..");

function run(configuration, program, ...args) {
	const file = path.join(root, "build", configuration, program);
	const result = spawnSync(file, args, { encoding: "utf8" });
	if (!result.stderr.includes("unexpected memory mapping")) return result;
	// older ThreadSanitizers and kernels that place memory more at random don't go together
	return spawnSync("setarch", ["--addr-no-randomize", file, ...args], {
		encoding: "utf8",
	});
}

for (const configuration of ["Release", "Sanitize"]) {
	test(`core unit tests, ${configuration} build`, () => {
		const result = run(configuration, "core_test");
		assert.equal(result.status, 0, result.stdout + result.stderr);
		assert.match(result.stderr, /PASSED/);
	});
}

test("processes forked while threads make their first images make the same ones", () => {
	const result = run("Release", "core_fork_test");
	assert.equal(result.status, 0, result.stdout + result.stderr);
	assert.match(result.stdout, /^0 of [1-9]\d* children failed$/m);
});

const enginesOfBuild = {
	Release: ["fast", "fast:128", "fast:256", "fast:512"],
	Tsan: ["fast", "fast:128"], // they differ in vectors alone
};

for (const [configuration, engines] of Object.entries(enginesOfBuild)) {
	for (const engine of engines) {
		test(`eight threads start cold, engine ${engine}, ${configuration} build`, (context) => {
			const result = run(configuration, "core_threads_test", engine);
			if (result.status === 77) {
				context.skip("this machine can't run that engine");
				return;
			}
			assert.equal(result.status, 0, result.stdout + result.stderr);
			assert.match(result.stdout, /the same images/);
		});
	}
}
