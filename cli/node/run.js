// What the command does: the same as qrpng, to the byte.
import { isatty } from "node:tty";
import options from "../../lib/options.cjs";
import { formatHelp } from "../help.js";
import { parseArguments } from "./arguments.js";
import { runBatch } from "./batch.js";
import { Codes, describeVersions } from "./codes.js";
import { COMMAND, Complaint, exitCodes } from "./complaint.js";
import { readText } from "./input.js";
import { writeToPath, writeToStandardOutput } from "./output.js";
import { columnsOfModule, isTextFormat } from "./values.js";

const { FORMATS } = options;

/** @typedef {import("./arguments.js").Settings} Settings */

/**
 * Rows that are wrapped would spoil the code.
 * @type {(codes: Codes, settings: Settings, text: Uint8Array) => void}
 */
function checkColumns(codes, { format, margin }, text) {
	const { columns: available } = process.stdout;
	if (!available) return;
	const modules = codes.sideOf(text) + 2 * Math.trunc(margin);
	const columns = columnsOfModule(format) * modules;
	if (columns > available)
		throw new Complaint(
			exitCodes.text,
			`The code is ${columns} columns wide, the terminal ${available}: make it wider, or give -o FILE.`,
		);
}

/** @type {(codes: Codes, settings: Settings) => Promise<void>} */
async function makeOne(codes, settings) {
	const { format, outputPath } = settings;
	const isForTerminal = outputPath === undefined && isatty(1);
	if (isForTerminal && format === FORMATS.png)
		throw new Complaint(
			exitCodes.usage,
			"A PNG is not for a terminal: give -o FILE or redirect standard output.",
		);
	const text = readText(settings);
	if (isForTerminal && isTextFormat(format))
		checkColumns(codes, settings, text);
	const bytes = codes.make(text);
	if (outputPath === undefined) writeToStandardOutput(bytes);
	else await writeToPath(outputPath, bytes);
}

/**
 * Returns the exit code. Throws a Complaint.
 * @type {(args: string[]) => Promise<number>}
 */
export async function run(args) {
	const settings = parseArguments(args);
	if (settings === "help") writeToStandardOutput(formatHelp(COMMAND, false));
	else if (settings === "version")
		writeToStandardOutput(`${COMMAND} ${describeVersions()}`);
	else {
		const codes = new Codes(settings);
		codes.check();
		if (settings.batchPath !== undefined) return runBatch(settings);
		await makeOne(codes, settings);
	}
	return exitCodes.ok;
}
