// What a batch says on standard error: complaints, and on a terminal how far it is.
import { isatty } from "node:tty";
import { complain } from "./complaint.js";

const BAR_COLUMNS = 24;

/** @typedef {{ written: number, kept: number, refused: number }} Counts */

/** @type {(number: number) => string} */
const formatNumber = (number) => number.toLocaleString("en-US");

/** @type {(seconds: number) => string} */
function formatTime(seconds) {
	const s = Math.min(Math.round(seconds), 1e9);
	const minutes = Math.floor(s / 60);
	if (s >= 3600) return `${Math.floor(s / 3600)} h ${minutes % 60} min`;
	return s >= 60 ? `${minutes} min ${s % 60} s` : `${s} s`;
}

/** @type {(done: number) => string} */
function formatBar(done) {
	const bar = "#".repeat(Math.floor(done * BAR_COLUMNS));
	const percent = String(Math.floor(done * 100)).padStart(3);
	return `[${bar.padEnd(BAR_COLUMNS, "-")}] ${percent} %  `;
}

export class BatchProgress {
	#isTerminal = isatty(2);
	#isDrawn = false;
	#begin = performance.now();

	/**
	 * done: from 0 to 1, or below 0 if that is not known. On a terminal alone.
	 * @type {(counts: Counts, done: number) => void}
	 */
	draw({ written, kept, refused }, done) {
		if (!this.#isTerminal) return;
		const elapsed = this.#elapsedSeconds();
		const count = written + kept + refused;
		const rate = formatNumber(Math.floor(count / elapsed));
		const left = formatTime((elapsed * (1 - done)) / done);
		const line =
			(done >= 0 ? formatBar(done) : "") +
			`${formatNumber(count)} codes  ${rate}/s` +
			(done > 0 ? `  ${left} left` : "");
		const columns = process.stderr.columns || line.length + 1;
		process.stderr.write(`\r${line.slice(0, columns - 1)}\x1b[K`);
		this.#isDrawn = true;
	}

	/** @type {(sentence: string) => void} */
	complain(sentence) {
		this.#clear();
		complain(sentence);
	}

	/**
	 * Takes the bar away. On a terminal it says what was done.
	 * @type {(counts: Counts) => void}
	 */
	end({ written, kept }) {
		this.#clear();
		if (!this.#isTerminal) return;
		const time = formatTime(this.#elapsedSeconds());
		process.stderr.write(
			`${formatNumber(written)} codes written, ${formatNumber(kept)} there already, in ${time}.\n`,
		);
	}

	#elapsedSeconds() {
		return (performance.now() - this.#begin) / 1000;
	}

	#clear() {
		if (this.#isDrawn) process.stderr.write("\r\x1b[K");
		this.#isDrawn = false;
	}
}
