// Which CPUs the generator and the servers run on.
import { readFileSync } from "node:fs";

/**
 * "0-2,5" → [0, 1, 2, 5]
 * @type {(list: string) => number[]}
 */
export function parseCpuList(list) {
	return list.split(",").flatMap((range) => {
		const [first, last = first] = range.split("-").map(Number);
		return Array.from({ length: last - first + 1 }, (_, i) => first + i);
	});
}

function allowedCpus() {
	const status = readFileSync("/proc/self/status", "utf8");
	const [, list] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status) ?? [];
	return parseCpuList(list);
}

/**
 * The generator gets the first CPU for itself if that leaves the server one for each of its processes; else all share all.
 * @type {(processes: number, cpus?: number[]) => Kit.Cpus}
 */
export function assignCpus(processes, cpus = allowedCpus()) {
	if (cpus.length - 1 < processes)
		return { generator: cpus, server: cpus, areShared: true };
	return {
		generator: cpus.slice(0, 1),
		server: cpus.slice(1),
		areShared: false,
	};
}
