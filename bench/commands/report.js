// npm run bench -- report DIRECTORY, and the reports at the end of a run: report.md, report.html and what is printed.
import { join } from "node:path";
import { hasColours } from "../report/colours.js";
import { renderMarkdown } from "../report/markdown.js";
import { readForReport } from "../report/read.js";
import { renderTerminal } from "../report/terminal.js";
import { compareCommits } from "../results/compare.js";
import { writeWhole } from "../results/files.js";
import { showComparison } from "./compare.js";
import { exitCodes } from "./options.js";

async function writeReports(summary, directory) {
	writeWhole(join(directory, "report.md"), renderMarkdown(summary));
	// What draws the charts takes long to load.
	const { renderHtml } = await import("../report/html/page.js");
	writeWhole(join(directory, "report.html"), await renderHtml(summary));
	const { stdout } = process;
	const terminal = {
		colours: hasColours(stdout),
		columns: stdout.columns || undefined,
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
 * Writes and prints all that there is to say of a run; gives the exit code that the comparison of two commits, if it is one, asks for.
 * @type {(summary: Kit.Summary, directory: string, options?: Kit.CompareOptions) => Promise<number>}
 */
export async function report(summary, directory, options = {}) {
	await writeReports(summary, directory);
	return reportCommits(summary, directory, options);
}

/**
 * Makes the report of an earlier run again; gives the exit code.
 * @type {(directory: string) => Promise<number>}
 */
export async function reportAgain(directory) {
	let results;
	try {
		results = readForReport(directory);
	} catch (error) {
		process.stderr.write(`error: ${error.message}\n`);
		return exitCodes.badOption;
	}
	await report(results, directory);
	return 0;
}
