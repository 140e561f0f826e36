import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "undici";
import { SERVER } from "./command.js";
import { RequestError, textTooLong } from "./errors.js";
import { nextDelay } from "./respawn.js";
import { checkSocketPath } from "./socket-path.js";

const MAX_WIDTH_PX = 4096;
const ANSWER_TIMEOUT_MS = 10_000;
const MAX_TEXT_BYTES = 7089;
// What fits a symbol takes at most 12,888 bytes: 4,296 alphanumeric characters, each percent-encoded.
const MAX_TARGET_BYTES = 13 * 1024;

const ESCAPES = Array.from({ length: 256 }, (_, byte) =>
	Buffer.of(byte).toString("hex").padStart(3, "%"),
);

function encodeText(text) {
	if (typeof text === "string") return encodeURIComponent(text);
	return text
		.toString("latin1")
		.replace(/[^\w.~-]/g, (byte) => ESCAPES[byte.charCodeAt(0)]);
}

/** Throws what the client is told if the text is longer than any that fits: the server could not take its URL. */
function formatTarget(text, { ecl, width, margin }) {
	if (text.length > MAX_TEXT_BYTES) throw textTooLong(ecl);
	const target = `/qrcode?ecl=${ecl}&width=${width}&margin=${margin}&text=${encodeText(text)}`;
	if (target.length > MAX_TARGET_BYTES) throw textTooLong(ecl);
	return target;
}

/** Resolves to { status, body }. Without the stream that Pool.request() makes of each body. */
function get(pool, path) {
	return new Promise((resolve, reject) => {
		const chunks = [];
		let status;
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

/** Throws a StartError if no sidecar could listen. */
export function checkSocketFolder() {
	checkSocketPath(freshSocketPath());
}

/**
 * A qrpng-server on a Unix socket that is for this user alone. When it dies, its requests fail and another takes its place.
 * It ends with this process, however that ends, and takes its socket with it: no folder is needed, which nobody would remove.
 */
export class Sidecar {
	/** How many servers have taken the place of another so far. */
	restarts = 0;
	#engine;
	#threads;
	#connections;
	#socketPath = freshSocketPath();
	#child;
	#pool;
	#ready;
	#delayMs = 0;
	#isStopping = false;

	constructor(engine, { threads, connections }) {
		this.#engine = engine;
		this.#threads = threads;
		this.#connections = connections;
		this.#start();
	}

	/** Resolves to a PNG. While the server starts this waits for it; after a start that failed it rejects at once. */
	async request(text, options) {
		const target = formatTarget(text, options);
		await this.#ready;
		const { status, body } = await get(this.#pool, target);
		if (status === 200) return body;
		if (status === 400) throw new RequestError(body.toString().trim());
		throw new Error(`the sidecar answered with status ${status}`);
	}

	stop() {
		this.#isStopping = true;
		this.#child.kill("SIGKILL");
		rmSync(this.#socketPath, { force: true });
	}

	#start() {
		if (this.#isStopping) return;
		const bornMs = performance.now();
		const child = this.#spawn();
		const pool = this.#createPool();
		this.#child = child;
		this.#pool = pool;
		this.#ready = new Promise((resolve, reject) => {
			child.stdout.once("data", resolve); // the line that it prints when it listens
			let ended = false;
			const end = () => {
				if (ended) return;
				ended = true;
				const error = new Error("the sidecar ended before it answered");
				reject(error);
				pool.destroy(error);
				this.#restart(performance.now() - bornMs);
			};
			child.once("error", end);
			child.once("exit", end);
		});
		this.#ready.catch(() => {}); // told to those who ask
	}

	#restart(livedMs) {
		this.#delayMs = nextDelay(this.#delayMs, livedMs);
		this.restarts++;
		if (this.#delayMs === 0) this.#start();
		else setTimeout(() => this.#start(), this.#delayMs).unref();
	}

	#spawn() {
		const size = ["--threads", `${this.#threads}`];
		const limits = ["--max-width", `${MAX_WIDTH_PX}`, "--raw-text"];
		const end = ["--exit-with-stdin", "--drain-timeout-ms", "0"];
		const child = spawn(
			SERVER,
			[
				...["--unix", this.#socketPath, "--engine", this.#engine],
				...[...size, ...limits, ...end],
			],
			{
				stdio: ["pipe", "pipe", "inherit"],
				detached: true, // out of reach of Ctrl-C: it has to answer while this process drains
			},
		);
		child.stdin.on("error", () => {});
		return child;
	}

	#createPool() {
		return new Pool("http://sidecar", {
			socketPath: this.#socketPath,
			connections: this.#connections,
			headersTimeout: ANSWER_TIMEOUT_MS,
			bodyTimeout: ANSWER_TIMEOUT_MS,
		});
	}
}
