// What else uses the CPUs: other programs, and other machines on the same hardware.
import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
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
 * Watches what others use until the function it returns is called, which gives it as a share of the CPUs that this program may use.
 * @type {() => () => number}
 */
export function watchNeighbours() {
	const before = read();
	return () => {
		const after = read();
		const seconds = (after.atMs - before.atMs) / 1000;
		// Programs that others may use all CPUs for; steal is counted over all CPUs, too.
		const used = after.programs - before.programs + after.steal - before.steal;
		const share =
			used / seconds / Math.max(availableParallelism(), cpus().length);
		return Math.min(1, Math.max(0, share));
	};
}
