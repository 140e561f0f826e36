import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { StartError } from "../errors.js";
import { checkSocketPath } from "../socket-path.js";
import { SERVER } from "../tiers/parts/command.js";
import { writeConfig } from "./nginx-config.js";
import { findPort, untilAccepting } from "./ports.js";
import { environment, Supervised } from "./supervised.js";

/** @typedef {import("node:stream").Readable} Readable */
/** @typedef {import("./supervised.js").Program} Program */

/**
 * The command line of run-nginx.js.
 * @typedef {{
 *   port: string, threads: string, engine?: string, "max-width"?: string, "cache-control"?: string, "request-timeout-ms": string,
 *   "drain-timeout-ms": string, help?: boolean,
 * }} SiteFlags
 */

export const BIND = "127.0.0.1";
const SETTLE_MS = 200;

/**
 * The flags that both servers know; each judges the values itself.
 * @type {(flags: SiteFlags) => string[]}
 */
function commonFlags({ port, threads, help, ...common }) {
	return Object.entries(common).flatMap(([name, value]) => [
		`--${name}`,
		value,
	]);
}

/**
 * Resolves to "nginx 1.22.1" or the like; rejects with a StartError if it can't be run.
 * @type {() => Promise<string>}
 */
async function nginxVersion() {
	try {
		const { stderr } = await promisify(execFile)("nginx", ["-v"], {
			env: environment,
		});
		return stderr.trim().replace(/^nginx version: nginx\//, "nginx ");
	} catch ({ code }) {
		throw new StartError(
			`nginx can't be run (${code}): on Debian it is in the package nginx.`,
		);
	}
}

/**
 * What the group of a pattern holds in a line of a program of ours.
 * @type {(pattern: RegExp, line: string) => string}
 */
function capture(pattern, line) {
	const match = pattern.exec(line);
	if (match === null) throw new StartError(`Not understood: ${line}`);
	return match[1];
}

/**
 * Resolves to the first line of a stream.
 * @type {(stdout: Readable) => Promise<string>}
 */
async function firstLine(stdout) {
	const [line] = await once(createInterface({ input: stdout }), "line");
	return line;
}

/**
 * Resolves when a server has answered that it is alive.
 * @type {(address: { socketPath: string } | { host: string, port: number }) => Promise<void>}
 */
async function probe(address) {
	const request = get({ ...address, path: "/healthz", agent: false });
	request.on("error", () => {}); // one that comes after the answer's head is no news
	const [response] = await once(request, "response");
	response.resume();
	await once(response, "close");
}

/** The two servers and nginx, in a folder that is gone with them. */
export class Site {
	#flags;
	#directory = mkdtempSync(path.join(tmpdir(), "qrpng-nginx-"));
	/** In the order of their starts. @type {Supervised[]} */
	#programs = [];

	/** @param {SiteFlags} flags */
	constructor(flags) {
		this.#flags = flags;
	}

	/**
	 * Resolves to { port, details } when all of them serve; rejects with a StartError.
	 * @type {() => Promise<{ port: number, details: string }>}
	 */
	async start() {
		const version = await nginxVersion();
		const port = await findPort(BIND, Number(this.#flags.port));
		const socket = path.join(this.#directory, "qrpng.sock");
		checkSocketPath(socket);
		const details = await this.#startServer(socket);
		const expressPort = await this.#startExpress();
		await this.#startNginx({ port, socket, expressPort });
		return { port, details: `${details}, ${version}` };
	}

	/**
	 * nginx first, so that each answer that it still waits for comes.
	 * @type {() => Promise<void>}
	 */
	async drain() {
		// nginx closes its listener with whatever waits on it: first let it accept that.
		await sleep(SETTLE_MS);
		for (const program of this.#programs.toReversed()) await program.stop();
	}

	/** @type {() => void} */
	kill() {
		for (const program of this.#programs) program.kill();
		rmSync(this.#directory, { recursive: true, force: true });
	}

	async #startServer(socket) {
		const { threads } = this.#flags;
		const place = ["--unix", socket, "--threads", threads];
		const command = [SERVER, ...place, ...commonFlags(this.#flags)];
		const line = await this.#run({
			name: "qrpng-server",
			stopSignal: "SIGTERM",
			findCommand: () => command,
			probe: () => probe({ socketPath: socket }),
			untilReady: firstLine,
		});
		return capture(/\((.*)\)$/, line);
	}

	async #startExpress() {
		let port = 0; // and from the second start on, the one that it got then
		const app = path.join(import.meta.dirname, "../app.js");
		const command = [process.execPath, app, "--tier", "addon"];
		const line = await this.#run({
			name: "server/app.js",
			stopSignal: "SIGTERM",
			findCommand: () => [
				...command,
				"--port",
				`${port}`,
				...commonFlags(this.#flags),
			],
			probe: () => probe({ host: BIND, port }),
			untilReady: firstLine,
		});
		port = Number(capture(/:(\d+)\//, line));
		return port;
	}

	async #startNginx(addresses) {
		const main = writeConfig(this.#directory, {
			...addresses,
			bind: BIND,
			threads: this.#flags.threads,
			requestTimeoutMs: this.#flags["request-timeout-ms"],
			drainTimeoutMs: this.#flags["drain-timeout-ms"],
		});
		const place = ["-p", this.#directory, "-c", main];
		await this.#run({
			name: "nginx",
			stopSignal: "SIGQUIT", // with SIGTERM it would drop what is under way
			findCommand: () => ["nginx", "-e", "stderr", ...place],
			untilReady: () => untilAccepting(BIND, addresses.port),
		});
	}

	/**
	 * @template Result
	 * @param {Program & { untilReady: (stdout: Readable) => Promise<Result> }} program
	 * @returns {Promise<Result>}
	 */
	#run({ untilReady, ...description }) {
		const program = new Supervised(description);
		this.#programs.push(program);
		return program.start(untilReady);
	}
}
