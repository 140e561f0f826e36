// This tree's engine fast against that of another commit: core_against encodes with both builds in one process.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createProgress } from "../commands/progress.js";
import { buildCommit } from "../subjects/commit.js";
import { loadCorpus } from "./corpora.js";
import { runToEnd } from "./measure.js";

const here = fileURLToPath(new URL("../..", import.meta.url));
const coreAgainst = path.join(here, "build/Release/core_against");
const libraryIn = (root) => path.join(root, "build/Release/libqrpng.so");

/**
 * Builds the commit that `ref` names, as far as it is needed.
 * @type {(ref: string, signal: AbortSignal) => Promise<Kit.Tree>}
 */
export function buildOther(ref, signal) {
	const onStep = (text) => process.stderr.write(`${text}\n`);
	const what = { builds: ["release"], targets: ["shared"] };
	return buildCommit(ref, { ...what, signal, onStep });
}

/**
 * Adds to `corpora`.
 * @type {(other: Kit.Tree, corpora: Kit.PairedCorpora, save: () => void, context: any) => Promise<void>}
 */
export async function measureAgainst(other, corpora, save, context) {
	const { options, folder, signal } = context;
	const engines = options.contenders;
	const progress = createProgress(process.stderr, { comparison: 1 });
	progress.expect("comparison", options.text.length * engines.length);
	try {
		for (const name of options.text) {
			const textsFile = path.join(folder, name);
			const texts = loadCorpus(name).map((text) => `${text}\0`);
			writeFileSync(textsFile, texts.join(""));
			const samples = {};
			for (const engine of engines) {
				progress.begin("comparison", `${name}: ${engine}`);
				const libraries = [here, other.root].map(libraryIn);
				const args = [...libraries, engine, textsFile, `${options.rounds}`];
				const { output } = await runToEnd([coreAgainst, ...args], signal);
				samples[engine] = JSON.parse(output);
				progress.end();
			}
			corpora[name] = samples;
			save();
		}
	} finally {
		progress.close();
	}
}

/**
 * One sentence: whether both builds give the same images.
 * @type {(corpora: Kit.PairedCorpora) => string}
 */
export function describeDifferences(corpora) {
	const differing = Object.entries(corpora).flatMap(([name, samples]) =>
		Object.entries(samples)
			.filter(([, sample]) => sample.differing > 0)
			.map(([engine, sample]) => `${sample.differing} of ${name} (${engine})`),
	);
	return differing.length === 0
		? "All images are the same in both builds."
		: `Images that differ: ${differing.join(", ")}.`;
}
