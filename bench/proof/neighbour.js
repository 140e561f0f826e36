import { startChild, stopChild } from "../hosts/child.js";

/**
 * Does something, if wanted beside a process that uses all of a CPU.
 * @template T
 * @param {boolean} isBusy
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withNeighbour(isBusy, work) {
	if (!isBusy) return work();
	const neighbour = startChild(process.execPath, ["-e", "for(;;);"]);
	try {
		return await work();
	} finally {
		await stopChild(neighbour, 0);
	}
}
