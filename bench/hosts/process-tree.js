// CPU time and memory of a process with all its descendants, read from /proc.
import { readdirSync, readFileSync } from "node:fs";

// The unit of the times in /proc/PID/stat (USER_HZ) is fixed on every architecture that Node runs on.
const ticksPerSecond = 100;
const sampleIntervalMs = 50;

function readProcFile(path) {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		// The process has ended meanwhile.
		if (error.code === "ENOENT" || error.code === "ESRCH") return null;
		throw error;
	}
}

/** The fields of /proc/PID/stat that matter here; the command's name may hold spaces and parentheses. */
function readStat(pid) {
	const stat = readProcFile(`/proc/${pid}/stat`);
	if (stat === null) return null;
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	const [parent, group] = [Number(fields[1]), Number(fields[2])];
	const [user, system, childUser, childSystem] = fields
		.slice(11, 15)
		.map(Number);
	const startTicks = Number(fields[19]);
	return {
		pid,
		parent,
		group,
		startTicks,
		ownTicks: user + system,
		reapedTicks: childUser + childSystem,
		systemTicks: system + childSystem,
	};
}

/** The process, its descendants, and the members of its process group that have lost their parent. */
function readTree(rootPid) {
	const children = new Map();
	const members = [];
	for (const name of readdirSync("/proc")) {
		const stat = /^\d+$/.test(name) ? readStat(Number(name)) : null;
		if (stat === null) continue;
		if (stat.pid === rootPid || stat.group === rootPid) members.push(stat);
		else if (children.has(stat.parent)) children.get(stat.parent).push(stat);
		else children.set(stat.parent, [stat]);
	}
	for (const member of members) {
		members.push(...(children.get(member.pid) ?? []));
		children.delete(member.pid);
	}
	return members;
}

/**
 * All that a process has started and that still runs, itself not among them, as something to give to isRunning().
 * @type {(rootPid: number) => { pid: number, startTicks: number }[]}
 */
export function descendants(rootPid) {
	return readTree(rootPid).filter(({ pid }) => pid !== rootPid);
}

/**
 * Whether a process still runs; another one may have got its id meanwhile.
 * @type {(process: { pid: number, startTicks: number }) => boolean}
 */
export function isRunning({ pid, startTicks }) {
	return readStat(pid)?.startTicks === startTicks;
}

/**
 * CPU time used so far, children that have ended and were waited for included.
 * @type {(rootPid: number | null) => number}
 */
export function cpuSeconds(rootPid) {
	let ticks = 0;
	for (const { ownTicks, reapedTicks } of readTree(rootPid))
		ticks += ownTicks + reapedTicks;
	return ticks / ticksPerSecond;
}

/**
 * The part of cpuSeconds() that was spent in the kernel.
 * @type {(rootPid: number | null) => number}
 */
export function systemCpuSeconds(rootPid) {
	let ticks = 0;
	for (const { systemTicks } of readTree(rootPid)) ticks += systemTicks;
	return ticks / ticksPerSecond;
}

/**
 * CPU time of those children alone that have ended and were waited for.
 * @type {(rootPid: number | null) => number}
 */
export function reapedCpuSeconds(rootPid) {
	let ticks = 0;
	for (const { reapedTicks } of readTree(rootPid)) ticks += reapedTicks;
	return ticks / ticksPerSecond;
}

function readMemory(pid) {
	const rollup = readProcFile(`/proc/${pid}/smaps_rollup`);
	const bytes = (name) =>
		1024 *
		Number(rollup?.match(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m"))?.[1] ?? 0);
	return { pss: bytes("Pss"), rss: bytes("Rss") };
}

/**
 * PSS (shared pages divided among those who share them) and RSS of the whole tree.
 * @type {(rootPid: number | null) => { pss: number, rss: number }}
 */
export function memoryBytes(rootPid) {
	const sum = { pss: 0, rss: 0 };
	for (const { pid } of readTree(rootPid)) {
		const { pss, rss } = readMemory(pid);
		sum.pss += pss;
		sum.rss += rss;
	}
	return sum;
}

/**
 * Samples the memory of the tree until the function it returns is called, which gives the peaks.
 * @type {(rootPid: number) => () => { pss: number, rss: number }}
 */
export function watchMemory(rootPid) {
	const peak = { pss: 0, rss: 0 };
	const sample = () => {
		const { pss, rss } = memoryBytes(rootPid);
		peak.pss = Math.max(peak.pss, pss);
		peak.rss = Math.max(peak.rss, rss);
	};
	sample();
	const timer = setInterval(sample, sampleIntervalMs);
	return () => {
		clearInterval(timer);
		sample();
		return peak;
	};
}
