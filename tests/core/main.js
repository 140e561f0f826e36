// A million random symbols, or as many as are asked for: npm run symbols -- [--first N] [--count N]
import { spawn } from "node:child_process";
import { once } from "node:events";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { build } from "../../scripts/build.js";
import { buildWasm } from "../../scripts/build-wasm.js";

const coreTest = path.join(
	import.meta.dirname,
	"../../build/Release/core_test",
);
const symbolsPerPart = 20_000;

function wholeNumber(digits) {
	if (/^\d{1,9}$/.test(digits)) return Number(digits);
	throw new InvalidArgumentError("Give a whole number of at most nine digits.");
}

async function checkPart({ first, count }, signal) {
	const args = ["--random-symbols", `${first}`, `${count}`];
	const child = spawn(coreTest, args, { signal });
	const [stdout, stderr, [status]] = await Promise.all([
		text(child.stdout),
		text(child.stderr),
		once(child, "close"),
	]);
	if (status !== 0) throw new Error(`${stdout}${stderr}`);
	console.log(`symbols ${first} to ${first + count - 1}:`);
	for (const [line] of stdout.matchAll(/^\d+ random symbols .*$/gm))
		console.log(`  ${line}`);
}

/** One worker for each core takes part after part; at the first fault all stop. */
async function checkAll(parts, stop) {
	const waiting = [...parts];
	const undone = new Set(parts);
	const work = async () => {
		for (let part = waiting.shift(); part; part = waiting.shift()) {
			await checkPart(part, stop.signal);
			undone.delete(part);
		}
	};
	const workers = Array.from({ length: os.availableParallelism() }, work);
	try {
		await Promise.all(workers);
	} catch (error) {
		const wasStopped = stop.signal.aborted;
		waiting.length = 0;
		stop.abort();
		await Promise.allSettled(workers);
		const [next] = undone;
		throw wasStopped
			? new Error(`Go on from there with --first ${next.first}`)
			: error;
	}
}

async function checkWasm(parts, { signal }) {
	// Not before: only now is there an addon to load.
	const addon = await import("../../lib/index.js");
	const { load } = await import("../../lib/wasm-node.js");
	const { compareWithAddon } = await import("../wasm/same-as-addon.js");
	const wasm = await load();
	let drawn = 0;
	let count = 0;
	for (const part of parts) {
		drawn += compareWithAddon(addon, wasm, part);
		count += part.count;
		await setImmediate(); // lets a signal through
		signal.throwIfAborted();
	}
	console.log(
		`${count} random calls of the WebAssembly module gave what the addon gives: ${drawn} images, and the same refusals.`,
	);
}

const { first, count } = new Command("npm run symbols --")
	.description(
		"Compares random symbols with libqrencode's on every set of instructions, what is drawn of them in every format with the symbol, the standard's mask with a plain scoring, and the WebAssembly module with the addon. A million take half an hour on two idle cores.",
	)
	.option("--first <n>", "number of the first symbol", wholeNumber, 0)
	.option("--count <n>", "how many symbols", wholeNumber, 1_000_000)
	.allowExcessArguments(false)
	.exitOverride(({ exitCode }) => process.exit(exitCode && 2))
	.parse()
	.opts();
const stop = new AbortController();
let isInterrupted = false;
for (const name of ["SIGINT", "SIGTERM"])
	process.once(name, () => {
		isInterrupted = true;
		stop.abort();
	});
const parts = [];
for (let begin = first; begin < first + count; begin += symbolsPerPart)
	parts.push({
		first: begin,
		count: Math.min(symbolsPerPart, first + count - begin),
	});
try {
	build({ targets: ["addon", "core_test"], quiet: true });
	buildWasm({ quiet: true });
	await checkAll(parts, stop);
	await checkWasm(parts, stop);
} catch (error) {
	console.error(error.message);
	process.exitCode = isInterrupted ? 130 : 1;
}
