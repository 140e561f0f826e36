import { spawn } from "node:child_process";
import { COMMAND } from "./command.js";
import { RequestError } from "./errors.js";

const LEVELS = "LMQH";
const HEAD_BYTES = 4;
const OPTIONS_BYTES = 4;
const [PNG, REFUSED] = [0, 1];
const RESPAWN_DELAY_MS = 100;

/** A request to qrpng --pipe: see cli/pipe.h. */
function encodeRequest(text, { ecl, width, margin }) {
	const textBytes = Buffer.byteLength(text);
	const frame = Buffer.allocUnsafe(HEAD_BYTES + OPTIONS_BYTES + textBytes);
	frame.writeUInt32BE(OPTIONS_BYTES + textBytes, 0);
	frame[4] = LEVELS.indexOf(ecl);
	frame[5] = margin;
	frame.writeUInt16BE(width, 6);
	frame.write(text, HEAD_BYTES + OPTIONS_BYTES);
	return frame;
}

/**
 * One long-lived qrpng --pipe. Requests may follow each other without waiting; answers come in the same order. When the
 * child dies, its requests fail and another child takes its place.
 */
export class Coprocess {
	#engine;
	#child;
	#pending = []; // in the order of the requests
	#received = Buffer.alloc(0);
	#isStopping = false;

	constructor(engine) {
		this.#engine = engine;
		this.#start();
	}

	get pendingCount() {
		return this.#pending.length;
	}

	/** Whether a child is there to take requests. */
	get isRunning() {
		return this.#child !== undefined;
	}

	request(text, options) {
		return new Promise((resolve, reject) => {
			this.#pending.push({ resolve, reject });
			this.#child.stdin.write(encodeRequest(text, options));
		});
	}

	stop() {
		this.#isStopping = true;
		this.#child?.kill("SIGKILL");
	}

	#start() {
		if (this.#isStopping) return;
		const child = spawn(COMMAND, ["--pipe", "--engine", this.#engine], {
			stdio: ["pipe", "pipe", "inherit"],
			detached: true, // out of reach of Ctrl-C; it ends with its input
		});
		child.stdin.on("error", () => {}); // the exit says more
		child.stdout.on("data", (chunk) => this.#receive(chunk));
		child.once("error", () => this.#end(child));
		child.once("close", () => this.#end(child));
		this.#child = child;
	}

	#end(child) {
		if (this.#child !== child) return;
		this.#child = undefined;
		this.#received = Buffer.alloc(0);
		for (const { reject } of this.#pending.splice(0))
			reject(new Error("qrpng --pipe ended before it answered"));
		setTimeout(() => this.#start(), RESPAWN_DELAY_MS).unref();
	}

	#receive(chunk) {
		let bytes =
			this.#received.length > 0
				? Buffer.concat([this.#received, chunk])
				: chunk;
		while (bytes.length >= HEAD_BYTES) {
			const end = HEAD_BYTES + bytes.readUInt32BE(0);
			if (bytes.length < end) break;
			this.#settle(bytes[HEAD_BYTES], bytes.subarray(HEAD_BYTES + 1, end));
			bytes = bytes.subarray(end);
		}
		this.#received = bytes;
	}

	#settle(kind, body) {
		const { resolve, reject } = this.#pending.shift();
		if (kind === PNG) resolve(Buffer.from(body));
		else if (kind === REFUSED) reject(new RequestError(body.toString()));
		else reject(new Error(body.toString()));
	}
}
