// Writes the seeds of all fuzzers of C: node write-seeds.js FOLDER. In FOLDER/TARGET/ the seeds, beside it TARGET.dict and TARGET.options.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { flags } from "./run.js";
import { targets, writeDictionary, writeSeeds } from "./seeds.js";

const [folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const target of Object.keys(targets)) {
	writeSeeds(target, path.join(folder, target));
	writeDictionary(target, path.join(folder, `${target}.dict`));
	const lines = Object.entries(flags).map(
		([name, value]) => `${name} = ${value}\n`,
	);
	writeFileSync(
		path.join(folder, `${target}.options`),
		`[libfuzzer]\n${lines.join("")}`,
	);
}
