// npm run bench -- chart DIRECTORY: the charts of a run as pictures.
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { Command } from "commander";
import { readForReport } from "../report/read.js";
import { exitAfterPrinting } from "./printing.js";

const exitCodes = { ok: 0, badOption: 2 };

function createCommand() {
	return new Command("npm run bench -- chart")
		.description(
			"Writes every chart of a run's report as ID.svg, ID-dark.svg and ID.png into the folder charts beside its results.json.",
		)
		.argument("<directory>", "the directory of a run, or its results.json")
		.helpOption("--help", "show this help")
		.allowExcessArguments(false)
		.exitOverride(({ exitCode }) => {
			exitAfterPrinting(exitCode && exitCodes.badOption);
		});
}

/**
 * Does what the arguments say and gives the exit code; ends the process if they are wrong.
 * @type {(args: string[]) => Promise<number>}
 */
export async function runChart(args) {
	const [path] = createCommand().parse(args, { from: "user" }).args;
	let results;
	try {
		results = readForReport(path);
	} catch (error) {
		process.stderr.write(`error: ${error.message}\n`);
		return exitCodes.badOption;
	}
	// What draws takes long to load.
	const { writePictures } = await import("../report/pictures.js");
	const directory = statSync(path).isDirectory() ? path : dirname(path);
	const { paths, missing } = await writePictures(results, directory);
	for (const written of paths) process.stdout.write(`${written}\n`);
	for (const chart of missing)
		process.stderr.write(`No chart "${chart.title}": ${chart.missing}\n`);
	return exitCodes.ok;
}
