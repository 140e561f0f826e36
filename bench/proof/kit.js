// The kit as a program.
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChild, stopChild } from "../hosts/child.js";

const here = fileURLToPath(new URL("../..", import.meta.url));
const graceMs = 15_000;
const keptCharacters = 500;

/**
 * Runs it to its end, with what it says in log.txt of that directory. `root`: the tree whose kit it is. Rejects with the last that it said if it
 * fails.
 * @type {(args: string[], options: { directory: string, root?: string, signal: AbortSignal }) => Promise<void>}
 */
export async function runKit(args, { directory, root = here, signal }) {
	const log = join(directory, "log.txt");
	const kit = startChild(process.execPath, ["bench/main.js", ...args], {
		cwd: root,
	});
	let said = "";
	for (const stream of [kit.child.stdout, kit.child.stderr])
		stream.setEncoding("utf8").on("data", (text) => {
			appendFileSync(log, text);
			said = (said + text).slice(-keptCharacters);
		});
	const stop = () => stopChild(kit, graceMs);
	signal.addEventListener("abort", stop, { once: true });
	try {
		await kit.ended;
		signal.throwIfAborted();
		if (kit.child.exitCode !== 0)
			throw new Error(`a run failed (see ${log}): ${said.trim()}`);
	} finally {
		signal.removeEventListener("abort", stop);
		await stop();
	}
}
