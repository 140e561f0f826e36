import { setTimeout as sleep } from "node:timers/promises";
import { Deadlines } from "../timeouts.js";
import { Refuser } from "./refuser.js";

const CHECK_EVERY_MS = 5;

/**
 * Hands connections to workers, each worker in its turn, one at a time: it asks for the next when it has taken one. Done by
 * node:cluster itself, a connection on its way to a worker that dies would stay open, and its client wait, forever. Those that
 * no worker takes in time, or that are too many, are told to come back.
 */
export class Dispatcher {
	/** How many connections have come in so far. */
	connectionCount = 0;
	#waiting = [];
	#free = [];
	#onTheirWay = new Map(); // from a worker to a connection
	#refuser = new Refuser();
	#maxWaiting;
	#deadlines; // of those that wait or are on their way

	constructor({ maxQueue, queueTimeoutMs }) {
		this.#maxWaiting = maxQueue;
		this.#deadlines = new Deadlines(queueTimeoutMs, (socket) =>
			this.#expire(socket),
		);
	}

	give(socket) {
		this.connectionCount++;
		this.#waiting.push(socket);
		this.#deadlines.add(socket);
		this.#handOver();
		if (this.#waiting.length > this.#maxWaiting)
			this.#refuse(this.#waiting.pop());
	}

	/** The worker is ready for its first connection, or has taken one and asks for the next. */
	free(worker) {
		const socket = this.#onTheirWay.get(worker);
		this.#onTheirWay.delete(worker);
		this.#deadlines.delete(socket);
		socket?.destroy(); // this process's handle of it; the worker has its own
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
		if (!this.#deadlines.has(socket)) this.#expire(socket);
	}

	/** Resolves when every connection has been taken or refused. */
	async emptied() {
		while (
			this.#waiting.length + this.#onTheirWay.size + this.#refuser.count >
			0
		)
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

	/** One that is on its way can't be taken back: its worker may have it. */
	#expire(socket) {
		const place = this.#waiting.indexOf(socket);
		if (place === -1) return;
		this.#waiting.splice(place, 1);
		this.#refuse(socket);
	}

	#refuse(socket) {
		this.#deadlines.delete(socket);
		this.#refuser.refuse(socket);
	}
}
