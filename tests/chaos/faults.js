import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { killIfThere } from "../contract/hosts.js";

const MAX_PAUSE_MS = 3_000;
const MAX_BURST_MS = 400;
const MAX_CLOCK_JUMP_S = 100_000;
const SHARES = [0.01, 0.05, 0.3];

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Of the flags in /proc/PID/stat: forked, and not yet the program that it is to be.
const FORKED = 0x40;
const FLAGS_FIELD = 6; // behind the name

/**
 * Whether a child is more than a copy of its parent. To stop that stops the parent, too, which waits for it to become another program and
 * can't look after its children meanwhile.
 */
function hasBegun(pid) {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		return (Number(fields[FLAGS_FIELD]) & FORKED) === 0;
	} catch {
		return false; // it has gone
	}
}

function prlimit(pid, limit) {
	return spawnSync("prlimit", ["--pid", `${pid}`, limit]).status === 0;
}

/** Of the memory that a process has mapped. */
function mappedNbytes(pid) {
	const [pages] = readFileSync(`/proc/${pid}/statm`, "latin1").split(" ");
	return Number(pages) * 4096;
}

/** The soft limits: as low as they are for a moment, and as they are again. */
const limits = {
	"limit NOFILE": [() => "--nofile=16:", "--nofile=1024:"],
	"limit NPROC": [() => "--nproc=1:", "--nproc=unlimited:"],
	"limit FSIZE": [() => "--fsize=1:", "--fsize=unlimited:"],
	"limit AS": [(pid) => `--as=${mappedNbytes(pid)}:`, "--as=unlimited:"],
};

/** Breaks what runs below one host, or its calls, each time in another way. */
export class Faults {
	#counts = {};
	#target;
	#running;
	#random;

	/** random(limit): a whole number below that. */
	constructor(target, running, random) {
		this.#target = target;
		this.#running = running;
		this.#random = random;
	}

	/** How many of each kind there were: of calls, those that failed. */
	get counts() {
		return { ...this.#counts, ...this.#target.injector?.counts() };
	}

	/** Resolves when isOver() says so, and what was only for a while has passed. */
	async run(isOver, maxGapMs) {
		const pauses = [];
		while (!isOver()) {
			await sleep(this.#random(maxGapMs));
			const kind = this.#choose(this.#target.faults);
			const isDone = await this.#break(kind, pauses);
			if (isDone) this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
		}
		await Promise.all(pauses);
	}

	#choose(list) {
		return list[this.#random(list.length)];
	}

	/** False if there was nothing to break, or it is counted elsewhere. */
	async #break(kind, pauses) {
		const { pid } = this.#running;
		if (kind in limits) return this.#limit(kind, pid);
		if (kind === "clock jump") return this.#moveClock();
		if (this.#target.injector?.has(kind)) return this.#inject(kind);
		return this.#hit(kind, pid, pauses);
	}

	async #inject(kind) {
		const { injector } = this.#target;
		injector.set(kind, this.#choose(SHARES));
		await sleep(this.#random(MAX_BURST_MS));
		injector.set(kind, 0);
		return false;
	}

	async #limit(kind, pid) {
		const [lower, raise] = limits[kind];
		const isDone = prlimit(pid, lower(pid));
		await sleep(this.#random(MAX_BURST_MS));
		prlimit(pid, raise);
		return isDone;
	}

	#moveClock() {
		const seconds = this.#random(2 * MAX_CLOCK_JUMP_S) - MAX_CLOCK_JUMP_S;
		const sign = seconds < 0 ? "" : "+";
		writeFileSync(this.#target.clockFile, `${sign}${seconds}\n`);
		return true;
	}

	#hit(kind, pid, pauses) {
		const { findVictims } = this.#target;
		if (findVictims === undefined) return killIfThere(pid, "SIGUSR2");
		const all = findVictims(pid).filter(hasBegun);
		if (all.length === 0) return false;
		const victims = kind.endsWith(" all") ? all : [this.#choose(all)];
		const signal = kind.startsWith("kill") ? "SIGKILL" : "SIGSTOP";
		const hit = victims.filter((victim) => killIfThere(victim, signal));
		if (kind === "pause") pauses.push(this.#resume(hit));
		return hit.length > 0;
	}

	async #resume(victims) {
		await sleep(this.#random(MAX_PAUSE_MS));
		for (const victim of victims) killIfThere(victim, "SIGCONT");
	}
}
