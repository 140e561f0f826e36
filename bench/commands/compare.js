// npm run bench -- compare A B: whether what changed between two runs is more than chance, as a gate for CI if wanted.
import { Command } from "commander";
import { hasColours } from "../report/colours.js";
import {
	renderComparison,
	renderComparisonMarkdown,
} from "../report/compare.js";
import { compareRuns, judge } from "../results/compare.js";
import { readResults, writeWhole } from "../results/files.js";
import { parseThreshold } from "./parsers.js";
import { exitAfterPrinting } from "./printing.js";

export const exitCodes = { ok: 0, regression: 1, refused: 2 };

function createCommand() {
	return new Command("npm run bench -- compare")
		.description(
			"Compares run B with run A, row by row. A run is given as its directory or its results.json.",
		)
		.argument("[A]", "the run before")
		.argument("[B]", "the run after")
		.option(
			"--control <name>",
			"row or tier that all others are divided by (default: the first of js, constant and server-constant that both runs have)",
		)
		.option(
			"--force",
			"compare runs even if machines or settings differ, or other programs used over 30 % of the CPUs",
		)
		.option(
			"--fail-on-regression <percent>",
			"exit code 1 if a row got slower by more than this, even at the better end of its interval",
			parseThreshold,
		)
		.option("--markdown <file>", "write the comparison as Markdown, too")
		.option("--html <file>", "write the comparison as HTML, too")
		.option("--json <file>", "write the comparison as JSON, too")
		.option("--no-color", "no colours on a terminal")
		.addHelpText(
			"after",
			`
Exit code: 0 if there is no regression, or none was asked for; 1 for a
regression (a row that failed in run B is one); 2 for a wrong option, for runs
that are refused as unlike, and if there are too few rounds, or too much else
to do on the machine, to decide.

  npm run bench -- compare results/before results/after --fail-on-regression 10%`,
		)
		.helpOption("--help", "show this help")
		.allowExcessArguments(false)
		.exitOverride(({ exitCode }) => {
			exitAfterPrinting(exitCode && exitCodes.refused);
		});
}

function requireTwo(command) {
	const { length } = command.args;
	if (length < 2)
		command.error(
			`error: compare takes two runs, the one before and the one after; ${length ? `only ${command.args[0]} was given` : "none was given"}.`,
		);
}

/**
 * The exit code for what judge() said, if it was asked.
 * @type {(gate: Kit.Gate | null) => number}
 */
export function exitCodeFor(gate) {
	if (!gate) return exitCodes.ok;
	if (gate.isTooBusy) return exitCodes.refused;
	if (gate.regressions.length) return exitCodes.regression;
	return gate.undecided.length ? exitCodes.refused : exitCodes.ok;
}

/**
 * Prints a comparison, and writes it to the files that are named. Gives the exit code.
 * @type {(comparison: Kit.Comparison, options: Kit.CompareOptions) => Promise<number>}
 */
export async function showComparison(
	comparison,
	{ failOnRegression, force, ...files },
) {
	const gate =
		failOnRegression === undefined
			? null
			: judge(comparison, failOnRegression, { force });
	const colours = hasColours(process.stdout);
	process.stdout.write(renderComparison(comparison, gate, { colours }));
	if (files.markdown)
		writeWhole(files.markdown, renderComparisonMarkdown(comparison, gate));
	if (files.html) {
		// What draws the chart takes long to load.
		const { renderComparisonHtml } = await import(
			"../report/html/comparison.js"
		);
		writeWhole(files.html, await renderComparisonHtml(comparison, gate));
	}
	if (files.json)
		writeWhole(
			files.json,
			`${JSON.stringify({ ...comparison, gate }, null, "\t")}\n`,
		);
	return exitCodeFor(gate);
}

/**
 * Does what the arguments say and gives the exit code; ends the process if they are wrong.
 * @type {(args: string[]) => Promise<number>}
 */
export async function runCompare(args) {
	const command = createCommand().parse(args, { from: "user" });
	requireTwo(command);
	const options = command.opts();
	const [pathA, pathB] = command.args;
	try {
		const comparison = compareRuns(
			readResults(pathA),
			readResults(pathB),
			options,
		);
		return await showComparison(comparison, options);
	} catch (error) {
		process.stderr.write(`error: ${error.message}\n`);
		return exitCodes.refused;
	}
}
