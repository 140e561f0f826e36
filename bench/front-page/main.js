// Writes the figures of README.md and docs/tiers.md, and the front page's chart: npm run front-page -- --help
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { writeWhole } from "../results/files.js";
import {
	allTable,
	answer,
	nodesTable,
	provenance,
	stepsTable,
} from "./blocks.js";
import { callsProvenance, callsTable, librariesTable } from "./calls.js";
import { drawSteps } from "./chart.js";
import { keepFigures, readFigures, readJson, root } from "./figures.js";
import { fillPage } from "./pages.js";
import { runtimesTable } from "./runtimes.js";

/**
 * The files that hold figures, and what must be in them.
 * @returns {Promise<Map<string, string>>}
 */
async function makeFiles() {
	const [tiers, nodes] = [readFigures("tiers"), readFigures("nodes")];
	const calls = readJson("calls");
	/** @type {(path: string, blocks: Record<string, string>) => [string, string]} */
	const page = (path, blocks) => [
		path,
		fillPage(readFileSync(join(root, path), "utf8"), blocks),
	];
	const { light, dark } = await drawSteps(tiers);
	return new Map([
		page("README.md", {
			calls: callsTable(calls),
			"calls, measured on": callsProvenance(calls),
			libraries: librariesTable(calls),
			answer: answer(tiers, nodes),
			steps: stepsTable(tiers),
			"measured on": provenance(tiers),
		}),
		page("docs/installing.md", {
			runtimes: runtimesTable(readJson("runtimes")),
		}),
		page("docs/tiers.md", {
			"all tiers": allTable(tiers),
			"all tiers, measured on": provenance(tiers),
			"Node versions": nodesTable(nodes),
			"Node versions, measured on": provenance(nodes),
		}),
		["docs/pictures/steps.svg", light],
		["docs/pictures/steps-dark.svg", dark],
	]);
}

function isCurrent(path, text) {
	try {
		return readFileSync(join(root, path), "utf8") === text;
	} catch {
		return false;
	}
}

const { tiers, nodes, check } = new Command("npm run front-page --")
	.description(
		"Writes the figures of README.md and docs/tiers.md, and the chart, from docs/figures/.",
	)
	.option("--tiers <run>", "first keep that run of --tiers all as figures")
	.option("--nodes <run>", "first keep that run of --node A,B,… as figures")
	.option("--check", "write nothing; exit code 1 if a file isn't current")
	.helpOption("--help", "show this help")
	.allowExcessArguments(false)
	.parse()
	.opts();

try {
	if (tiers) keepFigures("tiers", tiers);
	if (nodes) keepFigures("nodes", nodes);
	const files = await makeFiles();
	const stale = [...files].filter(([path, text]) => !isCurrent(path, text));
	for (const [path, text] of stale) {
		if (!check) writeWhole(join(root, path), text);
		process.stdout.write(`${path}${check ? " is not current" : ""}\n`);
	}
	process.exitCode = check && stale.length > 0 ? 1 : 0;
} catch (error) {
	process.stderr.write(`error: ${error.message}\n`);
	process.exitCode = 2;
}
