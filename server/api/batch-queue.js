import { BusyError } from "../errors.js";

/** @typedef {import("./batch.js").Batch} Batch */

const MAX_AT_ONCE = 8;

/**
 * Makes the images of all batches of a process. Each batch in its turn gets one text done, so that a short one is not held up
 * by long ones. A tier that works elsewhere has at most 8 texts of batches to do at once; one that works in this thread does
 * it in turns with everyone else. While the room is full only the oldest batch goes on.
 */
export class BatchQueue {
	/** @type {import("./turns.js").Turns} */
	#turns;
	/** @type {import("./room.js").Room} */
	#room;
	#maxWaitMs;
	/** The oldest first. @type {Set<Batch>} */
	#unfinished = new Set();
	/** Those of them with texts left, the next in turn first. @type {Batch[]} */
	#undealt = [];
	#workers = 0;
	/** @type {NodeJS.Timeout | undefined} */
	#stallTimer;

	/**
	 * @param {import("./turns.js").Turns} turns
	 * @param {import("./room.js").Room} room
	 * @param {number} maxWaitMs how long all but the oldest batch may have to wait for room
	 */
	constructor(turns, room, maxWaitMs) {
		this.#turns = turns;
		this.#room = room;
		this.#maxWaitMs = maxWaitMs;
		room.onFreed = () => this.#startWorker();
	}

	/**
	 * Resolves to the images of a Batch, which counts as unfinished until finish().
	 * @type {(batch: Batch) => Promise<Buffer[]>}
	 */
	add(batch) {
		this.#unfinished.add(batch);
		this.#undealt.push(batch);
		this.#startWorker();
		return batch.images;
	}

	/**
	 * What the batch held of the room has been given back.
	 * @type {(batch: Batch) => void}
	 */
	finish(batch) {
		this.#unfinished.delete(batch);
		this.#startWorker();
	}

	#startWorker() {
		if (this.#workers < MAX_AT_ONCE && this.#undealt.length > 0) this.#work();
	}

	/** Has one text done after another, as long as there is any that may be done now. */
	async #work() {
		this.#workers++;
		for (;;) {
			if (this.#turns.areOver) await this.#turns.wait();
			const batch = this.#takeNext();
			if (batch === undefined) break;
			const isUnderWay = batch.encodeNext();
			if (!batch.isDealt) this.#undealt.push(batch);
			if (isUnderWay === undefined) continue;
			this.#startWorker();
			await isUnderWay;
		}
		this.#workers--;
	}

	/** Returns a batch with a text left, unless there is none or none may go on. */
	#takeNext() {
		while (this.#undealt[0]?.isDealt) this.#undealt.shift(); // it has failed
		if (!this.#room.isFull) {
			clearTimeout(this.#stallTimer);
			this.#stallTimer = undefined;
			return this.#undealt.shift();
		}
		this.#stallTimer ??= setTimeout(
			() => this.#refuseStalled(),
			this.#maxWaitMs,
		).unref();
		const [oldest] = this.#unfinished;
		const index = this.#undealt.indexOf(oldest);
		return index === -1 ? undefined : this.#undealt.splice(index, 1)[0];
	}

	#refuseStalled() {
		this.#stallTimer = undefined;
		if (!this.#room.isFull) return;
		const [oldest] = this.#unfinished;
		for (const batch of this.#undealt)
			if (batch !== oldest)
				batch.stop(new BusyError("No room came free in time."));
	}
}
