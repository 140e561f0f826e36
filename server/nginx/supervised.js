import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { nextBackoffMs } from "../backoff.js";
import { childEnvironment } from "../child-environment.js";
import { StartError } from "../errors.js";
import { Deadlines } from "../timeouts.js";

const PROBE_EVERY_MS = 1000;
const PROBE_TIMEOUT_MS = 5000;

/** Debian's nginx is where not every user's PATH leads to. */
export const environment = {
	...childEnvironment(),
	PATH: `${process.env.PATH}:/usr/sbin`,
};

/**
 * What is to be run. findCommand() returns [program, ...arguments], for each start anew. probe(), if it is given, returns a promise
 * that is settled as long as the program is alive, whether it answers or isn't there.
 * @typedef {{
 *   name: string, stopSignal: NodeJS.Signals, findCommand: () => string[], probe?: () => Promise<void>,
 * }} Program
 */

/** A program that is started again when it ends before it is told to, or hangs. It does not outlive this process. */
export class Supervised {
	#name;
	#stopSignal;
	#findCommand;
	#probe;
	#child;
	#ended;
	#isRunning = false;
	#isStopping = false;

	/** @param {Program} program */
	constructor({ name, stopSignal, findCommand, probe }) {
		this.#name = name;
		this.#stopSignal = stopSignal;
		this.#findCommand = findCommand;
		this.#probe = probe;
	}

	/**
	 * Resolves to what untilReady(stdout) does. Rejects with a StartError if the program ends before that: without a message
	 * if it has had the time to say why on stderr.
	 * @type {<Result>(untilReady: (stdout: import("node:stream").Readable) => Promise<Result>) => Promise<Result>}
	 */
	async start(untilReady) {
		this.#spawn();
		const tooEarly = this.#ended.then(({ code, reason }) => {
			if (typeof code !== "number")
				throw new StartError(`${this.#name} can't start: ${reason}.`);
			throw new StartError("", code);
		});
		const ready = untilReady(this.#child.stdout);
		const result = await Promise.race([ready, tooEarly]);
		tooEarly.catch(() => {});
		this.#keepRunning();
		if (this.#probe) this.#keepWatch();
		return result;
	}

	/**
	 * Resolves when it has ended.
	 * @type {() => Promise<void>}
	 */
	async stop() {
		this.#isStopping = true;
		this.#child?.kill(this.#stopSignal);
		await this.#ended;
	}

	/**
	 * Ends it and all that it has started, at once.
	 * @type {() => void}
	 */
	kill() {
		this.#isStopping = true;
		if (this.#isRunning) killGroup(this.#child.pid);
	}

	async #keepRunning() {
		for (let delayMs = 0; ; ) {
			const { reason, livedMs } = await this.#ended;
			if (this.#isStopping) return;
			process.stderr.write(
				`${this.#name} ended (${reason}): starting another.\n`,
			);
			delayMs = nextBackoffMs(delayMs, livedMs);
			await sleep(delayMs);
			if (this.#isStopping) return;
			this.#spawn();
			this.#child.stdout.resume();
		}
	}

	async #keepWatch() {
		const deadlines = new Deadlines(PROBE_TIMEOUT_MS, (child) => {
			process.stderr.write(
				`${this.#name} gave no sign of life within ${PROBE_TIMEOUT_MS} ms.\n`,
			);
			child.kill("SIGKILL");
		});
		while (!this.#isStopping) {
			const child = this.#child;
			deadlines.add(child);
			await this.#probe().catch(() => {});
			deadlines.delete(child);
			await sleep(PROBE_EVERY_MS);
		}
	}

	#spawn() {
		const bornMs = performance.now();
		const wrapper = ["--pdeathsig", "TERM"]; // the kernel sends it when this process has gone
		const child = spawn("setpriv", [...wrapper, ...this.#findCommand()], {
			env: environment,
			stdio: ["ignore", "pipe", "inherit"],
			detached: true, // out of reach of Ctrl-C: each is told to end in its turn
		});
		this.#child = child;
		this.#isRunning = child.pid !== undefined;
		this.#ended = new Promise((resolve) => {
			child.once("error", (/** @type {NodeJS.ErrnoException} */ error) =>
				resolve({ reason: error.code }),
			);
			child.once("exit", (code, signal) => {
				this.#isRunning = false;
				// Workers that are left of nginx would keep its port.
				if (child.pid !== undefined) killGroup(child.pid);
				resolve({ reason: signal ?? `exit code ${code}`, code });
			});
		}).then((end) => ({ ...end, livedMs: performance.now() - bornMs }));
	}
}

/**
 * Ends whatever is left of a process group.
 * @type {(pid: number) => void}
 */
function killGroup(pid) {
	try {
		process.kill(-pid, "SIGKILL");
	} catch (error) {
		if (error.code !== "ESRCH") throw error;
	}
}
