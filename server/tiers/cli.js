import { spawn } from "node:child_process";
import { RequestError } from "../errors.js";
import { Limiter } from "../limiter.js";
import { Deadlines } from "../timeouts.js";
import { COMMAND, readEngines } from "./parts/command.js";
import { LostError, retryLost } from "./parts/retry.js";

/** @typedef {import("node:child_process").ChildProcessWithoutNullStreams} Child */

const ENV = { ...process.env }; // process.env itself asks the system for every name, at each spawn
/** @type {Set<number | string>} */
const CLIENT_EXIT_CODES = new Set([2, 3]);

/** @type {Set<Child>} */
const children = new Set();
/** @type {Map<string, string>} */
let librariesByEngine;
/** @type {Limiter} */
let limiter;
/** @type {Deadlines<Child>} */
let deadlines;

/** @type {(settings: Server.TierSettings) => Promise<void>} */
async function start(settings) {
	const { maxConcurrency, answerTimeoutMs } = settings;
	deadlines = new Deadlines(answerTimeoutMs, (child) => child.kill("SIGKILL"));
	limiter = new Limiter(maxConcurrency, settings);
	librariesByEngine = await readEngines();
}

/** @type {(options: Required<Server.EncodeOptions>) => Child} */
function spawnCommand({ ecl, width, margin, engine }) {
	const size = ["--width", `${width}`, "--margin", `${margin}`];
	const args = ["--ecl", ecl, ...size, "--engine", engine];
	const child = spawn(COMMAND, args, {
		env: ENV,
		detached: true, // out of reach of Ctrl-C, which must not cut short what is under way
	});
	children.add(child);
	deadlines.add(child);
	child.once("close", () => {
		children.delete(child);
		deadlines.delete(child);
	});
	return child;
}

/**
 * Settles when the child is gone, so that whoever counts running children counts right.
 * @type {(text: Server.Text, options: Required<Server.EncodeOptions>) => Promise<Buffer>}
 */
async function runChild(text, options) {
	const { signal } = options;
	signal.throwIfAborted();
	const child = spawnCommand(options);
	const kill = () => child.kill("SIGKILL");
	signal.addEventListener("abort", kill, { once: true });
	return collect(child, text).finally(() =>
		signal.removeEventListener("abort", kill),
	);
}

/** @type {(child: Child, text: Server.Text) => Promise<Buffer>} */
function collect(child, text) {
	return new Promise((resolve, reject) => {
		const png = [];
		let complaint = "";
		child.on("error", reject);
		child.once("close", (code, killer) => {
			if (code === 0) resolve(Buffer.concat(png));
			else reject(failure(code ?? `${killer}`, complaint));
		});
		if (child.pid === undefined) return; // not even started: "error" follows
		child.stdout.on("data", (chunk) => png.push(chunk));
		child.stderr.setEncoding("utf8").on("data", (chunk) => {
			complaint += chunk;
		});
		child.stdin.on("error", () => {}); // a child that is gone reads no text: its exit code says more
		child.stdin.end(text);
	});
}

/** @type {(ending: number | string, complaint: string) => Error} */
function failure(ending, complaint) {
	const sentence = complaint.trim().replace(/^qrpng: /, "");
	if (CLIENT_EXIT_CODES.has(ending)) return new RequestError(sentence);
	const isKilled = typeof ending === "string";
	const ErrorClass = isKilled ? LostError : Error;
	return new ErrorClass(`qrpng ended with ${ending}: ${sentence}`);
}

/** @type {Server.AbortableTier} */
export default {
	id: "cli",
	title: "a qrpng process for each request, the text on its stdin",
	abortable: true,
	queueAgeMs: () => limiter.ageMs(),
	stats: () => limiter.stats(),
	start,
	engines: () => [...librariesByEngine.keys()],
	libraries: (engine) => librariesByEngine.get(engine),
	generate(text, options) {
		const { signal } = options;
		const run = () => retryLost(() => runChild(text, options), signal);
		return limiter.run(run, signal);
	},
	stop() {
		for (const child of children) child.kill("SIGKILL");
	},
};
