import assert from "node:assert/strict";
import { once } from "node:events";
import test from "node:test";
import { startChild, stopChild } from "../../../bench/hosts/child.js";
import {
	cpuSeconds,
	descendants,
	isRunning,
	memoryBytes,
	reapedCpuSeconds,
	watchMemory,
} from "../../../bench/hosts/process-tree.js";
import { eventually } from "../../contract/http.js";

/** Uses so much CPU time, however long that takes where others want the CPU, too. */
const burn = (ms) => `
	const used = () => Object.values(process.cpuUsage()).reduce((a, b) => a + b);
	for (const end = used() + ${ms}e3; used() < end; );`;

/** Starts a Node process with that script, waits for its first output, and ends it after use. */
async function withScript(script, use) {
	const state = startChild(process.execPath, ["--eval", script]);
	try {
		await once(state.child.stdout, "data");
		return await use(state.pid);
	} finally {
		await stopChild(state, 0);
	}
}

test("CPU time includes a child that has ended", async () => {
	const script = `
		require("node:child_process").spawnSync(process.execPath, ["--eval", ${JSON.stringify(burn(400))}]);
		console.log("reaped");
		setInterval(() => {}, 1000);`;
	await withScript(script, (pid) => {
		assert.ok(cpuSeconds(pid) >= 0.3, `${cpuSeconds(pid)} s`);
		assert.ok(reapedCpuSeconds(pid) >= 0.3, `${reapedCpuSeconds(pid)} s`);
	});
});

test("CPU time includes children that run", async () => {
	const script = `
		const { spawn } = require("node:child_process");
		const child = spawn(process.execPath, ["--eval", ${JSON.stringify(`${burn(400)} console.log("burnt"); setInterval(() => {}, 1000);`)}]);
		child.stdout.on("data", () => console.log("child has burnt"));`;
	await withScript(script, (pid) => {
		assert.ok(cpuSeconds(pid) >= 0.3, `${cpuSeconds(pid)} s`);
		assert.ok(reapedCpuSeconds(pid) < 0.1);
	});
});

test("CPU time includes children in sessions of their own, and worker threads", async () => {
	const inSession = `
		const { spawn } = require("node:child_process");
		const { Worker } = require("node:worker_threads");
		const child = spawn(process.execPath, ["--eval", ${JSON.stringify(`${burn(400)} console.log("burnt"); setInterval(() => {}, 1000);`)}], { detached: true });
		const worker = new Worker(${JSON.stringify(`
			${burn(400)}
			require("node:worker_threads").parentPort.postMessage(0);
			setInterval(() => {}, 1000);`)}, { eval: true });
		let left = 2;
		const done = () => { left -= 1; if (!left) console.log("both"); };
		child.stdout.once("data", done);
		worker.once("message", done);`;
	await withScript(inSession, (pid) => {
		assert.ok(cpuSeconds(pid) >= 0.6, `${cpuSeconds(pid)} s`);
		const [child] = descendants(pid);
		assert.ok(isRunning(child));
		assert.ok(!isRunning({ ...child, startTicks: child.startTicks + 1 }));
		assert.ok(memoryBytes(pid) > memoryBytes(child.pid) + 5e6);
	});
});

test("memory counts the whole tree, and its peak is kept", async () => {
	const script = `
		let held = Buffer.alloc(100e6, 1);
		console.log("held");
		process.on("SIGUSR2", () => { held = null; gc(); console.log("freed"); });
		setInterval(() => {}, 1000);`;
	const parent = `
		const { spawn } = require("node:child_process");
		const child = spawn(process.execPath, ["--expose-gc", "--eval", ${JSON.stringify(script)}]);
		child.stdout.on("data", (text) => process.stdout.write(text));`;
	await withScript(parent, async (pid) => {
		const stopWatching = watchMemory(pid);
		const held = memoryBytes(pid);
		const [child] = descendants(pid);
		const apart = memoryBytes(child.pid) + memoryBytes(process.pid);
		assert.ok(held > 100e6, `${held}`);
		assert.ok(held < apart, "what both have of Node's file counts once");
		process.kill(child.pid, "SIGUSR2");
		const isFreed = () => memoryBytes(pid) < held - 50e6;
		await eventually("memory is freed", isFreed);
		assert.ok(stopWatching() >= held - 1e6, "the peak was kept");
	});
});

test("a process that has gone uses nothing", () => {
	const gone = 2 ** 22 + 1;
	assert.equal(cpuSeconds(gone), 0);
	assert.equal(memoryBytes(gone), 0);
});
