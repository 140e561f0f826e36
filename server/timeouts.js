// Time limits for others in this process's own time: while it is stopped or busy it hears no answer, and gives nobody up.
const TICKS = 10;
const LATE_TICKS = 2;

/** Calls tick() ten times in timeoutMs, and at most once in a turn of the event loop, until tick() returns false. */
class Ticker {
	#intervalMs;
	#tick;
	#timer;

	/**
	 * @param {number} timeoutMs
	 * @param {() => boolean} tick
	 */
	constructor(timeoutMs, tick) {
		this.#intervalMs = timeoutMs / TICKS;
		this.#tick = tick;
	}

	start() {
		this.#timer ??= setInterval(() => {
			if (!this.#tick()) this.stop();
		}, this.#intervalMs).unref();
	}

	stop() {
		clearInterval(this.#timer);
		this.#timer = undefined;
	}
}

/**
 * For those who wait for the same one, which answers them in their order, more or less: calls onHang() when the same waiter has
 * been the first for timeoutMs. However many wait, it is enough that one after the other is answered.
 */
export class Watchdog {
	#findFirst;
	#onHang;
	#ticker;
	#first;
	#ticks = 0;

	/**
	 * @param {number} timeoutMs
	 * @param {() => unknown} findFirst says who has waited longest, undefined if nobody does
	 * @param {() => void} onHang
	 */
	constructor(timeoutMs, findFirst, onHang) {
		this.#findFirst = findFirst;
		this.#onHang = onHang;
		this.#ticker = new Ticker(timeoutMs, () => this.#tick());
	}

	/**
	 * Somebody waits.
	 * @type {() => void}
	 */
	watch() {
		this.#ticker.start();
	}

	/**
	 * Whether the first has been so for a while, if not yet for timeoutMs.
	 * @type {boolean}
	 */
	get isLate() {
		return this.#ticks >= LATE_TICKS;
	}

	#tick() {
		const first = this.#findFirst();
		this.#ticks = first === this.#first ? this.#ticks + 1 : 0;
		this.#first = first;
		if (this.#ticks === TICKS) {
			this.#first = undefined;
			this.#ticks = 0;
			this.#onHang();
		}
		return first !== undefined;
	}
}

/**
 * For those who wait each on their own: calls onExpired(item) for each that has not been deleted within timeoutMs.
 * @template Item
 */
export class Deadlines {
	#onExpired;
	#ticker;
	#ticks = 0;
	/** In ticks, the oldest first. @type {Map<Item, number>} */
	#startsByItem = new Map();

	/**
	 * @param {number} timeoutMs
	 * @param {(item: Item) => void} onExpired
	 */
	constructor(timeoutMs, onExpired) {
		this.#onExpired = onExpired;
		this.#ticker = new Ticker(timeoutMs, () => this.#tick());
	}

	/** @type {(item: Item) => void} */
	add(item) {
		this.#startsByItem.set(item, this.#ticks);
		this.#ticker.start();
	}

	/** @type {(item: Item) => void} */
	delete(item) {
		this.#startsByItem.delete(item);
	}

	/**
	 * Whether it still has time.
	 * @type {(item: Item) => boolean}
	 */
	has(item) {
		return this.#startsByItem.has(item);
	}

	#tick() {
		this.#ticks++;
		for (const [item, start] of this.#startsByItem) {
			if (this.#ticks - start <= TICKS) break;
			this.#startsByItem.delete(item);
			this.#onExpired(item);
		}
		return this.#startsByItem.size > 0;
	}
}
