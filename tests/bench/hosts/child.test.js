import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import test from "node:test";
import { startChild, stopChild } from "../../../bench/hosts/child.js";
import { assignCpus, parseCpuList } from "../../../bench/hosts/cpus.js";
import { eventually } from "../../contract/http.js";

/** Starts a shell script and waits for its first output. */
async function startScript(script, options) {
	const state = startChild("sh", ["-c", script], options);
	const [output] = await once(state.child.stdout, "data");
	return { ...state, state, output: `${output}`.trim() };
}

/** Whether it runs; one that has ended may wait for init to notice. */
function isAlive(pid) {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
		return stat[stat.lastIndexOf(")") + 2] !== "Z";
	} catch {
		return false;
	}
}

function leadsSession(pid) {
	const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
	const [, , , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	return session === pid;
}

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
	await eventually("its child has ended", () => !isAlive(Number(output)));
});

test("descendants in sessions of their own end, too, also when they outlive their parent", async () => {
	for (const trap of ["", "trap '' TERM;"]) {
		const { state, output } = await startScript(
			`${trap} setsid sleep 60 & echo $!; wait; ${trap && "sleep 60"}`,
		);
		await eventually("a session of its own", () => leadsSession(output));
		await stopChild(state, 100);
		await eventually("it has ended", () => !isAlive(Number(output)));
	}
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
