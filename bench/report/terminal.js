// The report on a terminal, at most 100 columns wide.
import Table from "cli-table3";
import { makeFacts } from "./facts.js";
import { makeNotes } from "./notes.js";
import { withPlainText } from "./plain.js";
import { makeTables } from "./tables.js";

const widthColumns = 100;
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

function layOut({ columns, groups }) {
	const table = new Table({
		head: columns.map(({ head }) => head),
		colAligns: columns.map(({ align }) => align),
		chars: { ...noBorders, middle: "  " },
		style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
	});
	const emptyRow = columns.map(() => "");
	table.push(...groups.flatMap((rows) => [emptyRow, ...rows]).slice(1));
	return `${table}`.replace(/ +$/gm, "");
}

const fits = (text) =>
	text.split("\n").every((line) => line.length <= widthColumns);

function withoutColumn({ columns, groups }, unwanted) {
	const keep = (_, i) => i !== unwanted;
	return {
		columns: columns.filter(keep),
		groups: groups.map((rows) => rows.map((row) => row.filter(keep))),
	};
}

/** As text, `bold` marks the title. Optional columns are left out, the last first, until it fits. */
export function drawTable({ title, ...content }, bold) {
	let table = content;
	let text = layOut(table);
	while (!fits(text)) {
		const unwanted = table.columns.findLastIndex(
			({ isOptional }) => isOptional,
		);
		if (unwanted === -1) break;
		table = withoutColumn(table, unwanted);
		text = layOut(table);
	}
	return `${bold(title)}\n${text}`;
}

export function renderTerminal(untrusted, { colours = false } = {}) {
	const results = withPlainText(untrusted);
	const bold = (text) => (colours ? `\x1b[1m${text}\x1b[22m` : text);
	const allFacts = makeFacts(results);
	const factColumns = Math.max(...allFacts.map(([name]) => name.length));
	const facts = allFacts.map(
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
