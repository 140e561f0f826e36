import { spawn } from "node:child_process";
import { COMMAND, readEngines } from "../command.js";
import { RequestError } from "../errors.js";
import { Limiter } from "../limiter.js";

const ENV = { ...process.env }; // process.env itself asks the system for every name, at each spawn
const CHILD_TIMEOUT_MS = 10_000;
const CLIENT_EXIT_CODES = new Set([2, 3]);
const GROUP_SIGNALS = new Set(["SIGINT", "SIGTERM", "SIGHUP"]);

const children = new Set();
let librariesByEngine;
let limiter;

async function start({ maxConcurrency, maxQueue }) {
	limiter = new Limiter(maxConcurrency, maxQueue);
	librariesByEngine = await readEngines();
}

function spawnCommand({ ecl, width, margin, engine }) {
	const size = ["--width", `${width}`, "--margin", `${margin}`];
	const args = ["--ecl", ecl, ...size, "--engine", engine];
	const child = spawn(COMMAND, args, {
		env: ENV,
		detached: true, // out of reach of Ctrl-C, which must not cut short what is under way
		timeout: CHILD_TIMEOUT_MS,
		killSignal: "SIGKILL",
	});
	children.add(child);
	child.once("close", () => children.delete(child));
	return child;
}

/** A child is in our process group until it has left it: what the group is sent then must not cut short a request either. */
async function runChild(text, options) {
	try {
		return await runChildOnce(text, options);
	} catch (error) {
		if (!GROUP_SIGNALS.has(error.ending)) throw error;
		return runChildOnce(text, options);
	}
}

/** Settles when the child is gone, so that whoever counts running children counts right. */
async function runChildOnce(text, options) {
	const { signal } = options;
	signal.throwIfAborted();
	const child = spawnCommand(options);
	const kill = () => child.kill("SIGKILL");
	signal.addEventListener("abort", kill, { once: true });
	return collect(child, text).finally(() =>
		signal.removeEventListener("abort", kill),
	);
}

function collect(child, text) {
	return new Promise((resolve, reject) => {
		const png = [];
		let complaint = "";
		child.on("error", reject);
		child.once("close", (code, killer) => {
			if (code === 0) resolve(Buffer.concat(png));
			else reject(failure(code ?? killer, complaint));
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

function failure(ending, complaint) {
	const sentence = complaint.trim().replace(/^qrpng: /, "");
	if (CLIENT_EXIT_CODES.has(ending)) return new RequestError(sentence);
	const error = new Error(`qrpng ended with ${ending}: ${sentence}`);
	return Object.assign(error, { ending });
}

export default {
	id: "cli",
	title: "a qrpng process for each request, the text on its stdin",
	abortable: true,
	load: () => limiter.load(),
	start,
	engines: () => [...librariesByEngine.keys()],
	libraries: (engine) => librariesByEngine.get(engine),
	generate(text, options) {
		return limiter.run(() => runChild(text, options), options.signal);
	},
	stop() {
		for (const child of children) child.kill("SIGKILL");
	},
};
