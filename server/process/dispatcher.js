import { setTimeout as sleep } from "node:timers/promises";
import { Deadlines } from "../timeouts.js";
import { Refuser } from "./refuser.js";

/** @typedef {import("node:cluster").Worker} Worker */
/** @typedef {import("node:net").Socket} Socket */

const CHECK_EVERY_MS = 5;

/**
 * Hands connections to workers, each worker in its turn, one at a time: it asks for the next when it has taken one. Done by
 * node:cluster itself, a connection on its way to a worker that dies would stay open, and its client wait, forever. Those that
 * no worker takes in time, or that are too many, are told to come back.
 */
export class Dispatcher {
	/** How many connections have come in so far. */
	connectionCount = 0;
	/** @type {Socket[]} */
	#waiting = [];
	/** @type {Worker[]} */
	#free = [];
	/** From a worker to a connection. @type {Map<Worker, Socket>} */
	#onTheirWay = new Map();
	#refuser = new Refuser();
	#maxWaiting;
	/** Of those that wait or are on their way. @type {Deadlines<Socket>} */
	#deadlines;

	/** @param {Pick<Server.Settings, "maxQueue" | "queueTimeoutMs">} settings */
	constructor({ maxQueue, queueTimeoutMs }) {
		this.#maxWaiting = maxQueue;
		this.#deadlines = new Deadlines(queueTimeoutMs, (socket) =>
			this.#expire(socket),
		);
	}

	/** @type {(socket: Socket) => void} */
	give(socket) {
		this.connectionCount++;
		this.#waiting.push(socket);
		this.#deadlines.add(socket);
		this.#handOver();
		if (this.#waiting.length > this.#maxWaiting) {
			this.#waiting.pop();
			this.#refuse(socket);
		}
	}

	/**
	 * The worker is ready for its first connection, or has taken one and asks for the next.
	 * @type {(worker: Worker) => void}
	 */
	free(worker) {
		const socket = this.#onTheirWay.get(worker);
		this.#onTheirWay.delete(worker);
		if (socket !== undefined) {
			this.#deadlines.delete(socket);
			socket.destroy(); // this process's handle of it; the worker has its own
		}
		this.#free.push(worker);
		this.#handOver();
	}

	/**
	 * The worker has ended: what it has not taken goes to another.
	 * @type {(worker: Worker) => void}
	 */
	forget(worker) {
		this.#free = this.#free.filter((other) => other !== worker);
		const socket = this.#onTheirWay.get(worker);
		if (socket === undefined) return;
		this.#onTheirWay.delete(worker);
		this.#waiting.unshift(socket);
		this.#handOver();
		if (!this.#deadlines.has(socket)) this.#expire(socket);
	}

	/**
	 * Resolves when every connection has been taken or refused.
	 * @type {() => Promise<void>}
	 */
	async emptied() {
		while (
			this.#waiting.length + this.#onTheirWay.size + this.#refuser.count >
			0
		)
			await sleep(CHECK_EVERY_MS);
	}

	#handOver() {
		while (this.#waiting.length > 0 && this.#free.length > 0) {
			const [worker] = this.#free.splice(0, 1);
			const [socket] = this.#waiting.splice(0, 1);
			this.#onTheirWay.set(worker, socket);
			worker.send("connection", socket, { keepOpen: true }, () => {}); // an error is followed by forget()
		}
	}

	/**
	 * One that is on its way can't be taken back: its worker may have it.
	 * @type {(socket: Socket) => void}
	 */
	#expire(socket) {
		const place = this.#waiting.indexOf(socket);
		if (place === -1) return;
		this.#waiting.splice(place, 1);
		this.#refuse(socket);
	}

	/** @type {(socket: Socket) => void} */
	#refuse(socket) {
		this.#deadlines.delete(socket);
		this.#refuser.refuse(socket);
	}
}
