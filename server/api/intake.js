import { hasBody } from "./body.js";

const TURN_MS = 2;
const MAX_ARRIVAL_TURNS = 64;

/** @typedef {(req: Server.Request, res: Server.Response) => void} Answer */
/** @typedef {{ req: Server.Request, res: Server.Response, sinceMs: number }} Waiter */

/**
 * Node calls it an error if anything follows the last request of a connection, and says so before an answer that waits; and a body takes
 * turns of its own, after which a client that has closed its side gets no answer.
 * @type {(req: Server.Request, res: Server.Response) => boolean}
 */
const mayWait = (req, res) => res.shouldKeepAlive !== false && !hasBody(req);

/**
 * Between what has arrived and the routes. Node reads from every connection that has sent something before it looks for a new one, and accepts
 * one at a time: while each of many takes its time, those to come would wait for seconds, unseen. So requests are answered for 2 ms in a turn of
 * the event loop, one at least; what else arrives is queued, in the order of arrival, and knows its age. After such a turn
 * come up to 64 others for new connections alone, until there are none.
 */
export class Intake {
	/** @type {Waiter[]} */
	#waiting = [];
	/** @type {number | undefined} */
	#turnEndMs;
	#arrivalTurns = 0;
	#hasArrivals = false;
	#answer;
	#refuse;
	#maxWaiting;
	#maxWaitMs;

	/**
	 * @param {{ answer: Answer, refuse: Answer }} listeners for those whose turn it is, and for those that have waited too long
	 * @param {{ maxQueue: number, maxWaitMs: number }} limits
	 */
	constructor({ answer, refuse }, { maxQueue, maxWaitMs }) {
		this.#answer = answer;
		this.#refuse = refuse;
		this.#maxWaiting = maxQueue;
		this.#maxWaitMs = maxWaitMs;
	}

	/**
	 * How long the first in the queue has waited.
	 * @type {() => number}
	 */
	ageMs() {
		return this.#waiting.length > 0
			? performance.now() - this.#waiting[0].sinceMs
			: 0;
	}

	/**
	 * Somebody has connected: there may be others.
	 * @type {(socket: import("node:net").Socket) => void}
	 */
	noteConnection(socket) {
		this.#hasArrivals = true;
		// Node's own listener, after this one, ends the connection: then it is too late for an answer.
		socket.prependListener("end", () => this.#hurry(socket));
	}

	/** Whoever closes his side may still read, but doesn't wait. */
	#hurry(socket) {
		const isOfSocket = ({ req }) => req.socket === socket;
		const leaving = this.#waiting.filter(isOfSocket);
		if (leaving.length === 0) return;
		this.#waiting = this.#waiting.filter((waiter) => !isOfSocket(waiter));
		for (const { req, res } of leaving) this.#answer(req, res);
	}

	/** @type {Answer} */
	take(req, res) {
		const isFree = this.#waiting.length === 0 && !this.#isTurnOver();
		if (isFree || !mayWait(req, res)) {
			this.#answer(req, res);
			return;
		}
		if (this.#waiting.length >= this.#maxWaiting) this.#refuse(req, res);
		else this.#waiting.push({ req, res, sinceMs: performance.now() });
	}

	#isTurnOver() {
		const nowMs = performance.now();
		if (this.#turnEndMs !== undefined) return nowMs >= this.#turnEndMs;
		this.#turnEndMs = nowMs + TURN_MS;
		setImmediate(this.#nextTurn);
		return false;
	}

	#nextTurn = () => {
		this.#turnEndMs = undefined;
		if (this.#waiting.length === 0) return;
		if (this.#hasArrivals && this.#arrivalTurns > 0) {
			this.#hasArrivals = false;
			this.#arrivalTurns--;
			setImmediate(this.#nextTurn);
			return;
		}
		while (this.#waiting.length > 0 && !this.#isTurnOver()) {
			const [{ req, res, sinceMs }] = this.#waiting.splice(0, 1);
			if (res.closed) continue;
			const isLate = performance.now() - sinceMs > this.#maxWaitMs;
			if (isLate) this.#refuse(req, res);
			else this.#answer(req, res);
		}
		this.#hasArrivals = true; // by now, most probably
		this.#arrivalTurns = MAX_ARRIVAL_TURNS;
	};
}
