// The report on a terminal, at most 100 columns wide.
import Table from "cli-table3";
import { makeFacts, makeNotes, makeTables } from "./tables.js";

const widthColumns = 100;
const noBorders = Object.fromEntries(
	[
		...["top", "top-mid", "top-left", "top-right"],
		...["bottom", "bottom-mid", "bottom-left", "bottom-right"],
		...["left", "left-mid", "mid", "mid-mid", "right", "right-mid"],
	].map((name) => [name, ""]),
);

/** Breaks a sentence into lines that fit, the later ones indented. */
function wrap(text, indent) {
	const lines = [""];
	for (const word of text.split(" ")) {
		const line = lines.at(-1);
		if (line && line.length + 1 + word.length > widthColumns - indent.length)
			lines.push(word);
		else lines[lines.length - 1] = line ? `${line} ${word}` : word;
	}
	return lines.join(`\n${indent}`);
}

function drawTable({ title, columns, rows }, bold) {
	const table = new Table({
		head: columns.map(({ head }) => head),
		colAligns: columns.map(({ align }) => align),
		chars: { ...noBorders, middle: "  " },
		style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
	});
	table.push(...rows);
	return `${bold(title)}\n${table}`;
}

export function renderTerminal(results, { colours = false } = {}) {
	const bold = (text) => (colours ? `\x1b[1m${text}\x1b[22m` : text);
	const facts = makeFacts(results).map(
		([name, value]) => `${name.padEnd(15)} ${wrap(value, " ".repeat(16))}`,
	);
	const notes = makeNotes(results).map((note) => `- ${wrap(note, "  ")}`);
	return [
		facts.join("\n"),
		...makeTables(results).map((table) => drawTable(table, bold)),
		notes.join("\n"),
		"",
	].join("\n\n");
}
