import { createServer } from "node:http";
import { refuseUnread } from "../api/routes.js";
import { sentences } from "../errors.js";

const MAX_CONNECTIONS = 1024;
const REQUEST_TIMEOUT_MS = 1000; // whoever is refused has had the time to send one

/** Answers the first request of each connection that it is given with 503, and closes it. */
export class Refuser {
	/** @type {Set<import("node:net").Socket>} */
	#sockets = new Set();
	#server = createServer({
		headersTimeout: REQUEST_TIMEOUT_MS,
		requestTimeout: REQUEST_TIMEOUT_MS,
		connectionsCheckingInterval: REQUEST_TIMEOUT_MS / 2,
	});

	constructor() {
		for (const event of ["request", "checkContinue"])
			this.#server.on(event, (req, res) =>
				refuseUnread(req, res, 503, sentences.busy, { "Retry-After": 1 }),
			);
		this.#server.emit("listening"); // only then it looks for requests that take too long
	}

	/**
	 * How many connections are still open.
	 * @type {number}
	 */
	get count() {
		return this.#sockets.size;
	}

	/**
	 * socket: paused. Beyond a number that only an attack reaches, it is closed without an answer.
	 * @type {(socket: import("node:net").Socket) => void}
	 */
	refuse(socket) {
		if (this.#sockets.size >= MAX_CONNECTIONS) {
			socket.destroy();
			return;
		}
		this.#sockets.add(socket);
		socket.once("close", () => this.#sockets.delete(socket));
		socket.allowHalfOpen = true; // as for those that an HTTP server accepts itself
		this.#server.emit("connection", socket);
		socket.resume();
	}
}
