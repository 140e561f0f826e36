import { spawn } from "node:child_process";
import { RequestError } from "../../errors.js";
import { Watchdog } from "../../timeouts.js";
import { COMMAND } from "./command.js";
import { LostError } from "./retry.js";

/** @typedef {import("node:child_process").ChildProcessByStdio<import("node:stream").Writable, import("node:stream").Readable, null>} Child */
/** @typedef {{ frame: Buffer, resolve: (png: Buffer) => void, reject: (error: Error) => void }} Pending */

const LEVELS = "LMQH";
const HEAD_BYTES = 4;
const OPTIONS_BYTES = 4;
const [PNG, REFUSED] = [0, 1];
const MS_BETWEEN_STARTS = 100;

/**
 * A request to qrpng --pipe: see cli/pipe.h.
 * @type {(text: Server.Text, options: Server.ImageOptions) => Buffer}
 */
function encodeRequest(text, { ecl, width, margin }) {
	const textBytes = Buffer.byteLength(text);
	const frame = Buffer.allocUnsafe(HEAD_BYTES + OPTIONS_BYTES + textBytes);
	frame.writeUInt32BE(OPTIONS_BYTES + textBytes, 0);
	frame[4] = LEVELS.indexOf(ecl);
	frame[5] = margin;
	frame.writeUInt16BE(width, 6);
	if (typeof text === "string") frame.write(text, HEAD_BYTES + OPTIONS_BYTES);
	else frame.set(text, HEAD_BYTES + OPTIONS_BYTES);
	return frame;
}

/**
 * One long-lived qrpng --pipe. Requests may follow each other without waiting; answers come in the same order. When the
 * child dies or hangs, the requests that it had are rejected with a LostError, and another child takes its place, which
 * those that come meanwhile wait for.
 */
export class Coprocess {
	/** How many children have taken the place of another so far. */
	restarts = 0;
	#engine;
	#answerTimeoutMs;
	#watchdog;
	/** @type {Child | undefined} */
	#child;
	#startedMs = 0;
	/** In the order of the requests; without a child, none has been sent. @type {Pending[]} */
	#pending = [];
	/** @type {Buffer} */
	#received = Buffer.alloc(0);
	#isStopping = false;

	/**
	 * @param {string} engine
	 * @param {number} answerTimeoutMs
	 */
	constructor(engine, answerTimeoutMs) {
		this.#engine = engine;
		this.#answerTimeoutMs = answerTimeoutMs;
		this.#watchdog = new Watchdog(
			answerTimeoutMs,
			() => this.#pending[0],
			() => this.#giveUp(),
		);
		this.#start();
	}

	/** @type {number} */
	get pendingCount() {
		return this.#pending.length;
	}

	/**
	 * Whether a child is there to take requests at once.
	 * @type {boolean}
	 */
	get isRunning() {
		return this.#child !== undefined;
	}

	/**
	 * Whether it seems to hang.
	 * @type {boolean}
	 */
	get isLate() {
		return this.#watchdog.isLate;
	}

	/** @type {(text: Server.Text, options: Server.ImageOptions) => Promise<Buffer>} */
	request(text, options) {
		return new Promise((resolve, reject) => {
			const frame = encodeRequest(text, options);
			this.#pending.push({ frame, resolve, reject });
			this.#child?.stdin?.write(frame);
			this.#watchdog.watch();
		});
	}

	/** @type {() => void} */
	stop() {
		this.#isStopping = true;
		this.#child?.kill("SIGKILL");
	}

	#restart() {
		this.restarts++;
		this.#start();
	}

	#start() {
		if (this.#isStopping) return;
		this.#startedMs = performance.now();
		const child = spawn(COMMAND, ["--pipe", "--engine", this.#engine], {
			stdio: ["pipe", "pipe", "inherit"],
			detached: true, // out of reach of Ctrl-C; it ends with its input
		});
		child.once("error", (/** @type {NodeJS.ErrnoException} */ { code }) =>
			this.#end(child, code),
		);
		child.once("close", (code, signal) =>
			this.#end(child, signal ?? `exit code ${code}`),
		);
		this.#child = child;
		if (child.pid === undefined) return; // not even started: "error" follows
		child.stdin.on("error", () => {}); // the exit says more
		child.stdout.on("data", (chunk) => this.#receive(child, chunk));
		for (const { frame } of this.#pending) child.stdin.write(frame);
	}

	#giveUp() {
		const child = this.#child;
		if (child === undefined) return; // the next one is about to start
		child.kill("SIGKILL");
		this.#end(child, `no answer within ${this.#answerTimeoutMs} ms`);
	}

	/** @type {(child: Child, reason: string | undefined) => void} */
	#end(child, reason) {
		if (this.#child !== child) return;
		this.#child = undefined;
		this.#received = Buffer.alloc(0);
		for (const { reject } of this.#pending.splice(0))
			reject(
				new LostError(`qrpng --pipe ended before it answered (${reason})`),
			);
		if (this.#isStopping) return;
		process.stderr.write(`qrpng --pipe ended (${reason}): starting another.\n`);
		const livedMs = performance.now() - this.#startedMs;
		const delayMs = Math.max(0, MS_BETWEEN_STARTS - livedMs);
		setTimeout(() => this.#restart(), delayMs).unref();
	}

	/** @type {(child: Child, chunk: Buffer) => void} */
	#receive(child, chunk) {
		if (this.#child !== child) return; // given up, it still says something
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

	/** @type {(kind: number, body: Buffer) => void} */
	#settle(kind, body) {
		const [{ resolve, reject }] = this.#pending.splice(0, 1);
		if (kind === PNG) resolve(Buffer.from(body));
		else if (kind === REFUSED) reject(new RequestError(body.toString()));
		else reject(new Error(body.toString()));
	}
}
