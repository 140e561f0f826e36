// The report on a terminal, at most 100 columns wide.
import Table from "cli-table3";
import { makeFacts, makeNotes, makeTables } from "./tables.js";

const widthColumns = 100;
const factColumns = "Host addon@reference".length;
const noBorders = Object.fromEntries(
	[
		...["top", "top-mid", "top-left", "top-right"],
		...["bottom", "bottom-mid", "bottom-left", "bottom-right"],
		...["left", "left-mid", "mid", "mid-mid", "right", "right-mid"],
	].map((name) => [name, ""]),
);

/** Breaks a sentence into lines that fit, the later ones indented. */
export function wrap(text, indent) {
	const lines = [""];
	for (const word of text.split(" ")) {
		const line = lines.at(-1);
		if (line && line.length + 1 + word.length > widthColumns - indent.length)
			lines.push(word);
		else lines[lines.length - 1] = line ? `${line} ${word}` : word;
	}
	return lines.join(`\n${indent}`);
}

/** As text; `bold` marks the title. */
export function drawTable({ title, columns, groups }, bold) {
	const table = new Table({
		head: columns.map(({ head }) => head),
		colAligns: columns.map(({ align }) => align),
		chars: { ...noBorders, middle: "  " },
		style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
	});
	const emptyRow = columns.map(() => "");
	table.push(...groups.flatMap((rows) => [emptyRow, ...rows]).slice(1));
	return `${bold(title)}\n${table}`.replace(/ +$/gm, "");
}

export function renderTerminal(results, { colours = false } = {}) {
	const bold = (text) => (colours ? `\x1b[1m${text}\x1b[22m` : text);
	const facts = makeFacts(results).map(
		([name, value]) =>
			`${name.padEnd(factColumns)} ${wrap(value, " ".repeat(factColumns + 1))}`,
	);
	const notes = makeNotes(results).map((note) => `- ${wrap(note, "  ")}`);
	return [
		facts.join("\n"),
		...makeTables(results).map((table) => drawTable(table, bold)),
		notes.join("\n"),
		"",
	].join("\n\n");
}
