// What a host and all that it started hold at a moment, and whether that grows.
import { readdirSync } from "node:fs";
import { memoryBytes } from "../../bench/hosts/process-tree.js";
import { childrenOf } from "../contract/hosts.js";

const BYTES_PER_MB = 1e6;
const CONFIDENCE = 2; // standard errors

function treeOf(pid, state = "") {
	const children = childrenOf(pid);
	return [{ pid, state }, ...children.flatMap((child) => treeOf(...child))];
}

const countIn = (directory) => {
	try {
		return readdirSync(directory).length;
	} catch {
		return 0; // it has ended
	}
};

/** @returns {{ memoryMb: number, fds: number, threads: number, processes: number, zombies: number }} */
export function readVitals(pid) {
	const tree = treeOf(pid);
	const sum = (count) => tree.reduce((total, one) => total + count(one.pid), 0);
	return {
		memoryMb: memoryBytes(pid) / BYTES_PER_MB,
		fds: sum((one) => countIn(`/proc/${one}/fd`)),
		threads: sum((one) => countIn(`/proc/${one}/task`)),
		processes: tree.length,
		zombies: tree.filter(({ state }) => state === "Z").length,
	};
}

/**
 * The straight line through points [x, y] by least squares: how much y grows for each 1 of x, and at the least, which is two standard
 * errors less.
 * @returns {{ slope: number, least: number, range: number }} range: of x
 */
export function fitLine(points) {
	const mean = (pick) =>
		points.reduce((sum, point) => sum + pick(point), 0) / points.length;
	const [middleX, middleY] = [mean(([x]) => x), mean(([, y]) => y)];
	let [xx, xy, yy] = [0, 0, 0];
	for (const [x, y] of points) {
		xx += (x - middleX) ** 2;
		xy += (x - middleX) * (y - middleY);
		yy += (y - middleY) ** 2;
	}
	const xs = points.map(([x]) => x);
	const range = Math.max(...xs) - Math.min(...xs);
	if (points.length < 3 || xx === 0)
		return { slope: 0, least: Number.NEGATIVE_INFINITY, range };
	const slope = xy / xx;
	const rest = Math.max(0, yy - slope * xy) / (points.length - 2);
	return { slope, least: slope - CONFIDENCE * Math.sqrt(rest / xx), range };
}
