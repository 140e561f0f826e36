// Starts commands in process groups of their own and sees to it that none of them outlives the kit.
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { descendants, isRunning } from "./process-tree.js";

const groups = new Set();

process.on("exit", () => {
	for (const pid of groups) killAll(pid);
});

function kill(pid) {
	try {
		process.kill(pid, "SIGKILL");
	} catch (error) {
		if (error.code !== "ESRCH") throw error;
	}
}

/** Ends a process group, and of its leader's descendants, now or earlier, those that have moved to groups of their own. */
function killAll(leader, earlier = []) {
	const others = [...descendants(leader), ...earlier].filter(isRunning);
	kill(-leader);
	for (const { pid } of others) kill(pid);
}

/** What to put before a command: it dies with the kit, even if that is killed, and runs on these CPUs only. */
function wrappers(cpus) {
	const pinned = cpus ? ["taskset", "--cpu-list", cpus.join(",")] : [];
	return ["setpriv", "--pdeathsig", "KILL", ...pinned];
}

/**
 * Starts a command. `ended` fulfils with a sentence on how it ended, once it has. Both wrappers replace themselves by the
 * command, so `pid` is the command's own.
 * @type {(command: string, args: string[], options?: { env?: Record<string, string>, cpus?: number[], cwd?: string }) => Kit.Child}
 */
export function startChild(command, args, { env, cpus, cwd } = {}) {
	const [wrapper, ...rest] = [...wrappers(cpus), command, ...args];
	const child = spawn(wrapper, rest, {
		cwd,
		env: { ...process.env, ...env },
		detached: true,
		stdio: ["ignore", "pipe", "pipe"],
	});
	if (child.pid) groups.add(child.pid);
	/** @type {any} */
	const state = { child, pid: child.pid, hasEnded: false };
	state.ended = new Promise((resolve) => {
		const end = (sentence) => {
			state.hasEnded = true;
			resolve(sentence);
		};
		child.once("error", (error) => end(`it could not start: ${error.message}`));
		child.once("exit", (code, name) =>
			end(name ? `it was ended by ${name}` : `it ended with exit code ${code}`),
		);
	});
	return state;
}

/**
 * SIGTERM for the command, SIGKILL for whatever of its group or descendants is left when it has ended or the time is up.
 * @type {(state: Kit.Child, graceMs?: number) => Promise<void>}
 */
export async function stopChild(state, graceMs = 3000) {
	if (!groups.has(state.pid)) return;
	const others = descendants(state.pid);
	if (!state.hasEnded) {
		state.child.kill("SIGTERM");
		const timer = new AbortController();
		await Promise.race([
			state.ended,
			sleep(graceMs, null, { signal: timer.signal }).catch(() => {}),
		]);
		timer.abort();
	}
	killAll(state.pid, others);
	await state.ended;
	groups.delete(state.pid);
}
