import { BusyError } from "./errors.js";

/** Runs at most maxRunning tasks at once; the others wait their turn, at most maxWaiting of them. */
export class Limiter {
	#running = 0;
	/** @type {Set<() => void>} */
	#waiting = new Set(); // keeps the order of arrival, and forgets anyone at once
	#refused = 0;
	#maxRunning;
	#maxWaiting;

	/**
	 * @param {number} maxRunning
	 * @param {number} maxWaiting
	 */
	constructor(maxRunning, maxWaiting) {
		this.#maxRunning = maxRunning;
		this.#maxWaiting = maxWaiting;
	}

	/**
	 * How many tasks wait, and how many were refused so far: what a tier's stats() returns.
	 * @type {() => Required<Pick<Server.TierStats, "waiting" | "refused">>}
	 */
	stats() {
		return { waiting: this.#waiting.size, refused: this.#refused };
	}

	/**
	 * Resolves to what task() does. Rejects with a BusyError, or with the signal's reason if it comes while waiting.
	 * @type {<T>(task: () => T | Promise<T>, signal?: AbortSignal) => Promise<T>}
	 */
	async run(task, signal) {
		if (this.#running >= this.#maxRunning) await this.#turn(signal);
		else this.#running++;
		try {
			return await task();
		} finally {
			this.#passOn();
		}
	}

	#turn(signal) {
		if (this.#waiting.size >= this.#maxWaiting) {
			this.#refused++;
			throw new BusyError("The queue is full.");
		}
		/** @type {Promise<void>} */
		const turn = new Promise((resolve, reject) => {
			const leave = () => {
				this.#waiting.delete(enter);
				reject(signal.reason);
			};
			const enter = () => {
				signal?.removeEventListener("abort", leave);
				resolve();
			};
			this.#waiting.add(enter);
			signal?.addEventListener("abort", leave, { once: true });
		});
		return turn;
	}

	/** Hands the place of a finished task to the first who waits. */
	#passOn() {
		const [next] = this.#waiting;
		if (next === undefined) {
			this.#running--;
			return;
		}
		this.#waiting.delete(next);
		next();
	}
}
