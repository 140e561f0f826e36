// Tables as Markdown.

/**
 * Text as it is: nothing in it makes a cell, a tag or a link.
 * @type {(text: string) => string}
 */
export function escapeMarkdown(text) {
	return text.replace(/\n/g, " ").replace(/[\\|<>[\]`*_~$&]/g, "\\$&");
}

const row = (cells) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;

/** There is space for words that are cut in two on a terminal. */
const headOf = ({ head }) => head.replace("-\n", "");

/** @type {(table: Pick<Kit.Table, "columns" | "groups">) => string} */
export function drawRows({ columns, groups }) {
	const rule = columns.map(({ align }) => (align === "left" ? ":--" : "--:"));
	return [
		row(columns.map(headOf)),
		`| ${rule.join(" | ")} |`,
		...groups.flat().map(row),
	].join("\n");
}

/** @type {(table: Kit.Table) => string} */
export const drawTable = ({ title, ...table }) =>
	`### ${escapeMarkdown(title)}\n\n${drawRows(table)}`;
