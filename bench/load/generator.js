// A run of a load generator, whichever it is.
import { createInterface } from "node:readline";
import { startChild, stopChild } from "../hosts/child.js";
import { cpuSeconds } from "../hosts/process-tree.js";

// What a generator may take beyond its duration: connecting before, waiting for late answers and summing up after.
const extraMs = 60_000;

/**
 * Runs a command that puts load on a server and prints lines. `isLoadEnd(line)` tells the one that it prints when the load ends; then
 * `onLoadEnd` is called and its own CPU time read. `interrupt`: { after(line) tells the line after which it gets SIGINT, seconds later }.
 * Fulfils with all lines, its
 * CPU time, and how it ended with what it said on stderr.
 * @type {(generator: Kit.Generator, options: Kit.GeneratorOptions) => Promise<{ lines: string[], ownCpuSeconds: number, how: string }>}
 */
export async function runGenerator(
	{ command, args, isLoadEnd, durationSeconds, interrupt },
	{ cpus, signal, onLoadEnd },
) {
	signal?.throwIfAborted();
	const state = startChild(command, args, { cpus });
	const stop = () => stopChild(state, 0);
	const timers = [setTimeout(stop, durationSeconds * 1000 + extraMs)];
	const interruptLater = (seconds) => {
		const end = () => state.child.kill("SIGINT");
		timers.push(setTimeout(end, seconds * 1000));
	};
	signal?.addEventListener("abort", stop, { once: true });
	try {
		let errors = "";
		state.child.stderr.on("data", (chunk) => {
			errors += chunk;
		});
		const lines = [];
		let ownCpuSeconds = 0;
		for await (const line of createInterface({ input: state.child.stdout })) {
			lines.push(line);
			if (interrupt?.after(line)) interruptLater(interrupt.seconds);
			if (isLoadEnd(line)) {
				ownCpuSeconds = cpuSeconds(state.pid);
				onLoadEnd?.();
			}
		}
		const how = await state.ended;
		signal?.throwIfAborted();
		return { lines, ownCpuSeconds, how: `${how} ${errors.trim()}`.trim() };
	} finally {
		for (const timer of timers) clearTimeout(timer);
		signal?.removeEventListener("abort", stop);
		await stop();
	}
}
