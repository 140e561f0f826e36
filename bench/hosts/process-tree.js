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

/** Of all processes. */
function readStats() {
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.map((name) => readStat(Number(name)))
		.filter((stat) => stat !== null);
}

/** The process, its descendants, and the members of its process group that have lost their parent. */
function readTree(rootPid) {
	const children = new Map();
	const members = [];
	for (const stat of readStats()) {
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

/** CPU time of all threads, in ns, as the scheduler counts it; less than it was if one of them has ended. */
function threadSeconds(pid) {
	let nanoseconds = 0;
	for (const thread of readTasks(pid)) {
		const schedstat = readProcFile(`/proc/${pid}/task/${thread}/schedstat`);
		nanoseconds += Number(schedstat?.split(" ")[0] ?? 0);
	}
	return nanoseconds / 1e9;
}

function readTasks(pid) {
	try {
		return readdirSync(`/proc/${pid}/task`);
	} catch {
		return [];
	}
}

/** Both clocks are never ahead of the truth: the ticks are coarse, and the threads' lacks those that have ended. */
const ownSeconds = ({ pid, ownTicks }) =>
	Math.max(ownTicks / ticksPerSecond, threadSeconds(pid));

/**
 * CPU time used so far, children that have ended and were waited for included.
 * @type {(rootPid: number | null) => number}
 */
export function cpuSeconds(rootPid) {
	let seconds = 0;
	for (const member of readTree(rootPid))
		seconds += ownSeconds(member) + member.reapedTicks / ticksPerSecond;
	return seconds;
}

const allSeconds = (stats) =>
	stats.reduce((sum, { ownTicks, reapedTicks }) => {
		return sum + (ownTicks + reapedTicks) / ticksPerSecond;
	}, 0);

/**
 * CPU time that all processes have used so far that are not in this tree.
 * @type {(rootPid: number) => number}
 */
export function foreignCpuSeconds(rootPid) {
	const own = new Set(readTree(rootPid).map(({ pid }) => pid));
	return allSeconds(readStats().filter(({ pid }) => !own.has(pid)));
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

const kibibyte = 1024;
const readNbytes = (text, name) =>
	kibibyte *
	Number(text?.match(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m"))?.[1] ?? 0);

const mapping = /^[\da-f]+-[\da-f]+ \S{4} ([\da-f]+ \S+ [1-9]\d*) .*$/;

/** The pages of files that a process has mapped: file and offset → resident bytes, without those that it has changed. */
function readFilePages(pid) {
	const pages = new Map();
	/** @type {string | null} */
	let place = null;
	for (const line of (readProcFile(`/proc/${pid}/smaps`) ?? "").split("\n")) {
		const [, found] = mapping.exec(line) ?? [];
		if (/^[\da-f]+-/.test(line)) place = found ?? null;
		if (place === null) continue;
		if (line.startsWith("Rss:")) pages.set(place, readNbytes(line, "Rss"));
		if (line.startsWith("Anonymous:"))
			pages.set(place, pages.get(place) - readNbytes(line, "Anonymous"));
	}
	return pages;
}

/** What several processes hold: their own pages, with those they share since a fork counted once, and each file's pages once. */
function sharedMemoryBytes(pids) {
	let nbytes = 0;
	const files = new Map();
	for (const pid of pids) {
		const rollup = readProcFile(`/proc/${pid}/smaps_rollup`);
		nbytes += readNbytes(rollup, "Pss_Anon") + readNbytes(rollup, "Pss_Shmem");
		for (const [place, resident] of readFilePages(pid))
			files.set(place, Math.max(resident, files.get(place) ?? 0));
	}
	return [...files.values()].reduce((sum, resident) => sum + resident, nbytes);
}

/**
 * The memory that the whole tree holds. A page that several of its processes share counts once, whoever else on the machine has it mapped, too.
 * @type {(rootPid: number | null) => number}
 */
export function memoryBytes(rootPid) {
	const pids = readTree(rootPid).map(({ pid }) => pid);
	if (pids.length > 1) return sharedMemoryBytes(pids);
	const [alone] = pids;
	return readNbytes(readProcFile(`/proc/${alone}/smaps_rollup`), "Rss");
}

/**
 * Samples the memory of the tree until the function it returns is called, which gives the peak in bytes.
 * @type {(rootPid: number) => () => number}
 */
export function watchMemory(rootPid) {
	let peak = 0;
	const sample = () => {
		peak = Math.max(peak, memoryBytes(rootPid));
	};
	sample();
	const timer = setInterval(sample, sampleIntervalMs);
	return () => {
		clearInterval(timer);
		sample();
		return peak;
	};
}
