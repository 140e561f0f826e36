// A chart in a page: drawn for wide and for narrow windows, with words, and with its figures as a table.
import { renderSvg } from "../charts/render.js";
import { drawTable } from "./document.js";
import { html, trusted } from "./template.js";

const widePx = 866;
const narrowPx = 326;
/** With more than this, charts for narrow windows are left out, and the wide ones shrink there. */
const mostChartsLength = 900_000;

function drawChartTable({ title, table: { head, rows } }) {
	const columns = head.map((text, i) => ({
		head: text,
		align: i === 0 ? "left" : "right",
	}));
	const name = `Figures of: ${title}`;
	return html`<details><summary>The figures as a table</summary>${drawTable({ title: name, columns, groups: [rows] })}</details>`;
}

function drawFigure(chart, [wide, narrow]) {
	const pictures = narrow
		? html`<div class="wide">${trusted(wide)}</div><div class="narrow">${trusted(narrow)}</div>`
		: trusted(wide);
	return html`<figure id="${chart.id}"><figcaption><h3>${chart.title}</h3>
<p>${chart.lookFor}</p></figcaption>
${pictures}
<p class="run"><b>Not shown:</b> ${chart.notShown}</p>
${drawChartTable(chart)}</figure>
`;
}

/**
 * The charts of makeCharts() as figures.
 * @type {(charts: Kit.Chart[]) => Promise<unknown>}
 */
export async function drawFigures(charts) {
	const drawAll = (widthPx) =>
		Promise.all(
			charts.map((chart) => renderSvg(chart, { theme: "page", widthPx })),
		);
	const wide = await drawAll(widePx);
	const length = wide.reduce((sum, svg) => sum + svg.length, 0);
	const narrow = 2 * length > mostChartsLength ? [] : await drawAll(narrowPx);
	return charts.map((chart, i) => drawFigure(chart, [wide[i], narrow[i]]));
}
