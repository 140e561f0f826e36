// Runs one fuzz target (libFuzzer, address and undefined-behaviour sanitizers) on its seeds.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { writeDictionary, writeSeeds } from "./seeds.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What libFuzzer is always told, but for files; long inputs from the start. */
export const flags = { max_len: 1_024, len_control: 0, timeout: 60 };

/**
 * @param {string} target
 * @param {string} folder gets the seeds, the inputs that reach something new (kept and used again), and those that fail
 * @param {string[]} args for libFuzzer, beside those that are always given
 * @param {import("node:child_process").SpawnSyncOptions} options
 */
export function runFuzzer(target, folder, args, options) {
	const corpus = path.join(folder, "corpus");
	const seeds = path.join(folder, "seeds");
	mkdirSync(corpus, { recursive: true });
	const dictionary = path.join(folder, "words.dict");
	writeSeeds(target, seeds);
	const hasWords = writeDictionary(target, dictionary);
	return spawnSync(
		path.join(root, "build/Fuzz", target),
		[
			...Object.entries(flags).map(([name, value]) => `-${name}=${value}`),
			...(hasWords ? [`-dict=${dictionary}`] : []),
			`-artifact_prefix=${folder}/`,
			...args,
			corpus,
			seeds,
		],
		options,
	);
}
