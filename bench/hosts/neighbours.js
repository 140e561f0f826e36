// What else uses the CPUs: other programs, and other machines on the same hardware.
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { foreignCpuSeconds } from "./process-tree.js";

// USER_HZ, as in /proc/PID/stat.
const ticksPerSecond = 100;
const stealField = 8;

/** Time in which this machine's CPUs wanted to run and the hypervisor gave them to others; 0 where it doesn't say. */
function stealSeconds() {
	const [total] = readFileSync("/proc/stat", "utf8").split("\n");
	return Number(total.split(/\s+/)[stealField] ?? 0) / ticksPerSecond;
}

const read = () => ({
	atMs: performance.now(),
	programs: foreignCpuSeconds(process.pid),
	steal: stealSeconds(),
});

/**
 * Watches what others use until the function it returns is called, which gives it as a share of all CPUs of this machine.
 * @type {() => () => number}
 */
export function watchNeighbours() {
	const before = read();
	return () => {
		const after = read();
		const seconds = (after.atMs - before.atMs) / 1000;
		const used = after.programs - before.programs + after.steal - before.steal;
		const share = used / seconds / cpus().length;
		return Math.min(1, Math.max(0, share));
	};
}
