// Runs a program that tests the core.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.join(import.meta.dirname, "../..");

/** { status, stdout, stderr } of a program of that build. */
export function run(configuration, program, ...args) {
	const file = path.join(root, "build", configuration, program);
	const result = spawnSync(file, args, { encoding: "utf8" });
	if (!result.stderr.includes("unexpected memory mapping")) return result;
	// older ThreadSanitizers and kernels that place memory more at random don't go together
	return spawnSync("setarch", ["--addr-no-randomize", file, ...args], {
		encoding: "utf8",
	});
}

export function assertUnitTestsPass(configuration) {
	const result = run(configuration, "core_test");
	assert.equal(result.status, 0, result.stdout + result.stderr);
	assert.match(result.stderr, /PASSED/);
}

/** Threads that make their first images at the same time make the same ones. */
export function assertThreadsAgree(context, configuration, engine) {
	const result = run(configuration, "core_threads_test", engine);
	if (result.status === 77) {
		context.skip("this machine can't run that engine");
		return;
	}
	assert.equal(result.status, 0, result.stdout + result.stderr);
	assert.match(result.stdout, /the same images/);
}
