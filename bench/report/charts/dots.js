// The shape of most charts: a line for each row, with its figure on one axis that all share.
import { overestimate, textWidthPx } from "./render.js";
import { makeStyles } from "./rows.js";
import { linearAxis, logAxis, needsLog } from "./scales.js";

const linePx = 24;
const gapPx = 10;
const labelShare = 0.42;
const smallestPlotPx = 90;
/** Space for a number on an axis. */
const markPx = 90;

const isFigure = (value) => Number.isFinite(value) && value > 0;

/** Data for Vega: one for each row, and one for each mark beside it. */
function makeData(panels, figuresOf) {
	return panels.flatMap(({ title, rows }) =>
		rows.flatMap(({ row, label }) => {
			const { value, marks = [], ...others } = figuresOf(row);
			if (!isFigure(value)) return [];
			const place = { panel: title, label };
			return [
				{ ...place, kind: "row", value, ...others },
				...marks
					.filter(isFigure)
					.map((mark) => ({ ...place, kind: "mark", value: mark })),
			];
		}),
	);
}

const only = (kind) => [{ filter: `datum.kind === '${kind}'` }];
const hasRange = [{ filter: "datum.kind === 'row' && isValid(datum.low)" }];

function dotLayers({ y, color, x }) {
	const encoding = { y, color };
	return [
		{
			transform: hasRange,
			mark: { type: "rule", strokeWidth: 7, opacity: 0.28, strokeCap: "round" },
			encoding: {
				...encoding,
				x: { ...x, field: "low" },
				x2: { field: "high" },
			},
		},
		{
			transform: only("mark"),
			mark: { type: "tick", thickness: 1, size: 11, opacity: 0.75 },
			encoding: { ...encoding, x: { ...x, field: "value" } },
		},
		{
			transform: only("row"),
			mark: { type: "point", filled: true, size: 75, opacity: 1 },
			encoding: { ...encoding, x: { ...x, field: "value" } },
		},
	];
}

function barLayers({ y, color, x }, colours) {
	return [
		{
			transform: only("row"),
			mark: { type: "bar", height: 13 },
			encoding: { y, color, x: { ...x, field: "value" } },
		},
		{
			transform: only("mark"),
			mark: { type: "tick", thickness: 2, size: 17, color: colours.text },
			encoding: { y, x: { ...x, field: "value" } },
		},
	];
}

function textLayer(y, plotPx) {
	return {
		transform: only("row"),
		mark: { type: "text", align: "left" },
		encoding: { y, x: { value: plotPx + gapPx }, text: { field: "text" } },
	};
}

function referenceLayer(reference, { faint }) {
	return {
		mark: { type: "rule", color: faint, strokeDash: [4, 3] },
		encoding: { x: { datum: reference } },
	};
}

/**
 * One view, or one below the other for each panel that has a title.
 * @type {(data: object[], panels: Kit.Panel[], view: any, options?: { columns?: number, resolve?: object }) => object}
 */
export function facet(data, panels, view, { columns = 1, resolve = {} } = {}) {
	const titles = panels.map(({ title }) => title);
	if (titles.length < 2) return { data: { values: data }, ...view };
	const { width, height, ...unsized } = view;
	return {
		data: { values: data },
		facet: { field: "panel", type: "nominal", sort: titles },
		columns,
		spacing: { row: 16, column: 24 },
		spec: { width, height, ...unsized },
		resolve,
	};
}

/** @type {(styles: Kit.Look[]) => object} */
export function colourScale(styles) {
	return {
		domain: styles.map(({ label }) => label),
		range: styles.map(({ colour }) => colour),
	};
}

function chooseAxis(data, { title, unit, reference, isLinear }, plotPx) {
	const tickCount = Math.max(2, Math.round(plotPx / markPx));
	const values = data.flatMap(({ value, low, high }) => [value, low, high]);
	const all = reference ? [...values, reference] : values;
	return isLinear || !needsLog(all)
		? linearAxis({ title, unit, tickCount })
		: logAxis(all, { title: `${title} (log scale)`, unit });
}

/**
 * A Vega-Lite specification. `figuresOf(row)`: { value, text, low?, high?, marks? }; rows without a value are left out. With an axis
 * { isLinear } these are bars from 0, else dots, on a logarithmic axis if the values need one. look.styles: instead of makeStyles().
 * @type {(panels: Kit.Panel[], figuresOf: (row: Kit.SummaryRow) => any, axis: any, look: any) => object}
 */
export function drawDots(panels, figuresOf, axis, look) {
	const { colours, widthPx } = look;
	const data = makeData(panels, figuresOf);
	const shown = new Set(data.map(({ label }) => label));
	const all = look.styles ?? makeStyles(look);
	const styles = all.filter(({ label }) => shown.has(label));
	const widest = (texts) => Math.max(...texts.map((text) => textWidthPx(text)));
	const labelPx = Math.min(
		widest(data.map(({ label }) => label)),
		widthPx * labelShare,
	);
	const textPx = widest(data.map(({ text }) => text ?? ""));
	const plotPx = Math.max(
		smallestPlotPx,
		widthPx - labelPx - textPx - 2 * gapPx - 6,
	);
	const x = { type: "quantitative", ...chooseAxis(data, axis, plotPx) };
	const y = {
		field: "label",
		type: "nominal",
		sort: styles.map((s) => s.label),
		axis: {
			title: null,
			ticks: false,
			domain: false,
			labelPadding: gapPx,
			labelLimit: labelPx * overestimate,
			minExtent: labelPx,
			maxExtent: labelPx,
			labelColor: colours.text,
			labelFontSize: 12,
		},
	};
	const color = { field: "label", legend: null, scale: colourScale(styles) };
	const encodings = { y, x, color };
	const layers = axis.isLinear
		? barLayers(encodings, colours)
		: dotLayers(encodings);
	const view = {
		width: plotPx,
		height: { step: linePx },
		layer: [
			...(axis.reference ? [referenceLayer(axis.reference, colours)] : []),
			...layers,
			textLayer(y, plotPx),
		],
	};
	return facet(data, panels, view, {
		resolve: { scale: { y: "independent" } },
	});
}
