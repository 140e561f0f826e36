// Runs contenders: samples in rotated rounds, instruction counts, the size of the smallest images.
import { text as readAll } from "node:stream/consumers";
import { startChild, stopChild } from "../hosts/child.js";
import {
	canRun,
	findEngines,
	sampleCommand,
	valgrind,
	zlibNine,
} from "./contenders.js";

/**
 * Runs a command to its end and gives what it printed.
 * @type {(whole: string[], signal: AbortSignal) => Promise<{ output: string, errors: string }>}
 */
export async function runToEnd([command, ...args], signal) {
	signal.throwIfAborted();
	const state = startChild(command, args);
	const stop = () => stopChild(state, 0);
	signal.addEventListener("abort", stop, { once: true });
	try {
		const { stdout, stderr } = state.child;
		const [output, errors] = await Promise.all([stdout, stderr].map(readAll));
		const how = await state.ended;
		signal.throwIfAborted();
		if (state.child.exitCode !== 0)
			throw new Error(`${command} ${args.join(" ")}: ${how}. ${errors.trim()}`);
		return { output, errors };
	} finally {
		signal.removeEventListener("abort", stop);
		await stop();
	}
}

async function sample({ command }, size, { textsFile, signal }) {
	const whole = sampleCommand(command, textsFile, size);
	const { output } = await runToEnd(whole, signal);
	return JSON.parse(output);
}

/**
 * Adds to `samples`: contender id → one sample of each round.
 * @type {(contenders: Kit.Contender[], samples: Record<string, Kit.CoreSample[]>, context: any) => Promise<void>}
 */
export async function measureRounds(contenders, samples, context) {
	const { kind, options, progress } = context;
	for (const { id } of contenders) samples[id] = [];
	const order = [...contenders];
	for (let round = 1; round <= options.rounds; round += 1) {
		const where = `${kind}, round ${round} of ${options.rounds}`;
		progress.milestone(where);
		for (const contender of order) {
			progress.begin("sample", `${where}: ${contender.id}`);
			const size = { timeMs: options.timeMs, passes: 1 };
			samples[contender.id].push(await sample(contender, size, context));
			progress.end();
		}
		// The next round begins with the next contender, so that drift hits all alike.
		order.push(...order.splice(0, 1));
	}
}

/**
 * Mean bytes of the same images as zlib's level 9 makes them.
 * @type {(context: any) => Promise<number>}
 */
export async function measureZlibNine(context) {
	const size = { timeMs: 0, passes: 0 };
	return (await sample(zlibNine, size, context)).pngBytes;
}

async function countInstructions({ command }, passes, { textsFile, signal }) {
	const whole = sampleCommand(command, textsFile, { timeMs: 0, passes });
	const { errors } = await runToEnd([...valgrind, ...whole], signal);
	return Number(/Collected : (\d+)/.exec(errors)?.[1]);
}

/**
 * Contender id → instructions per text; null for those whose vectors valgrind can't emulate. What a pass takes is what a second one adds to
 * the first.
 * @type {(contenders: Kit.Contender[], textCount: number, context: any) => Promise<Record<string, number | null>>}
 */
export async function countAllInstructions(contenders, textCount, context) {
	const { kind, progress } = context;
	const emulated = findEngines(valgrind);
	const counts = {};
	for (const contender of contenders.filter(({ isNative }) => isNative)) {
		progress.begin("count", `${kind}, instructions: ${contender.id}`);
		counts[contender.id] = null;
		if (canRun(contender.id, emulated)) {
			const once = await countInstructions(contender, 0, context);
			const twice = await countInstructions(contender, 1, context);
			counts[contender.id] = (twice - once) / textCount;
		}
		progress.end();
	}
	return counts;
}
