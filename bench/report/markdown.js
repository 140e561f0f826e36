// The report as Markdown, for a pull request or a wiki: what was found, with the rest folded up.

import { titleOf } from "./columns.js";
import { makeFacts } from "./facts.js";
import { drawRows, drawTable, escapeMarkdown } from "./markdown-table.js";
import { makeAlerts, makeExplanations } from "./notes.js";
import { makeOverview } from "./overview.js";
import { withPlainText } from "./plain.js";
import {
	makeDetailTables,
	makeFigureTables,
	makeFurtherTables,
} from "./tables.js";
import { makeVerdict } from "./verdict/index.js";

const list = (items) =>
	items.map((item) => `- ${escapeMarkdown(item)}`).join("\n");

/** Folded up where Markdown is shown with HTML in it. */
function fold(summary, parts) {
	if (parts.join("") === "") return [];
	return [`<details><summary>${summary}</summary>`, ...parts, "</details>"];
}

/** What to do, why, and all steps. */
function drawVerdict(results) {
	const verdict = makeVerdict(results);
	if (!verdict) return [];
	const { title, headline, reasons, commits, steps, worth, matrix } = verdict;
	const strong = (text) => `**${escapeMarkdown(text)}**`;
	return [
		strong(title ? `${title}: ${headline}` : headline),
		...commits.map(strong),
		list(reasons.map(({ text }) => text)),
		...[steps, worth, matrix].filter((table) => table !== null).map(drawTable),
	];
}

function drawOverview(results) {
	const { title, ...table } = makeOverview(results);
	return table.groups.length
		? [`${escapeMarkdown(title)}:`, drawRows(table)]
		: [];
}

function drawFacts(results) {
	const facts = makeFacts(results).map(([name, value]) => `${name}: ${value}`);
	return list(facts);
}

/** @type {(untrusted: Kit.Summary) => string} */
export function renderMarkdown(untrusted) {
	const results = withPlainText(untrusted);
	const tables = (makeAll) => makeAll(results).map(drawTable);
	const parts = [
		`## ${escapeMarkdown(titleOf(results))}`,
		...drawVerdict(results),
		...drawOverview(results),
		list(makeAlerts(results)),
		...fold("Speed, cost and ratios in full", tables(makeFigureTables)),
		...fold("Ceilings and other loads", tables(makeFurtherTables)),
		...fold("Totals, percentiles and histograms", tables(makeDetailTables)),
		...fold("How to read the figures", [list(makeExplanations(results))]),
		...fold("Measured on", [drawFacts(results)]),
	];
	return `${parts.filter(Boolean).join("\n\n")}\n`;
}
