import { BusyError } from "./errors.js";

/** @typedef {{ enter: () => void, refuse: (error: unknown) => void, sinceMs: number }} Waiter */

/**
 * Runs at most maxRunning tasks at once; the others wait their turn, in the order of arrival, at most maxWaiting of them, and none for
 * longer than maxWaitMs.
 */
export class Limiter {
	#running = 0;
	/** @type {Set<Waiter>} */
	#waiting = new Set(); // keeps the order of arrival, and forgets anyone at once
	#refused = 0;
	#maxRunning;
	#maxWaiting;
	#maxWaitMs;
	/** @type {NodeJS.Timeout | undefined} */
	#timer;

	/**
	 * @param {number} maxRunning
	 * @param {{ maxQueue: number, maxWaitMs: number }} limits
	 */
	constructor(maxRunning, { maxQueue, maxWaitMs }) {
		this.#maxRunning = maxRunning;
		this.#maxWaiting = maxQueue;
		this.#maxWaitMs = maxWaitMs;
	}

	/**
	 * How many tasks wait, and how many were refused so far: what a tier's stats() returns.
	 * @type {() => Required<Pick<Server.TierStats, "waiting" | "refused">>}
	 */
	stats() {
		return { waiting: this.#waiting.size, refused: this.#refused };
	}

	/**
	 * How long the first in the queue has waited.
	 * @type {() => number}
	 */
	ageMs() {
		const [first] = this.#waiting;
		return first === undefined ? 0 : performance.now() - first.sinceMs;
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
			const settle = (settlement, value) => {
				signal?.removeEventListener("abort", abort);
				this.#waiting.delete(waiter);
				settlement(value);
			};
			const abort = () => settle(reject, signal.reason);
			const waiter = {
				enter: () => settle(resolve, undefined),
				refuse: (error) => settle(reject, error),
				sinceMs: performance.now(),
			};
			this.#waiting.add(waiter);
			signal?.addEventListener("abort", abort, { once: true });
			this.#timer ??= setTimeout(() => this.#sweep(), this.#maxWaitMs).unref();
		});
		return turn;
	}

	/** Hands the place of a finished task to the first who waits. */
	#passOn() {
		this.#refuseLate(); // a busy process is late with its timers, too
		const [next] = this.#waiting;
		if (next === undefined) this.#running--;
		else next.enter();
	}

	/** By now their clients have other plans, and those behind them would become late, too. */
	#refuseLate() {
		const latestMs = performance.now() - this.#maxWaitMs;
		for (const waiter of this.#waiting) {
			if (waiter.sinceMs > latestMs) break;
			this.#refused++;
			waiter.refuse(new BusyError("The queue is too old."));
		}
	}

	#sweep() {
		this.#refuseLate();
		this.#timer = undefined;
		const [first] = this.#waiting;
		if (first === undefined) return;
		const leftMs = first.sinceMs + this.#maxWaitMs - performance.now();
		this.#timer = setTimeout(() => this.#sweep(), Math.max(1, leftMs)).unref();
	}
}
