// npm run bench -- report DIRECTORY, and the reports at the end of a run: report.md, report.html and what is printed.
import { join } from "node:path";
import { hasColours } from "../report/colours.js";
import { describeConditions } from "../report/conditions.js";
import { makeFormats } from "../report/formats.js";
import { renderMarkdown } from "../report/markdown.js";
import { readForReport } from "../report/read.js";
import { renderTerminal } from "../report/terminal.js";
import { wrap } from "../report/text-table.js";
import { compareCommits } from "../results/compare.js";
import { judgeConditions } from "../results/conditions.js";
import { writeWhole } from "../results/files.js";
import { showComparison } from "./compare.js";
import { exitCodes } from "./options.js";

/** @type {(summary: Kit.Summary, directory: string, options: Kit.ReportOptions) => Promise<void>} */
async function writeReports(summary, directory, { details }) {
	writeWhole(join(directory, "report.md"), renderMarkdown(summary));
	// What draws the charts takes long to load.
	const { renderHtml } = await import("../report/html/page.js");
	writeWhole(join(directory, "report.html"), await renderHtml(summary));
	const { stdout } = process;
	const terminal = {
		colours: hasColours(stdout),
		columns: stdout.columns || undefined,
		details,
	};
	stdout.write(renderTerminal(summary, terminal));
}

/**
 * What changed since the other commit, if there is one: gives the exit code for it.
 * @type {(summary: Kit.Summary, directory: string, options: Kit.CompareOptions) => number | Promise<number>}
 */
function reportCommits(summary, directory, { failOnRegression, force }) {
	const comparison = compareCommits(summary);
	if (!comparison) return 0;
	const [html, markdown, json] = ["html", "md", "json"].map((type) =>
		join(directory, `comparison.${type}`),
	);
	const gate = { failOnRegression, force };
	return showComparison(comparison, { ...gate, html, markdown, json });
}

/**
 * Prints what became of the conditions; gives the exit code for it.
 * @type {(summary: Kit.Summary, options: Kit.ReportOptions) => number}
 */
function reportConditions(summary, { failIf = [], force }) {
	const judged = judgeConditions(summary, failIf, { force });
	for (const sentence of describeConditions(judged))
		process.stdout.write(`${wrap(sentence, "  ")}\n`);
	const isPassed = judged.every(
		({ judged, past, isTooBusy }) => judged && !past.length && !isTooBusy,
	);
	return isPassed ? 0 : exitCodes.tierFailed;
}

/**
 * Writes and prints all that there is to say of a run; gives the exit code that the gates, and the comparison of two commits, if it is one, ask for.
 * @type {(summary: Kit.Summary, directory: string, options?: Kit.ReportOptions) => Promise<number>}
 */
export async function report(summary, directory, options = {}) {
	await writeReports(summary, directory, options);
	for (const { name, text } of makeFormats(summary, options.format ?? []))
		writeWhole(join(directory, name), text);
	const exitCode = reportConditions(summary, options);
	return (await reportCommits(summary, directory, options)) || exitCode;
}

/**
 * Results with the load and the prices of the command line in the place of those of the run.
 * @type {(results: Kit.Summary, options: Kit.Options) => Kit.Summary}
 */
function askAgain(results, { load, cpuPrice, engineerDay }) {
	const { settings } = results;
	return {
		...results,
		settings: {
			...settings,
			load: load ?? settings.load,
			cpuHourPrice: cpuPrice ?? settings.cpuHourPrice,
			engineerDayPrice: engineerDay ?? settings.engineerDayPrice,
		},
	};
}

/**
 * Makes the report of an earlier run again; gives the exit code.
 * @type {(directory: string, options: Kit.Options) => Promise<number>}
 */
export async function reportAgain(directory, options) {
	let results;
	try {
		results = readForReport(directory);
	} catch (error) {
		process.stderr.write(`error: ${error.message}\n`);
		return exitCodes.badOption;
	}
	const { failIf, force, format, details } = options;
	const how = { failIf, force, format, details };
	return report(askAgain(results, options), directory, how);
}
