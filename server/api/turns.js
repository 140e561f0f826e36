import { setImmediate as nextTurn } from "node:timers/promises";

const SLICE_MS = 10;

/**
 * What takes long in this thread, for whomever it is done, is done in stretches of 10 ms in all; between two of them others
 * are served.
 */
export class Turns {
	#endMs = 0;
	/** @type {Promise<void> | undefined} */
	#renewal;

	/**
	 * Whether somebody has to wait for the next stretch: then wait() until not.
	 * @type {boolean}
	 */
	get areOver() {
		return performance.now() >= this.#endMs;
	}

	/** @type {() => Promise<void>} */
	async wait() {
		while (this.areOver) {
			this.#renewal ??= this.#renew();
			await this.#renewal;
		}
	}

	/** Resolves, for all who wait, when the others have been served. */
	async #renew() {
		await nextTurn();
		this.#renewal = undefined;
		this.#endMs = performance.now() + SLICE_MS;
	}
}
