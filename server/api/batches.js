import { Batch } from "./batch.js";
import { BatchQueue } from "./batch-queue.js";
import { Room } from "./room.js";
import { Turns } from "./turns.js";

const MAX_WAITING = 256;
const MAX_WAIT_MS = 5000;

/** All batches of a process, from whichever port they come: they share its time and a bounded part of its memory. */
export class Batches {
	#turns = new Turns();
	#room;
	#unread;
	#queue;

	/** @param {number} maxNbytes what they may hold, a half of it for texts and images, the other for answers that nobody has taken yet */
	constructor(maxNbytes) {
		const limits = {
			maxBytes: maxNbytes / 2,
			maxWaiting: MAX_WAITING,
			maxWaitMs: MAX_WAIT_MS,
		};
		this.#room = new Room(limits);
		this.#unread = new Room(limits);
		this.#queue = new BatchQueue(this.#turns, this.#room, MAX_WAIT_MS);
	}

	/**
	 * Resolves to the Part of a batch whose texts, which have not been read yet, take so many bytes. Rejects with a BusyError
	 * where too many others are before it, or with the signal's reason.
	 * @type {(nbytes: number, signal: AbortSignal) => Promise<import("./room.js").Part>}
	 */
	enter(nbytes, signal) {
		return this.#room.take(nbytes, signal);
	}

	/**
	 * Resolves when this thread may do more that takes long.
	 * @type {() => Promise<void>}
	 */
	turn() {
		return this.#turns.wait();
	}

	/**
	 * Resolves to { images, unread }: the images of the texts, and the Part of their answer, to be left when the answer has been
	 * taken; measure(images) says how many bytes that is. The batch's own part, from enter(), is left.
	 * @param {Server.Tier} tier
	 * @param {Server.Text[]} texts
	 * @param {Server.EncodeOptions & { signal: AbortSignal }} options
	 * @param {import("./room.js").Part} part
	 * @param {(images: Buffer[]) => number} measure
	 * @returns {Promise<{ images: Buffer[], unread: import("./room.js").Part }>}
	 */
	async encode(tier, texts, options, part, measure) {
		const batch = new Batch(tier, texts, options, part);
		try {
			const images = await this.#queue.add(batch);
			const unread = await this.#unread.take(measure(images), options.signal);
			return { images, unread };
		} finally {
			part.leave();
			this.#queue.finish(batch);
		}
	}
}
