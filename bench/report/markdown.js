// The report as Markdown, for a pull request or a wiki.
import { makeFacts, makeNotes, makeTables } from "./tables.js";

/** Text as it is: nothing in it makes a cell, a tag or a link. */
function escapeMarkdown(text) {
	return text.replace(/\n/g, " ").replace(/[\\|<>[\]`*_]/g, "\\$&");
}

const row = (cells) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;

function drawTable({ title, columns, groups }) {
	const rule = columns.map(({ align }) => (align === "left" ? ":--" : "--:"));
	return [
		`## ${escapeMarkdown(title)}`,
		"",
		row(columns.map(({ head }) => head)),
		`| ${rule.join(" | ")} |`,
		...groups.flat().map(row),
	].join("\n");
}

export function renderMarkdown(results) {
	const facts = makeFacts(results).map(
		([name, value]) => `- ${escapeMarkdown(name)}: ${escapeMarkdown(value)}`,
	);
	const notes = makeNotes(results).map((note) => `- ${escapeMarkdown(note)}`);
	return `${[
		"# Text to QR-code PNG: the tiers compared",
		...makeTables(results).map(drawTable),
		"## Notes",
		notes.join("\n"),
		"## Measured on",
		facts.join("\n"),
	].join("\n\n")}\n`;
}
