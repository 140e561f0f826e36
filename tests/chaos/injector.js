// Makes system calls and allocations of a host and of what it starts fail by chance: the other half of injector.c.
import {
	closeSync,
	mkdtempSync,
	openSync,
	readSync,
	rmSync,
	writeSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "../contract/hosts.js";

/** In the order of injector.c. */
const names = [
	"malloc ENOMEM",
	"mmap ENOMEM",
	"read EINTR",
	"read short",
	"read ECONNRESET",
	"write EINTR",
	"write short",
	"write EPIPE",
	"write ENOSPC",
	"accept EMFILE",
	"accept EINTR",
	"accept ECONNABORTED",
	"fork EAGAIN",
];
const HEAD_NBYTES = 8; // seed and count of programs
const WORD_NBYTES = 4;
const RATES_OFFSET = HEAD_NBYTES;
const COUNTS_OFFSET = HEAD_NBYTES + names.length * WORD_NBYTES;
const TOTAL_NBYTES = COUNTS_OFFSET + names.length * WORD_NBYTES;
const library = path.join(root, "build/Release/injector.so");

/** All that injector.c can do. */
export const injections = names;

/** What is set there counts for all programs that have been started with env, and for their children. */
export class Injector {
	/** For what else belongs to the host, too. */
	directory = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-chaos-"));
	#control = path.join(this.directory, "control");
	#file = openSync(this.#control, "w+");
	#object;

	/** object: what begins the name of a file whose allocations may fail; all if undefined. */
	constructor({ seed, object }) {
		this.#object = object;
		const bytes = Buffer.alloc(TOTAL_NBYTES);
		bytes.writeUInt32LE(seed, 0);
		writeSync(this.#file, bytes, 0, bytes.length, 0);
	}

	/** @returns {Record<string, string>} */
	get env() {
		const object = this.#object;
		return {
			LD_PRELOAD: library,
			CHAOS_CONTROL: this.#control,
			...(object && { CHAOS_OBJECT: object }),
		};
	}

	/** Whether it is a kind of this. */
	has(name) {
		return names.includes(name);
	}

	/** share: of all calls that could fail so, from 0 to 1. */
	set(name, share) {
		const word = Buffer.alloc(WORD_NBYTES);
		word.writeUInt32LE(Math.round(share * 1e6));
		const offset = RATES_OFFSET + names.indexOf(name) * WORD_NBYTES;
		writeSync(this.#file, word, 0, word.length, offset);
	}

	/** How many of each there were. */
	counts() {
		const bytes = Buffer.alloc(names.length * WORD_NBYTES);
		readSync(this.#file, bytes, 0, bytes.length, COUNTS_OFFSET);
		const all = names.map((name, i) => [
			name,
			bytes.readUInt32LE(i * WORD_NBYTES),
		]);
		return Object.fromEntries(all.filter(([, count]) => count > 0));
	}

	close() {
		closeSync(this.#file);
		rmSync(this.directory, { recursive: true });
	}
}
