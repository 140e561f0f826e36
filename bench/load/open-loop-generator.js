// Sends requests by the clock over TLS, whatever the answers do: node bench/load/open-loop-generator.js CONFIG, a JSON file as runOpenLoop() writes it.
// Prints "load ended" when the last request is due and its result as JSON when all are answered, or too late.
import { readFileSync } from "node:fs";
import net from "node:net";
import tls from "node:tls";
import { estimate } from "./open-loop-estimator.js";
import { requestBytes } from "./sender.js";

// Timers are as coarse as this; what is due sooner is waited for awake.
const timerMs = 2;
const warmUpMs = 200;
const headEnd = Buffer.from("\r\n\r\n");

const joined = (a, b) => (a.length ? Buffer.concat([a, b]) : b);

/** Reads a chunked body: take(bytes) gives whether it is whole. */
class ChunkReader {
	#rest = Buffer.alloc(0);

	take(bytes) {
		let rest = joined(this.#rest, bytes);
		for (;;) {
			this.#rest = rest;
			const lineEnd = rest.indexOf("\r\n");
			if (lineEnd === -1) return false;
			const nbytes = Number.parseInt(rest.toString("latin1", 0, lineEnd), 16);
			// After the last chunk, which is empty, come trailers, if any, and an empty line.
			if (nbytes === 0) return rest.indexOf(headEnd) !== -1;
			const end = lineEnd + 2 + nbytes + 2;
			if (rest.length < end) return false;
			rest = rest.subarray(end);
		}
	}
}

/** Reads a body of a known length: take(bytes) gives whether it is whole. */
class LengthReader {
	#left;

	constructor(nbytes) {
		this.#left = nbytes;
	}

	take(bytes) {
		this.#left -= bytes.length;
		return this.#left <= 0;
	}
}

function bodyReaderFor(head) {
	const length = /\r\nContent-Length: *(\d+)/i.exec(head);
	if (length) return new LengthReader(Number(length[1]));
	if (/\r\nTransfer-Encoding: *chunked/i.test(head)) return new ChunkReader();
	throw new Error(
		"its answers have no length, without which an open loop can't tell where they end",
	);
}

/** Reads answers one at a time: feed(bytes) gives the status when one is whole, or undefined. */
class AnswerReader {
	#head = Buffer.alloc(0);
	/** @type {ChunkReader | LengthReader | null} */
	#body = null;
	#status = 0;
	mustClose = false;

	feed(bytes) {
		let content = bytes;
		if (!this.#body) {
			this.#head = joined(this.#head, bytes);
			const end = this.#head.indexOf(headEnd);
			if (end === -1) return undefined;
			this.#readHead(this.#head.toString("latin1", 0, end));
			content = this.#head.subarray(end + headEnd.length);
			this.#head = Buffer.alloc(0);
		}
		if (!this.#body?.take(content)) return undefined;
		this.#body = null;
		return this.#status;
	}

	#readHead(head) {
		this.#status = Number(head.slice(9, 12));
		this.#body = bodyReaderFor(head);
		this.mustClose = /\r\nConnection: *close/i.test(head);
	}
}

/** The connections to a server, as many as the requests that are on their way need, up to a limit beyond which they wait. */
class Connections {
	#open;
	#most;
	#idle = [];
	#count = 0;
	#waiting = [];
	#firstWaiting = 0;

	constructor(open, most) {
		this.#open = open;
		this.#most = most;
	}

	/** Calls use(connection) as soon as there is one. */
	take(use) {
		if (this.#idle.length) use(this.#idle.pop());
		else if (this.#count < this.#most) {
			this.#count += 1;
			use(this.#open());
		} else this.#waiting.push(use);
	}

	/** A plain shift() takes long when many wait. */
	#nextWaiting() {
		const use = this.#waiting[this.#firstWaiting];
		this.#firstWaiting += 1;
		if (this.#firstWaiting >= this.#waiting.length) {
			this.#waiting = [];
			this.#firstWaiting = 0;
		}
		return use;
	}

	give(connection) {
		const next = this.#nextWaiting();
		if (next) next(connection);
		else this.#idle.push(connection);
	}

	/** One that can't be used any more. */
	remove(connection) {
		this.#count -= 1;
		this.#idle = this.#idle.filter((other) => other !== connection);
		const next = this.#nextWaiting();
		if (next) this.take(next);
	}
}

/** Times since the start by request; plain numbers, so that nothing is left to the garbage collector while they are taken. */
const createLog = (count) => ({
	calledMs: new Float64Array(count),
	sentMs: new Float64Array(count),
	doneMs: new Float64Array(count),
	status: new Uint16Array(count),
});

class Generator {
	#config;
	#requests;
	#connections;
	#log;
	#left;
	#startMs;
	#failures = { connect: 0, read: 0, write: 0, timeout: 0, status: 0 };
	#bytes = { received: 0, sent: 0 };
	#finish;

	constructor(config) {
		this.#config = config;
		const { host } = new URL(config.url);
		this.#requests = config.requests.map((request) =>
			requestBytes(host, request),
		);
		this.#connections = new Connections(
			() => this.#openConnection(),
			config.mostConnections,
		);
	}

	#sinceStart = () => performance.now() - this.#startMs;

	#openConnection() {
		const { protocol, hostname, port } = new URL(this.#config.url);
		const host = hostname.replace(/^\[|\]$/g, "");
		const socket =
			protocol === "https:"
				? tls.connect({ host, port: Number(port) || 443, servername: hostname })
				: net.connect({ host, port: Number(port) || 80 });
		socket.setNoDelay(true);
		const connection = { socket, reader: new AnswerReader(), onEnd: null };
		connection.hasConnected = false;
		socket.once(protocol === "https:" ? "secureConnect" : "connect", () => {
			connection.hasConnected = true;
		});
		socket.on("data", (bytes) => this.#receive(connection, bytes));
		socket.on("error", () => {});
		socket.once("close", () => this.#lose(connection));
		return connection;
	}

	#receive(connection, bytes) {
		this.#bytes.received += bytes.length;
		const status = connection.reader.feed(bytes);
		if (status === undefined) return;
		const { onEnd } = connection;
		connection.onEnd = null;
		onEnd?.(status);
	}

	/** Sends one request; onEnd(status) when it is answered, onEnd(null) if the connection breaks before. */
	#sendOn(connection, index, onEnd) {
		const bytes = this.#requests[index % this.#requests.length];
		connection.onEnd = onEnd;
		this.#bytes.sent += bytes.length;
		connection.socket.write(bytes);
	}

	#release(connection) {
		if (connection.reader.mustClose) connection.socket.destroy();
		else if (!connection.socket.destroyed) this.#connections.give(connection);
	}

	#lose(connection) {
		this.#connections.remove(connection);
		const { onEnd } = connection;
		connection.onEnd = null;
		onEnd?.(null);
	}

	#settle() {
		this.#left -= 1;
		if (this.#left === 0) this.#finish();
	}

	#send(index) {
		const { calledMs, sentMs, doneMs, status } = this.#log;
		calledMs[index] = this.#sinceStart();
		this.#connections.take((connection) => {
			sentMs[index] = this.#sinceStart();
			this.#sendOn(connection, index, (answered) => {
				if (answered === null)
					this.#failures[connection.hasConnected ? "read" : "connect"] += 1;
				else {
					doneMs[index] = this.#sinceStart();
					status[index] = answered;
					if (answered !== 200) this.#failures.status += 1;
					this.#release(connection);
				}
				this.#settle();
			});
		});
	}

	#dueMs = (index) => this.#config.schedule[index];

	/** The log as estimate() takes it. */
	#makeRecords() {
		const { calledMs, sentMs, doneMs, status } = this.#log;
		return Array.from(status, (_, i) => ({
			dueMs: this.#dueMs(i),
			calledMs: calledMs[i],
			sentMs: sentMs[i],
			doneMs: status[i] ? doneMs[i] : null,
			status: status[i],
		}));
	}

	/** Everything that is due by now is sent; then it waits, awake where it has a CPU for itself. */
	#sendAll(count) {
		const { isAlone } = this.#config;
		return new Promise((resolve) => {
			let next = 0;
			const tick = () => {
				for (const nowMs = this.#sinceStart(); ; next += 1) {
					if (next === count) return resolve(null);
					if (this.#dueMs(next) > nowMs) break;
					this.#send(next);
				}
				const waitMs = this.#dueMs(next) - this.#sinceStart();
				if (isAlone && waitMs < timerMs) setImmediate(tick);
				else setTimeout(tick, isAlone ? waitMs - timerMs : waitMs);
			};
			tick();
		});
	}

	/** Opens the usual connections and uses them for a moment, so that neither they nor this code is cold when it counts. */
	async #warmUp() {
		const endMs = performance.now() + warmUpMs;
		const use = (connection, index, resolve) =>
			this.#sendOn(connection, index, (status) => {
				const isOver = status === null || performance.now() > endMs;
				if (isOver || connection.reader.mustClose) resolve(connection);
				else use(connection, index + 1, resolve);
			});
		const all = Array.from(
			{ length: this.#config.connections },
			(_, i) =>
				new Promise((resolve) => {
					this.#connections.take((connection) => use(connection, i, resolve));
				}),
		);
		for (const connection of await Promise.all(all)) this.#release(connection);
		this.#bytes = { received: 0, sent: 0 };
	}

	async run() {
		const { schedule, durationSeconds, timeoutSeconds } = this.#config;
		const count = schedule.length;
		await this.#warmUp();
		this.#left = count;
		this.#log = createLog(count);
		const allDone = new Promise((resolve) => {
			this.#finish = resolve;
		});
		this.#startMs = performance.now();
		await this.#sendAll(count);
		const sendingMs = this.#sinceStart();
		process.stdout.write("load ended\n");
		const timer = setTimeout(this.#finish, timeoutSeconds * 1000);
		await allDone;
		clearTimeout(timer);
		this.#failures.timeout += this.#left;
		const windowMs = durationSeconds * 1000;
		const { fromDue, fromSend, lag, ...counts } = estimate(
			this.#makeRecords(),
			windowMs,
		);
		return {
			...counts,
			sentPerSecond: (count * 1000) / Math.max(sendingMs, windowMs),
			failures: this.#failures,
			bytes: this.#bytes,
			fromDue: [...fromDue],
			fromSend: [...fromSend],
			lag: [...lag],
		};
	}
}

process.on("uncaughtException", ({ message }) => {
	process.stderr.write(`${message}\n`, () => process.exit(1));
});
const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
const result = await new Generator(config).run();
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit());
