// Tables and sentences on a terminal.
import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";

export const mostColumns = 100;
/** Between two columns. */
export const gap = "  ";
const noBorders = Object.fromEntries(
	[
		"top",
		"top-mid",
		"top-left",
		"top-right",
		"bottom",
		"bottom-mid",
		"bottom-left",
		"bottom-right",
		"left",
		"left-mid",
		"mid",
		"mid-mid",
		"right",
		"right-mid",
	].map((name) => [name, ""]),
);

/** No line begins or ends with one of these. */
const wordGaps = /(?<![±≥]) (?![±%])/;

/**
 * Breaks a sentence into lines that fit, the later ones indented.
 * @type {(text: string, indent: string, columns?: number) => string}
 */
export function wrap(text, indent, columns = mostColumns) {
	const lines = [""];
	for (const word of text.split(wordGaps)) {
		const line = lines.at(-1);
		if (line && line.length + 1 + word.length > columns - indent.length)
			lines.push(word);
		else lines[lines.length - 1] = line ? `${line} ${word}` : word;
	}
	return lines.join(`\n${indent}`);
}

/**
 * Cells with nothing but spaces between them, each column as wide as it must be.
 * @type {(columns: Kit.Column[], rows: string[][]) => string}
 */
export function layOut(columns, rows) {
	const table = new Table({
		head: columns.map(({ head }) => head),
		colAligns: columns.map(({ align }) => /** @type {any} */ (align)),
		chars: { ...noBorders, middle: gap },
		style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
	});
	table.push(...rows);
	return `${table}`.replace(/ +$/gm, "");
}

/**
 * How wide a text is.
 * @type {(text: string) => number}
 */
export const columnsOf = (text) =>
	Math.max(
		...stripVTControlCharacters(text)
			.split("\n")
			.map((line) => line.length),
	);

/**
 * The rows of all groups, with an empty one between two of them.
 * @type {(table: Pick<Kit.Table, "columns" | "groups">) => string}
 */
export function layOutGroups({ columns, groups }) {
	const emptyRow = columns.map(() => "");
	return layOut(
		columns,
		groups.flatMap((rows) => [emptyRow, ...rows]).slice(1),
	);
}

function withoutColumn({ columns, groups }, unwanted) {
	const keep = (_, i) => i !== unwanted;
	return {
		columns: columns.filter(keep),
		groups: groups.map((rows) => rows.map((row) => row.filter(keep))),
	};
}

/**
 * Optional columns are left out, the last first, until it fits.
 * @type {(table: Pick<Kit.Table, "columns" | "groups">, columns: number) => Pick<Kit.Table, "columns" | "groups">}
 */
export function fitTable(table, columns) {
	const unwanted = table.columns.findLastIndex((one) => one.isOptional);
	return unwanted === -1 || columnsOf(layOutGroups(table)) <= columns
		? table
		: fitTable(withoutColumn(table, unwanted), columns);
}

/**
 * As text, `bold` marks the title.
 * @type {(table: Kit.Table, bold: (text: string) => string, columns?: number) => string}
 */
export function drawTable({ title, ...table }, bold, columns = mostColumns) {
	const text = layOutGroups(fitTable(table, columns));
	return `${bold(wrap(title, "", columns))}\n${text}`;
}
