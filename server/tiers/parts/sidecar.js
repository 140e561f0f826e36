import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { nextBackoffMs } from "../../backoff.js";
import { childEnvironment } from "../../child-environment.js";
import { RequestError, textTooLong } from "../../errors.js";
import { checkSocketPath } from "../../socket-path.js";
import { Watchdog } from "../../timeouts.js";
import { SERVER } from "./command.js";
import { LostError } from "./retry.js";

/** @typedef {{ status: number, body: Buffer }} Answer */
/** @typedef {{ engine: string, threads: number, connections: number, answerTimeoutMs: number }} SidecarSettings */

const MAX_WIDTH_PX = 4096;
/** A process that is killed closes its connections just before its end is known. */
const END_FOLLOWS_MS = 100;
/** A start that is further away is not worth waiting for. */
const MAX_START_DELAY_MS = 1000;
const MAX_TEXT_BYTES = 7089;
// What fits a symbol takes at most 12,888 bytes: 4,296 alphanumeric characters, each percent-encoded.
const MAX_TARGET_BYTES = 13 * 1024;

const ESCAPES = Array.from({ length: 256 }, (_, byte) =>
	Buffer.of(byte).toString("hex").padStart(3, "%"),
);

/** @type {(text: Server.Text) => string} */
function encodeText(text) {
	if (typeof text === "string") return encodeURIComponent(text);
	return text
		.toString("latin1")
		.replace(/[^\w.~-]/g, (byte) => ESCAPES[byte.charCodeAt(0)]);
}

/**
 * Throws what the client is told if the text is longer than any that fits: the server could not take its URL.
 * @type {(text: Server.Text, options: Server.ImageOptions) => string}
 */
function formatTarget(text, { ecl, width, margin }) {
	if (text.length > MAX_TEXT_BYTES) throw textTooLong(ecl);
	const target = `/qrcode?ecl=${ecl}&width=${width}&margin=${margin}&text=${encodeText(text)}`;
	if (target.length > MAX_TARGET_BYTES) throw textTooLong(ecl);
	return target;
}

/**
 * Resolves to { status, body }. Without the stream that Pool.request() makes of each body.
 * @type {(pool: Pool, path: string) => Promise<Answer>}
 */
function get(pool, path) {
	return new Promise((resolve, reject) => {
		/** @type {Buffer[]} */
		const chunks = [];
		let status = 0;
		pool.dispatch(
			{ path, method: "GET" },
			{
				onRequestStart() {},
				onResponseStart(_controller, statusCode) {
					status = statusCode;
				},
				onResponseData(_controller, chunk) {
					chunks.push(chunk);
				},
				onResponseEnd() {
					resolve({ status, body: Buffer.concat(chunks) });
				},
				onResponseError(_controller, error) {
					reject(error);
				},
			},
		);
	});
}

function freshSocketPath() {
	return join(tmpdir(), `qrpng-${randomBytes(8).toString("hex")}.sock`);
}

/**
 * Throws a StartError if no sidecar could listen.
 * @type {() => void}
 */
export function checkSocketFolder() {
	checkSocketPath(freshSocketPath());
}

/** One qrpng-server on a Unix socket that is for this user alone. It ends with this process, however that ends. */
class Server {
	/** Resolves when it listens. @type {Promise<void>} */
	listening;
	/** Resolves to the reason. Its connections and its socket are gone then. @type {Promise<string>} */
	ended;
	#bornMs = performance.now();
	#socketPath = freshSocketPath();
	#child;
	#pool;
	#end;

	/** @param {SidecarSettings} settings */
	constructor({ engine, threads, connections }) {
		this.#child = this.#spawn(engine, threads);
		this.#pool = new Pool("http://sidecar", {
			socketPath: this.#socketPath,
			connections,
			headersTimeout: 0, // what doesn't answer is killed
			bodyTimeout: 0,
		});
		this.listening = new Promise((resolve) => {
			this.#child.stdout?.once("data", resolve); // the line that it prints then
		});
		this.ended = new Promise((resolve) => {
			this.#end = resolve;
		}).then((reason) => this.#clear(reason));
		this.#child.once("error", ({ code }) => this.#end(code));
		this.#child.once("exit", (code, signal) =>
			this.#end(signal ?? `exit code ${code}`),
		);
	}

	/** @type {number} */
	get livedMs() {
		return performance.now() - this.#bornMs;
	}

	/**
	 * Resolves to { status, body }; rejects with a LostError.
	 * @type {(target: string) => Promise<Answer>}
	 */
	async get(target) {
		try {
			return await get(this.#pool, target);
		} catch (error) {
			await Promise.race([this.ended, sleep(END_FOLLOWS_MS)]);
			throw new LostError(`the sidecar did not answer: ${error.message}`);
		}
	}

	/** @type {(reason: string) => void} */
	kill(reason) {
		this.#child.kill("SIGKILL");
		this.#end(reason);
	}

	/**
	 * The last thing before this process ends.
	 * @type {() => void}
	 */
	stop() {
		this.#child.kill("SIGKILL");
		rmSync(this.#socketPath, { force: true });
	}

	#clear(reason) {
		this.#pool.destroy(new Error(reason));
		rmSync(this.#socketPath, { force: true });
		return reason;
	}

	/** @type {(engine: string, threads: number) => import("node:child_process").ChildProcess} */
	#spawn(engine, threads) {
		const size = ["--threads", `${threads}`];
		const limits = ["--max-width", `${MAX_WIDTH_PX}`, "--raw-text"];
		const end = ["--exit-with-stdin", "--drain-timeout-ms", "0"];
		const child = spawn(
			SERVER,
			[
				"--unix",
				this.#socketPath,
				"--engine",
				engine,
				...size,
				...limits,
				...end,
			],
			{
				env: childEnvironment(),
				stdio: ["pipe", "pipe", "inherit"],
				detached: true, // out of reach of Ctrl-C: it has to answer while this process drains
			},
		);
		child.stdin?.on("error", () => {}); // without descriptors to spare there are no streams
		return child;
	}
}

/**
 * A qrpng-server at all times: when it dies or hangs, the requests that it had are rejected with a LostError, and another takes
 * its place, which those that come meanwhile wait for.
 */
export class Sidecar {
	/** How many servers have taken the place of another so far. */
	restarts = 0;
	#settings;
	#watchdog;
	/** An object for each request, in their order. @type {Set<object>} */
	#waiting = new Set();
	#server;
	#listening; // a promise of the server, once it listens
	#resolveListening;
	#rejectListening;
	#delayMs = 0;
	#isStopping = false;

	/** @param {SidecarSettings} settings */
	constructor(settings) {
		const { answerTimeoutMs } = settings;
		this.#settings = settings;
		this.#watchdog = new Watchdog(
			answerTimeoutMs,
			() => this.#waiting.values().next().value,
			() => this.#server.kill(`no answer within ${answerTimeoutMs} ms`),
		);
		this.#expectServer();
		this.#start();
	}

	/**
	 * Resolves to a PNG. While the server is about to start this waits for it.
	 * @type {(text: Server.Text, options: Server.ImageOptions) => Promise<Buffer>}
	 */
	async request(text, options) {
		const target = formatTarget(text, options);
		const { status, body } = await this.#get(target);
		if (status === 200) return body;
		if (status === 400) throw new RequestError(body.toString().trim());
		throw new Error(`the sidecar answered with status ${status}`);
	}

	/** @type {() => void} */
	stop() {
		this.#isStopping = true;
		this.#server.stop();
	}

	async #get(target) {
		const waiter = {};
		this.#waiting.add(waiter);
		this.#watchdog.watch();
		try {
			const server = await this.#listening;
			return await server.get(target);
		} finally {
			this.#waiting.delete(waiter);
		}
	}

	#expectServer() {
		this.#listening = new Promise((resolve, reject) => {
			this.#resolveListening = resolve;
			this.#rejectListening = reject;
		});
		this.#listening.catch(() => {}); // told to those who ask
	}

	#start() {
		if (this.#isStopping) return;
		const resolveEarlier = this.#resolveListening;
		this.#expectServer();
		resolveEarlier(this.#listening);
		const resolve = this.#resolveListening; // of this server alone: it may have ended before it is heard
		const server = new Server(this.#settings);
		this.#server = server;
		server.listening.then(() => resolve(server));
		server.ended.then((reason) => this.#replace(reason));
	}

	#replace(reason) {
		if (this.#isStopping) return;
		process.stderr.write(`The sidecar ended (${reason}): starting another.\n`);
		const lost = new LostError(`the sidecar ended before it answered`);
		this.#rejectListening(lost);
		this.#delayMs = nextBackoffMs(this.#delayMs, this.#server.livedMs);
		this.restarts++;
		this.#expectServer();
		if (this.#delayMs > MAX_START_DELAY_MS) this.#rejectListening(lost);
		if (this.#delayMs === 0) this.#start();
		else setTimeout(() => this.#start(), this.#delayMs).unref();
	}
}
