// Time limits for others in this process's own time: while it is stopped or busy it hears no answer, and gives nobody up.
const TICKS = 10;
const LATE_TICKS = 2;

/** Calls tick() ten times in timeoutMs, and at most once in a turn of the event loop, until tick() returns false. */
class Ticker {
	#intervalMs;
	#tick;
	#timer;

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

	/** findFirst() returns who has waited longest, or undefined if nobody does. */
	constructor(timeoutMs, findFirst, onHang) {
		this.#findFirst = findFirst;
		this.#onHang = onHang;
		this.#ticker = new Ticker(timeoutMs, () => this.#tick());
	}

	/** Somebody waits. */
	watch() {
		this.#ticker.start();
	}

	/** Whether the first has been so for a while, if not yet for timeoutMs. */
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

/** For those who wait each on their own: calls onExpired(item) for each that has not been deleted within timeoutMs. */
export class Deadlines {
	#onExpired;
	#ticker;
	#ticks = 0;
	#startsByItem = new Map(); // in ticks, the oldest first

	constructor(timeoutMs, onExpired) {
		this.#onExpired = onExpired;
		this.#ticker = new Ticker(timeoutMs, () => this.#tick());
	}

	add(item) {
		this.#startsByItem.set(item, this.#ticks);
		this.#ticker.start();
	}

	delete(item) {
		this.#startsByItem.delete(item);
	}

	/** Whether it still has time. */
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
