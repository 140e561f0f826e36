// What all our HTML files have in common: a document that needs no other file and no network, and its tables.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { declareColours } from "../charts/theme.js";
import { html, trusted } from "./template.js";

const asset = (name) =>
	readFileSync(new URL(name, import.meta.url), "utf8").trim();
const script = asset("sort.js");
const style = `${asset("style.css")}
:root{${declareColours("light")}}
@media screen and (prefers-color-scheme: dark){:root{${declareColours("dark")}}}`;

const hashOf = (text) =>
	`'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = [
	"default-src 'none'",
	`style-src ${hashOf(style)}`,
	`script-src ${hashOf(script)}`,
	"base-uri 'none'",
	"form-action 'none'",
].join("; ");

/**
 * The text of a document; header, main and footer are html`…`.
 * @type {(parts: { title: string, header: unknown, main: unknown, footer: unknown }) => string}
 */
export function renderDocument({ title, header, main, footer }) {
	return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(style)}</style></head>
<body><a class="skip" href="#main">Skip to the report</a>
<header>${header}</header>
<main id="main">
${main}
</main>
<footer>${footer}</footer>
<script>${trusted(script)}</script></body></html>
`.text;
}

/**
 * To the right unless it says otherwise; whole phrases may go over several lines.
 * @type {(column: Pick<Kit.Column, "align" | "isProse">) => unknown}
 */
function alignment({ align, isProse }) {
	if (align !== "left") return "";
	return isProse ? html` class="left prose"` : html` class="left"`;
}

/** @type {(cells: string[], columns: Kit.Column[], id?: string) => unknown} */
function drawRow([first, ...others], columns, id) {
	const cells = others.map(
		(text, i) => html`<td${alignment(columns[i + 1])}>${text}</td>`,
	);
	return html`<tr${id ? html` id="${id}"` : ""}><th scope="row" class="left">${first}</th>${cells}</tr>
`;
}

/** There is space for words that are cut in two on a terminal. */
const nameColumn = (head) => head.replace("-\n", "") || "row";

/**
 * A table of makeTables(), in a box that scrolls where it is too narrow for it; it is sorted by a click on a head.
 * `anchors`: the id of each row by its name.
 * @type {(table: Kit.Table, anchors?: Map<string, string>) => unknown}
 */
export function drawTable({ title, columns, groups, rowNames }, anchors) {
	const idOf = (group, place) => anchors?.get(rowNames?.[group][place] ?? "");
	const heads = columns.map(
		(column) =>
			html`<th scope="col"${alignment(column)}>${nameColumn(column.head)}</th>`,
	);
	return html`<div class="scroll" role="region" aria-label="${title}" tabindex="0"><table class="sortable"><thead><tr>${heads}</tr></thead>
${groups.map((rows, i) => html`<tbody>${rows.map((row, j) => drawRow(row, columns, idOf(i, j)))}</tbody>`)}</table></div>`;
}
