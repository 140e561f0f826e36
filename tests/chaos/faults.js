import { readFileSync } from "node:fs";
import { killIfThere } from "../contract/hosts.js";

const MAX_PAUSE_MS = 3_000;

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

/** Breaks what runs below one host, each time in another way. */
export class Faults {
	/** How many of each kind there were. */
	counts = {};
	#target;
	#running;
	#random;

	/** random(limit): a whole number below that. */
	constructor(target, running, random) {
		this.#target = target;
		this.#running = running;
		this.#random = random;
	}

	/** Resolves when isOver() says so, and what was only paused goes on again. */
	async run(isOver, maxGapMs) {
		const pauses = [];
		while (!isOver()) {
			await sleep(this.#random(maxGapMs));
			const kind = this.#choose(this.#target.faults);
			if (this.#inject(kind, pauses))
				this.counts[kind] = (this.counts[kind] ?? 0) + 1;
		}
		await Promise.all(pauses);
	}

	#choose(list) {
		return list[this.#random(list.length)];
	}

	/** False if there was nothing to break. */
	#inject(kind, pauses) {
		const { findVictims } = this.#target;
		const { pid } = this.#running;
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
