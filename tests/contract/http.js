// A small HTTP client on a raw socket: it sends any bytes, also those that a well-behaved client would not send.
import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";

const headEnd = Buffer.from("\r\n\r\n");

/** Rejects if the promise takes longer: a hang must fail its test instead of stopping the run. */
export async function within(timeoutMs, what, promise) {
	let timer;
	const deadline = new Promise((_, reject) => {
		const error = new Error(`${what} took more than ${timeoutMs} ms`);
		timer = setTimeout(reject, timeoutMs, error);
	});
	try {
		return await Promise.race([promise, deadline]);
	} finally {
		clearTimeout(timer);
	}
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Polls until the condition holds. */
export async function eventually(what, condition, timeoutMs = 30_000) {
	const deadline = Date.now() + timeoutMs;
	while (!(await condition())) {
		if (Date.now() > deadline)
			throw new Error(`${what}: not within ${timeoutMs} ms`);
		await sleep(20);
	}
}

function parseHead(bytes) {
	const [statusLine, ...lines] = bytes.toString("latin1").split("\r\n");
	const match = /^HTTP\/1\.1 (\d{3}) ?(.*)$/.exec(statusLine);
	assert.ok(match, `bad status line: ${JSON.stringify(statusLine)}`);
	const headers = Object.create(null);
	for (const line of lines) {
		const field = /^([!#$%&'*+\-.^_`|~\w]+):[ \t]*(.*?)[ \t]*$/.exec(line);
		assert.ok(field, `bad header line: ${JSON.stringify(line)}`);
		const name = field[1].toLowerCase();
		// A header given twice becomes a value that no test expects.
		headers[name] =
			name in headers ? `${headers[name]}, ${field[2]}` : field[2];
	}
	return { status: Number(match[1]), headers };
}

/** One keep-alive connection. */
export class Connection {
	#socket;
	#received = Buffer.alloc(0);
	#ended = false;
	#wake = () => {};

	constructor(socket) {
		this.#socket = socket;
		socket.setNoDelay(true);
		socket.on("data", (chunk) => {
			this.#received = Buffer.concat([this.#received, chunk]);
			this.#wake();
		});
		const end = () => {
			this.#ended = true;
			this.#wake();
		};
		// A reset is an end like any other: what was received before it still counts.
		socket.on("error", end).on("end", end).on("close", end);
	}

	/** True once the peer has closed its side. */
	get ended() {
		return this.#ended;
	}

	/** Resolves when the kernel has the bytes. */
	async send(bytes) {
		if (this.#ended) return;
		const data = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes, "latin1");
		await new Promise((resolve) => this.#socket.write(data, resolve));
	}

	/** Closes our side; what the peer still sends can be read. */
	end() {
		this.#socket.end();
	}

	destroy() {
		this.#socket.destroy();
	}

	/** Closes with a reset, as a crashed client does. */
	reset() {
		this.#socket.resetAndDestroy();
	}

	/** Stops reading, so that the peer's send buffer fills up. */
	pause() {
		this.#socket.pause();
	}

	async #until(condition) {
		while (!condition() && !this.#ended)
			await new Promise((resolve) => {
				this.#wake = resolve;
			});
		return condition();
	}

	#take(length) {
		const bytes = this.#received.subarray(0, length);
		this.#received = this.#received.subarray(length);
		return bytes;
	}

	async #receive(method) {
		const complete = await this.#until(() => this.#received.includes(headEnd));
		if (!complete) {
			const rest = JSON.stringify(this.#received.toString("latin1"));
			throw new Error(`the connection ended before a response, after ${rest}`);
		}
		const head = this.#take(this.#received.indexOf(headEnd) + headEnd.length);
		const response = parseHead(head.subarray(0, -headEnd.length));
		if (response.status < 200) return this.#receive(method);
		response.body = await this.#receiveBody(method, response);
		return response;
	}

	async #receiveBody(method, { status, headers }) {
		if (method === "HEAD" || status === 304) return Buffer.alloc(0);
		assert.ok(!("transfer-encoding" in headers), "a chunked response");
		if (!("content-length" in headers)) {
			await this.#until(() => false);
			return this.#take(this.#received.length);
		}
		assert.match(headers["content-length"], /^\d+$/);
		const length = Number(headers["content-length"]);
		const complete = await this.#until(() => this.#received.length >= length);
		assert.ok(complete, "the connection ended within a body");
		return this.#take(length);
	}

	/** Reads the next response; method is that of the request it answers. */
	read(method = "GET", timeoutMs = 30_000) {
		return within(timeoutMs, "a response", this.#receive(method));
	}

	/** Waits until the peer says anything or closes, and returns what it said. */
	async readAny(timeoutMs = 30_000) {
		const some = this.#until(() => this.#received.length > 0);
		await within(timeoutMs, "an answer or a closed connection", some);
		return this.#take(this.#received.length).toString("latin1");
	}

	/** Waits until the peer closes, and returns what it sent until then. */
	async readRest(timeoutMs = 30_000) {
		const closed = this.#until(() => false);
		await within(timeoutMs, "closing the connection", closed);
		return this.#take(this.#received.length).toString("latin1");
	}

	/** Waits until the peer closes, and fails if it sends anything more. */
	async readEnd(timeoutMs) {
		assert.equal(await this.readRest(timeoutMs), "", "unexpected bytes");
	}

	/** Sends one request and reads its response. */
	async request(target, { method = "GET", headers = [], timeoutMs } = {}) {
		await this.send(formatRequest(target, { method, headers }));
		return this.read(method, timeoutMs);
	}
}

/** The bytes of a request; target may hold any bytes (as a latin1 string). */
export function formatRequest(target, { method = "GET", headers = [] } = {}) {
	const lines = [`${method} ${target} HTTP/1.1`, "Host: localhost", ...headers];
	return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}

export async function connect(port) {
	const socket = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
	await within(30_000, "connecting", once(socket, "connect"));
	return new Connection(socket);
}

/** One request on a connection of its own. */
export async function request(port, target, options) {
	const connection = await connect(port);
	try {
		return await connection.request(target, options);
	} finally {
		connection.destroy();
	}
}

/** True if something listens there and accepts. */
export async function accepts(port) {
	try {
		(await connect(port)).destroy();
		return true;
	} catch (error) {
		assert.equal(error.code, "ECONNREFUSED");
		return false;
	}
}
