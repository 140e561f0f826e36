// What a host does while something is asked of it, and after.
import { setTimeout as sleep } from "node:timers/promises";
import { cpuSeconds } from "./process-tree.js";

const endNoticeMs = 100;
const settleWindowMs = 50;
const settleLimitMs = 5000;
// One tick of the CPU clock may fall into any window.
const quietCpuSeconds = 0.01;

/**
 * What a task with a host gives; if the host ends meanwhile, that is the reason why the task failed.
 * @type {<T>(host: Kit.Host, task: Promise<T>) => Promise<T>}
 */
export async function whileAlive(host, task) {
	let result;
	try {
		result = await task;
	} catch (error) {
		// A connection breaks before its host is seen to have ended.
		await sleep(endNoticeMs);
		await host.checkAlive();
		throw error;
	}
	await host.checkAlive();
	return result;
}

/**
 * Waits until a host has worked off what it had begun, so that the next tier has the CPUs for itself.
 * @type {(host: Kit.Host, signal?: AbortSignal) => Promise<void>}
 */
export async function settle(host, signal) {
	const deadlineMs = performance.now() + settleLimitMs;
	let before = cpuSeconds(host.pid);
	while (performance.now() < deadlineMs) {
		await sleep(settleWindowMs, null, { signal });
		const after = cpuSeconds(host.pid);
		if (after - before <= quietCpuSeconds) return;
		before = after;
	}
}
