// The figures that README.md and docs/ show: runs of the kit, kept in docs/figures/ without what no text there uses.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { completeResults, readForReport } from "../report/read.js";
import { writeWhole } from "../results/files.js";

export const root = join(import.meta.dirname, "../..");
const pathOf = (name) => join(root, "docs/figures", `${name}.json`);

/** The bulk of results.json: what single rounds and requests took. */
const left = { samples: [], percentiles: [], histogram: [], openLoop: [] };

/**
 * Keeps the results of a run as docs/figures/NAME.json. Throws a sentence if the run was cut short.
 * @type {(name: string, directoryOrFile: string) => void}
 */
export function keepFigures(name, directoryOrFile) {
	const { absent, ...results } = readForReport(directoryOrFile);
	if (!results.isComplete)
		throw new Error(`${directoryOrFile} is a run that was ended early.`);
	const rows = results.rows.map((row) => ({ ...row, ...left }));
	writeWhole(
		pathOf(name),
		`${JSON.stringify({ ...results, rows }, null, "\t")}\n`,
	);
}

/**
 * A run of the kit.
 * @type {(name: string) => Kit.Summary}
 */
export const readFigures = (name) => completeResults(readJson(name));

/** @type {(name: string) => any} */
export const readJson = (name) =>
	JSON.parse(readFileSync(pathOf(name), "utf8"));
