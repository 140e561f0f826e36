// What gRPC calls may hold, and for how long: grpc-js itself reads and keeps whatever clients send, or don't take.
import grpc from "@grpc/grpc-js";
import { sentences } from "../errors.js";

const { status } = grpc;

/** @typedef {import("./room.js").Part} Part */

/** The limits of all calls of a server, as an interceptor of grpc-js. */
export class CallLimits {
	#enter;
	#readTimeoutMs;
	#sendTimeoutMs;
	/** By the client's address. @type {Map<string, import("node:net").Socket>} */
	#sockets = new Map();
	/** @type {WeakMap<object, LimitedCall>} */
	#callsByMessage = new WeakMap();

	/**
	 * enter(path, signal) resolves to what a call of that method holds of a Room while its message is read and worked on, undefined
	 * for nothing; readTimeoutMs: for a message to arrive; sendTimeoutMs: for a client to take its answer.
	 * @param {{
	 *   enter: (path: string, signal: AbortSignal) => Promise<Part> | undefined,
	 *   readTimeoutMs: number,
	 *   sendTimeoutMs: number,
	 * }} settings
	 */
	constructor({ enter, readTimeoutMs, sendTimeoutMs }) {
		this.#enter = enter;
		this.#readTimeoutMs = readTimeoutMs;
		this.#sendTimeoutMs = sendTimeoutMs;
	}

	/**
	 * A connection that calls will come from.
	 * @type {(socket: import("node:net").Socket) => void}
	 */
	addSocket(socket) {
		const name = nameOf(socket);
		this.#sockets.set(name, socket);
		socket.once("close", () => this.#sockets.delete(name));
	}

	/** @type {import("@grpc/grpc-js").ServerInterceptor} */
	interceptor = ({ path }, call) => {
		const endConnection = () =>
			this.#sockets.get(nameOf(call.getConnectionInfo()))?.destroy();
		return new LimitedCall(call, {
			enter: (signal) => this.#enter(path, signal),
			noteMessage: (message, limited) =>
				this.#callsByMessage.set(message, limited),
			armReadTimer: () => setTimeout(endConnection, this.#readTimeoutMs),
			armSendTimer: () => setTimeout(endConnection, this.#sendTimeoutMs),
		});
	};

	/**
	 * The LimitedCall that brought the message.
	 * @type {(message: object) => LimitedCall | undefined}
	 */
	callOf(message) {
		return this.#callsByMessage.get(message);
	}
}

/** @type {(address: { remoteAddress?: string, remotePort?: number }) => string} */
function nameOf({ remoteAddress, remotePort }) {
	return `${remoteAddress} ${remotePort}`;
}

/** A call that reads its message when there is room, and gives up a client that is too slow with it or with the answer. */
class LimitedCall extends grpc.ServerInterceptingCall {
	/**
	 * The Part of its message, which is left with the call.
	 * @type {Part | undefined}
	 */
	part;
	/**
	 * The Part of its answer, likewise.
	 * @type {Part | undefined}
	 */
	unread;
	#limits;
	#controller = new AbortController();
	#timer;
	#isReading = false;

	constructor(call, limits) {
		const listener = {
			onReceiveMessage: (message, next) => {
				limits.noteMessage(message, this);
				next(message);
			},
			onReceiveHalfClose: (next) => {
				clearTimeout(this.#timer);
				next();
			},
			onCancel: () => this.#end(), // it comes at every end
		};
		super(call, { start: (next) => next(listener) });
		this.#limits = limits;
	}

	startRead() {
		if (this.#isReading) super.startRead();
		else this.#beginToRead();
	}

	async #beginToRead() {
		this.#isReading = true;
		const { signal } = this.#controller;
		try {
			this.part = await this.#limits.enter(signal);
		} catch {
			const { busy } = sentences;
			if (!signal.aborted)
				this.sendStatus({ code: status.RESOURCE_EXHAUSTED, details: busy });
			return;
		}
		this.#timer = this.#limits.armReadTimer();
		super.startRead();
	}

	sendMessage(message, callback) {
		this.#timer = this.#limits.armSendTimer();
		super.sendMessage(message, callback);
	}

	#end() {
		clearTimeout(this.#timer);
		this.#controller.abort();
		this.part?.leave();
		this.unread?.leave();
	}
}
