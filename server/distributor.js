import { setTimeout as sleep } from "node:timers/promises";

const CHECK_EVERY_MS = 5;

/**
 * Hands connections to workers, each worker in its turn, one at a time: it asks for the next when it has taken one. Done by
 * node:cluster itself, a connection on its way to a worker that dies would stay open, and its client wait, forever.
 */
export class Distributor {
	/** How many connections have come in so far. */
	connectionCount = 0;
	#waiting = [];
	#free = [];
	#onTheirWay = new Map(); // from a worker to a connection

	give(socket) {
		this.connectionCount++;
		this.#waiting.push(socket);
		this.#handOver();
	}

	/** The worker is ready for its first connection, or has taken one and asks for the next. */
	free(worker) {
		this.#onTheirWay.get(worker)?.destroy(); // this process's handle of it; the worker has its own
		this.#onTheirWay.delete(worker);
		this.#free.push(worker);
		this.#handOver();
	}

	/** The worker has ended: what it has not taken goes to another. */
	forget(worker) {
		this.#free = this.#free.filter((other) => other !== worker);
		const socket = this.#onTheirWay.get(worker);
		if (socket === undefined) return;
		this.#onTheirWay.delete(worker);
		this.#waiting.unshift(socket);
		this.#handOver();
	}

	/** Resolves when every connection has been taken. */
	async emptied() {
		while (this.#waiting.length + this.#onTheirWay.size > 0)
			await sleep(CHECK_EVERY_MS);
	}

	#handOver() {
		while (this.#waiting.length > 0 && this.#free.length > 0) {
			const worker = this.#free.shift();
			const socket = this.#waiting.shift();
			this.#onTheirWay.set(worker, socket);
			worker.send("connection", socket, { keepOpen: true }, () => {}); // an error is followed by forget()
		}
	}
}
