import assert from "node:assert/strict";
import { once } from "node:events";
import test from "node:test";
import { startChild, stopChild } from "../../bench/child.js";
import { assignCpus, parseCpuList } from "../../bench/cpus.js";

/** Starts a shell script and waits for its first output. */
async function startScript(script, options) {
	const state = startChild("sh", ["-c", script], options);
	const [output] = await once(state.child.stdout, "data");
	return { ...state, state, output: `${output}`.trim() };
}

const isAlive = (pid) => {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
};

test("SIGTERM comes first, and whoever heeds it may say goodbye", async () => {
	const { state, ended } = await startScript(
		"trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done",
	);
	await stopChild(state);
	assert.equal(await ended, "it ended with exit code 5");
});

test("SIGKILL comes next, also for children that were left behind", async () => {
	const { state, ended, pid, output } = await startScript(
		"trap '' TERM; sleep 60 & echo $!; wait; sleep 60",
	);
	assert.ok(isAlive(pid) && isAlive(Number(output)));
	await stopChild(state, 100);
	assert.equal(await ended, "it was ended by SIGKILL");
	assert.ok(!isAlive(pid));
	// Its child now belongs to init, which may take a moment to notice.
	const end = performance.now() + 2000;
	while (isAlive(Number(output)) && performance.now() < end)
		await new Promise((resolve) => setTimeout(resolve, 10));
	assert.ok(!isAlive(Number(output)));
});

test("a child runs on the CPUs that it is given", async () => {
	const cpus = assignCpus(1).generator.slice(0, 1);
	const { state, output } = await startScript(
		"grep Cpus_allowed_list /proc/self/status",
		{ cpus },
	);
	await stopChild(state);
	assert.deepEqual(parseCpuList(output.split(/\s+/)[1]), cpus);
});

test("a command that is not there ends with a reason", async () => {
	const { ended, child } = startChild("no-such-command", []);
	child.stdout.resume();
	child.stderr.resume();
	assert.match(await ended, /^it ended with exit code 127$/);
});
