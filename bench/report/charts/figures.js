// What the charts of one figure a row have in common: a line in a chart, a line in the table behind it, a phrase for those who can't see it.
import { drawDots } from "./dots.js";
import { limitPanels, makePanels } from "./rows.js";

const mostInAlternative = 12;

/**
 * "js 106, addon@fast 2,795" of [label, text]; the rest is in the table.
 * @type {(rows: Kit.SummaryRow[]) => string}
 */
export function describeRows(rows) {
	const list = rows.slice(0, mostInAlternative).map((row) => row.join(" "));
	const left = rows.length - list.length;
	return `${list.join(", ")}${left > 0 ? `, and ${left} more in the table` : ""}.`;
}

/**
 * A chart with a line for each row. `figuresOf(row)`: see drawDots; `columns`: [head, cell(row)] of the table behind it. Without
 * any figure it is { id, title, missing: a sentence that says why }.
 * @type {(allRows: Kit.SummaryRow[], chart: any) => Kit.Chart}
 */
export function makeFigureChart(
	allRows,
	{ figuresOf, axis, columns, ...chart },
) {
	const { missing, ...shown } = chart;
	const isShown = (row) => figuresOf(row).value > 0;
	const rows = allRows.filter(isShown);
	if (rows.length === 0) return { id: chart.id, title: chart.title, missing };
	const { panels, cut } = limitPanels(makePanels(allRows, isShown));
	return {
		...shown,
		notShown: shown.notShown + cut,
		alternative: describeRows(
			rows.map((row) => [row.name, figuresOf(row).text]),
		),
		table: {
			head: ["row", ...columns.map(([head]) => head)],
			rows: rows.map((row) => [
				row.name,
				...columns.map(([, cell]) => cell(row)),
			]),
		},
		draw: (look) => drawDots(panels, figuresOf, axis, look),
	};
}
