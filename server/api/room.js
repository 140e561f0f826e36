import { BusyError } from "../errors.js";

/**
 * Memory that many share: each has a part of it, of as many bytes as it holds. Who finds too little left waits, in the order
 * of arrival, but no more than maxWaiting of them, and none for longer than maxWaitMs.
 */
export class Room {
	#maxBytes;
	#maxWaiting;
	#maxWaitMs;
	#takenBytes = 0;
	#partCount = 0;
	/** In the order of arrival. @type {Set<{ nbytes: number, enter: () => void }>} */
	#waiting = new Set();
	/** Called when a part has become smaller or has ended. */
	onFreed = () => {};

	/** @param {{ maxBytes: number, maxWaiting: number, maxWaitMs: number }} limits */
	constructor({ maxBytes, maxWaiting, maxWaitMs }) {
		this.#maxBytes = maxBytes;
		this.#maxWaiting = maxWaiting;
		this.#maxWaitMs = maxWaitMs;
	}

	/** @type {boolean} */
	get isFull() {
		return this.#takenBytes >= this.#maxBytes;
	}

	/**
	 * Resolves to a Part; one that is larger than all the room, too, if nobody else is there. Rejects with a BusyError, or
	 * with the signal's reason if that comes while waiting.
	 * @type {(nbytes: number, signal: AbortSignal) => Promise<Part>}
	 */
	async take(nbytes, signal) {
		signal.throwIfAborted();
		if (this.#waiting.size === 0 && this.#fits(nbytes))
			return this.#give(nbytes);
		if (this.#waiting.size >= this.#maxWaiting)
			throw new BusyError("Too many wait for room.");
		return this.#wait(nbytes, signal);
	}

	/**
	 * For parts: one has changed by so many bytes.
	 * @type {(nbytes: number) => void}
	 */
	noteChange(nbytes) {
		this.#takenBytes += nbytes;
		if (nbytes < 0) this.#noteFreed();
	}

	/**
	 * For parts: one has ended.
	 * @type {() => void}
	 */
	noteEnd() {
		this.#partCount--;
		this.#noteFreed();
	}

	#fits(nbytes) {
		return this.#partCount === 0 || this.#takenBytes + nbytes <= this.#maxBytes;
	}

	/** @type {(nbytes: number) => Part} */
	#give(nbytes) {
		this.#partCount++;
		this.#takenBytes += nbytes;
		return new Part(this, nbytes);
	}

	/** @type {(nbytes: number, signal: AbortSignal) => Promise<Part>} */
	#wait(nbytes, signal) {
		return new Promise((resolve, reject) => {
			const settle = (settlement, value) => {
				clearTimeout(timer);
				signal.removeEventListener("abort", abort);
				this.#waiting.delete(waiter);
				settlement(value);
				this.#letIn(); // those behind one that has gone
			};
			const abort = () => settle(reject, signal.reason);
			const giveUp = () =>
				settle(reject, new BusyError("No room came free in time."));
			const timer = setTimeout(giveUp, this.#maxWaitMs);
			const enter = () => settle(resolve, this.#give(nbytes));
			const waiter = { nbytes, enter };
			this.#waiting.add(waiter);
			signal.addEventListener("abort", abort, { once: true });
		});
	}

	#noteFreed() {
		this.#letIn();
		this.onFreed();
	}

	#letIn() {
		const [first] = this.#waiting;
		if (first !== undefined && this.#fits(first.nbytes)) first.enter();
	}
}

/** What one holds of a room. */
export class Part {
	#room;
	#nbytes;

	/**
	 * @param {Room} room
	 * @param {number} nbytes
	 */
	constructor(room, nbytes) {
		this.#room = room;
		this.#nbytes = nbytes;
	}

	/**
	 * It holds so many bytes now, more or fewer than before; nothing happens to one that was left.
	 * @type {(nbytes: number) => void}
	 */
	resize(nbytes) {
		if (this.#room === undefined) return;
		const change = nbytes - this.#nbytes;
		this.#nbytes = nbytes;
		this.#room.noteChange(change);
	}

	/** @type {(nbytes: number) => void} */
	grow(nbytes) {
		this.resize(this.#nbytes + nbytes);
	}

	/**
	 * The end of it; more than once does no harm.
	 * @type {() => void}
	 */
	leave() {
		const room = this.#room;
		this.resize(0);
		this.#room = undefined;
		room?.noteEnd();
	}
}
