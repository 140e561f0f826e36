// The report as Markdown, for a pull request or a wiki.
import { makeAnswers } from "./answer.js";
import { titleOf } from "./columns.js";
import { makeFacts } from "./facts.js";
import { makeNotes } from "./notes.js";
import { withPlainText } from "./plain.js";
import { makeDetailTables, makeTables } from "./tables.js";

/** Text as it is: nothing in it makes a cell, a tag or a link. */
export function escapeMarkdown(text) {
	return text.replace(/\n/g, " ").replace(/[\\|<>[\]`*_~$&]/g, "\\$&");
}

const row = (cells) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;

export function drawTable({ title, columns, groups }) {
	const rule = columns.map(({ align }) => (align === "left" ? ":--" : "--:"));
	return [
		`## ${escapeMarkdown(title)}`,
		"",
		row(columns.map(({ head }) => head)),
		`| ${rule.join(" | ")} |`,
		...groups.flat().map(row),
	].join("\n");
}

/** Folded up where Markdown is shown with HTML in it. */
function drawDetails(results) {
	const tables = makeDetailTables(results).map(drawTable);
	if (tables.length === 0) return [];
	return [
		"<details><summary>Totals, percentiles and histograms</summary>",
		...tables,
		"</details>",
	];
}

/** The answer first; for several loads or ways of serving, a list of them. */
function drawAnswers(results) {
	const answers = makeAnswers(results);
	return answers.map(({ title, headline, details }) => {
		const item = answers.length > 1 ? `- ${escapeMarkdown(title)}: ` : "";
		const rest = details ? ` ${escapeMarkdown(details)}` : "";
		return `${item}**${escapeMarkdown(headline)}**${rest}`;
	});
}

export function renderMarkdown(untrusted) {
	const results = withPlainText(untrusted);
	const answers = drawAnswers(results).join("\n");
	const facts = makeFacts(results).map(
		([name, value]) => `- ${escapeMarkdown(name)}: ${escapeMarkdown(value)}`,
	);
	const notes = makeNotes(results).map((note) => `- ${escapeMarkdown(note)}`);
	return `${[
		`# ${escapeMarkdown(titleOf(results))}`,
		...(answers ? [answers] : []),
		...makeTables(results).map(drawTable),
		...drawDetails(results),
		"## Notes",
		notes.join("\n"),
		"<details><summary>Measured on</summary>",
		facts.join("\n"),
		"</details>",
	].join("\n\n")}\n`;
}
