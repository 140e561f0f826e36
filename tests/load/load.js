import { setImmediate as nextTurn } from "node:timers/promises";
import { connect, sleep } from "../contract/http.js";
import { judge } from "./exchanges.js";

const MOST_AT_ONCE = 8;
const MAX_COMPLAINTS = 20;
const REFUSED_PAUSE_MS = 20;

/** Some connections that ask all the time, for several things at once, and compare every answer with the right one. */
export class Load {
	/**
	 * How the requests ended: "cut off" by the end of their connection, "unanswered" for far longer than any limit of a host. What
	 * follows an answer that is the last on its connection doesn't count: the host has not taken it.
	 */
	counts = { right: 0, 503: 0, wrong: 0, "cut off": 0, unanswered: 0 };
	/** What was wrong. */
	complaints = [];
	#port;
	#exchanges;
	#random;
	#mayRefuse;

	/** exchanges: as of prepareExchanges(); mayRefuseConnections: one that can't be made is no complaint. */
	constructor(port, exchanges, random, { mayRefuseConnections = false } = {}) {
		this.#port = port;
		this.#exchanges = exchanges;
		this.#random = random;
		this.#mayRefuse = mayRefuseConnections;
	}

	/** Resolves when isOver() says so, and the last requests have ended. */
	async run(isOver, connectionCount) {
		const lanes = Array.from({ length: connectionCount });
		await Promise.all(lanes.map(() => this.#runLane(isOver)));
	}

	async #runLane(isOver) {
		let connection;
		while (!isOver()) {
			connection ??= await this.#connect();
			if (!(await this.#askSome(connection))) {
				connection?.destroy();
				connection = undefined;
			}
			await nextTurn(); // of who breaks the host meanwhile
		}
		connection?.destroy();
	}

	/** Resolves to undefined where it can't. */
	async #connect() {
		try {
			return await connect(this.#port);
		} catch (error) {
			if (!this.#mayRefuse) this.#complain(error.message);
			await sleep(REFUSED_PAUSE_MS);
		}
	}

	#choose() {
		const { images, others, refusals } = this.#exchanges;
		const kind = this.#random(10);
		const list = kind < 7 ? images : kind < 9 ? others : refusals;
		return list[this.#random(list.length)];
	}

	/** Resolves to whether the connection can be used again. */
	async #askSome(connection) {
		if (connection === undefined) return false;
		const length = 1 + this.#random(MOST_AT_ONCE);
		const exchanges = Array.from({ length }, () => this.#choose());
		connection.send(Buffer.concat(exchanges.map(({ bytes }) => bytes)));
		for (const [i, exchange] of exchanges.entries()) {
			try {
				const response = await connection.read(exchange.method);
				this.#note(exchange, response);
				if (response.headers.connection === "close") return false;
			} catch (error) {
				const ending = connection.ended ? "cut off" : "unanswered";
				this.counts[ending] += exchanges.length - i;
				if (ending === "unanswered") this.#complain(error.message);
				return false;
			}
		}
		return !connection.ended;
	}

	#note(exchange, response) {
		const verdict = judge(exchange, response);
		this.counts[verdict]++;
		if (verdict !== "wrong") return;
		const said = response.body.toString("latin1", 0, 100);
		this.#complain(`${exchange.kind} was answered ${response.status}: ${said}`);
	}

	#complain(sentence) {
		if (this.complaints.length < MAX_COMPLAINTS) this.complaints.push(sentence);
	}
}
