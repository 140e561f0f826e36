// The report on a terminal, at most 100 columns wide: the verdict, all rows with bars, what else was measured, and notes.

import { drawBar } from "./bar.js";
import { makeStyle } from "./colours.js";
import { titleOf } from "./columns.js";
import { describePace } from "./format.js";
import { makeAlerts, makeExplanations } from "./notes.js";
import { makeGroupedOverview } from "./overview.js";
import { withPlainText } from "./plain.js";
import { makeDetailTables, makeFurtherTables } from "./tables.js";
import { drawHistograms } from "./text-histogram.js";
import {
	columnsOf,
	drawTable,
	fitTable,
	gap,
	layOut,
	layOutGroups,
	mostColumns,
	wrap,
} from "./text-table.js";
import { makeVerdict } from "./verdict/index.js";

const fewestColumns = 40;
const barColumns = { fewest: 6, most: 30 };

/** Gives a row its bar, if there is space for one, and its look. */
function decorate(cells, { share, isCeiling }, { barColumn, barWidth }, style) {
	const shown = cells.map((cell) => (isCeiling ? style("dim", cell) : cell));
	const bar = style(isCeiling ? "gray" : "cyan", drawBar(share, barWidth));
	return barWidth ? shown.toSpliced(barColumn, 0, bar) : shown;
}

/** All rows in groups, each with a bar for its rate. */
function drawOverview(results, style, width) {
	if (results.rows.length === 0) return [];
	const { title, columns, barColumn, groups } = makeGroupedOverview(results);
	const cells = groups.map(({ rows }) => rows.map((row) => row.cells));
	const table = { columns, groups: cells };
	const fitted = fitTable(table, width - gap.length - barColumns.fewest);
	const left = width - gap.length - columnsOf(layOutGroups(fitted));
	const barWidth =
		left < barColumns.fewest ? 0 : Math.min(left, barColumns.most);
	const heads = barWidth
		? fitted.columns.toSpliced(barColumn, 0, { head: "", align: "left" })
		: fitted.columns;
	const heading = (text) => [
		{ content: style("bold", text), colSpan: heads.length },
	];
	const rows = groups.flatMap((group, i) => [
		...(i > 0 ? [heading("")] : []),
		...(group.title ? [heading(group.title)] : []),
		...group.rows.map((row, j) =>
			decorate(fitted.groups[i][j], row, { barColumn, barWidth }, style),
		),
	]);
	return [`${style("bold", wrap(title, "", width))}\n${layOut(heads, rows)}`];
}

/** The verdict first: what to do, why, and all steps. */
function drawVerdict(results, style, width) {
	const verdict = makeVerdict(results);
	if (!verdict) return [];
	const { title, headline, reasons, commits, steps, worth, matrix } = verdict;
	const bold = (text) => style("bold", text);
	const strong = (text) => style(["bold", "green"], wrap(text, "", width));
	const item = (text) => `- ${wrap(text, gap, width)}`;
	const lines = [
		strong(title ? `${title}: ${headline}` : headline),
		...commits.map(strong),
		...reasons.map(({ text }) => item(text)),
	];
	const tables = [steps, worth, matrix].filter((table) => table !== null);
	return [
		lines.join("\n"),
		...tables.map((table) => drawTable(table, bold, width)),
	];
}

/** @type {(results: Kit.Summary) => string} */
const describeRun = ({ machine, startedAt, ...results }) =>
	[
		startedAt.slice(0, 16).replace("T", " "),
		machine.cpu,
		`${machine.cores} cores`,
		`Node ${machine.node}`,
		describePace(results),
	].join(" · ");

/** What users of hey, ab and wrk expect; wide tables row by row are for report.md. */
function drawDetails(results, bold, width) {
	const [totals, ...others] = makeDetailTables(results);
	const percentiles = others.slice(0, 1);
	return [
		...(totals ? [drawTable(totals, bold, width)] : []),
		...percentiles.map((table) => drawTable(table, bold, width)),
		...drawHistograms(results, bold),
	];
}

/**
 * `columns`: of the terminal, if it is one; `details`: totals, percentiles and histograms, too.
 * @type {(untrusted: Kit.Summary, options?: { colours?: boolean, columns?: number, details?: boolean }) => string}
 */
export function renderTerminal(
	untrusted,
	{ colours = false, columns = mostColumns, details = false } = {},
) {
	const results = withPlainText(untrusted);
	const style = makeStyle(colours);
	const width = Math.max(fewestColumns, Math.min(columns, mostColumns));
	const bold = (text) => style("bold", text);
	const item = (note) => `- ${wrap(note, gap, width)}`;
	const alerts = makeAlerts(results).map((note) => style("yellow", item(note)));
	const explanations = makeExplanations(results).map((note) =>
		style("dim", item(note)),
	);
	return `${[
		`${bold(wrap(titleOf(results), "", width))}\n${style("dim", wrap(describeRun(results), "", width))}`,
		...drawVerdict(results, style, width),
		...drawOverview(results, style, width),
		...makeFurtherTables(results).map((table) => drawTable(table, bold, width)),
		...(details ? drawDetails(results, bold, width) : []),
		[...alerts, ...explanations].join("\n"),
	].join("\n\n")}\n\n`;
}
