// A file of each text of a list, on several threads: what cli/batch.h says holds here, too.
import { Worker } from "node:worker_threads";
import { openFolder } from "./batch-folder.js";
import { BatchList } from "./batch-list.js";
import { BatchProgress } from "./batch-progress.js";
import { Complaint, complain, exitCodes, reasonOf } from "./complaint.js";

const REDRAW_MS = 200;
/** One that a thread has, and one that it finds when it is done. */
const PORTIONS_PER_THREAD = 2;
const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/** @typedef {import("./arguments.js").Settings} Settings */
/** @typedef {import("./batch-worker.js").Outcome} Outcome */

class Batch {
	#settings;
	#list;
	#progress = new BatchProgress();
	#counts = { written: 0, kept: 0, refused: 0 };
	/** Not 0: no more texts are to be begun. The threads see it at once. */
	#stopping = new Int32Array(new SharedArrayBuffer(4));
	/** @type {{ worker: Worker, portions: number }[]} */
	#threads = [];
	/** @type {(() => void) | undefined} */
	#onOutcome;
	#hasFailed = false;
	/** @type {NodeJS.Signals | undefined} */
	#signal;

	/**
	 * @param {Settings} settings
	 * @param {BatchList} list
	 */
	constructor(settings, list) {
		this.#settings = settings;
		this.#list = list;
	}

	/**
	 * Returns the exit code, or ends the process by the signal that cut it short.
	 * @type {() => Promise<number>}
	 */
	async run() {
		const onSignal = (/** @type {NodeJS.Signals} */ signal) => {
			this.#signal = signal;
			this.#stop();
		};
		for (const signal of SIGNALS) process.on(signal, onSignal);
		const redraw = setInterval(
			() => this.#progress.draw(this.#counts, this.#list.done),
			REDRAW_MS,
		);
		const listError = await this.#makeAll();
		clearInterval(redraw);
		for (const { worker } of this.#threads) await worker.terminate();
		for (const signal of SIGNALS) process.off(signal, onSignal);
		return this.#tellEnd(listError);
	}

	#stop() {
		Atomics.store(this.#stopping, 0, 1);
		this.#list.stop();
	}

	/**
	 * Returns what ended the list too early.
	 * @type {() => Promise<Error | undefined>}
	 */
	async #makeAll() {
		let listError;
		try {
			for await (const portion of this.#list.portions()) {
				const thread = await this.#freeThread();
				if (Atomics.load(this.#stopping, 0)) break;
				thread.portions++;
				const { buffer } = portion.bytes;
				thread.worker.postMessage(portion, [
					/** @type {ArrayBuffer} */ (buffer),
				]);
			}
		} catch (error) {
			if (!Atomics.load(this.#stopping, 0)) listError = error;
		}
		while (this.#threads.some(({ portions }) => portions > 0))
			await this.#nextOutcome();
		return listError;
	}

	/** @type {() => Promise<void>} */
	#nextOutcome() {
		return new Promise((resolve) => {
			this.#onOutcome = resolve;
		});
	}

	/** One without a portion, a new one, or else the one that has room first. */
	async #freeThread() {
		for (;;) {
			const idle = this.#threads.find(({ portions }) => portions === 0);
			if (idle !== undefined) return idle;
			if (this.#threads.length < this.#settings.threads)
				return this.#startThread();
			const next = this.#threads.find(
				({ portions }) => portions < PORTIONS_PER_THREAD,
			);
			if (next !== undefined) return next;
			await this.#nextOutcome();
		}
	}

	#startThread() {
		const worker = new Worker(new URL("./batch-worker.js", import.meta.url), {
			workerData: {
				settings: this.#settings,
				index: this.#threads.length,
				stopping: this.#stopping,
			},
		});
		const thread = { worker, portions: 0 };
		worker.on("message", (outcome) => {
			thread.portions--;
			this.#take(outcome);
		});
		worker.on("error", (error) => {
			thread.portions = 0;
			this.#fail(`A thread ended: ${error.message}.`);
			this.#onOutcome?.();
		});
		this.#threads.push(thread);
		return thread;
	}

	/** @type {(outcome: Outcome) => void} */
	#take({ written, kept, refusals, failure }) {
		this.#counts.written += written;
		this.#counts.kept += kept;
		this.#counts.refused += refusals.length;
		const what = this.#settings.isNulSeparated ? "text" : "line";
		for (const { number, sentence } of refusals)
			this.#progress.complain(`${what} ${number}: ${sentence}`);
		if (failure !== undefined)
			this.#fail(`${what} ${failure.number}: ${failure.sentence}`);
		this.#onOutcome?.();
	}

	/**
	 * All threads may meet the same full disk: the first says so.
	 * @type {(sentence: string) => void}
	 */
	#fail(sentence) {
		if (!this.#hasFailed) this.#progress.complain(sentence);
		this.#hasFailed = true;
		this.#stop();
	}

	/** @type {(listError?: Error) => number} */
	#tellEnd(listError) {
		const { written, kept, refused } = this.#counts;
		this.#progress.end(this.#counts);
		if (this.#signal !== undefined) {
			complain("Interrupted. Run it again for the rest.");
			process.kill(process.pid, this.#signal);
		}
		if (this.#hasFailed) return exitCodes.system;
		if (listError) throw refuseList(this.#settings, listError);
		if (refused === 0) return exitCodes.ok;
		const total = refused + written + kept;
		throw new Complaint(
			exitCodes.text,
			`${refused} of ${total} texts have no code: see above.`,
		);
	}
}

/** @type {(settings: Settings, error: Error) => Complaint} */
function refuseList({ batchPath }, error) {
	const name = batchPath === "-" ? "Standard input" : batchPath;
	return new Complaint(
		exitCodes.system,
		`${name} can't be read: ${reasonOf(error)}.`,
	);
}

/**
 * Returns the exit code. Throws a Complaint.
 * @type {(settings: Settings & { batchPath?: string, folderPath?: string }) => Promise<number>}
 */
export async function runBatch(settings) {
	const { batchPath = "-", folderPath = "" } = settings;
	let list;
	try {
		list = new BatchList(batchPath, settings.isNulSeparated);
	} catch (error) {
		throw refuseList(settings, error);
	}
	let close;
	try {
		close = await openFolder(folderPath);
	} catch (error) {
		list.stop();
		throw new Complaint(
			exitCodes.system,
			`${folderPath} can't be used: ${reasonOf(error)}.`,
		);
	}
	try {
		return await new Batch(settings, list).run();
	} finally {
		close();
	}
}
