// The shape of charts in which a row is a line: percentiles, saturation, and one dimension against another.
import { colourScale, facet } from "./dots.js";
import { textWidthPx } from "./render.js";
import { makeStyles } from "./rows.js";

const legendSymbolPx = 40;
const axisPx = 66;
const wideEnoughForTwoPx = 600;

function encodeStyle(styles, widthPx) {
	const widest = Math.max(...styles.map(({ label }) => textWidthPx(label)));
	const columns = Math.floor(widthPx / (widest + legendSymbolPx));
	const legend = {
		columns: Math.max(1, Math.min(columns, styles.length)),
		symbolType: "stroke",
		symbolOpacity: 1,
		symbolSize: 420,
	};
	const field = { field: "label", type: "nominal", legend };
	return {
		color: { ...field, scale: colourScale(styles) },
		strokeDash: {
			...field,
			scale: {
				domain: styles.map(({ label }) => label),
				range: styles.map(({ dash }) => dash),
			},
		},
	};
}

/**
 * A Vega-Lite specification. `pointsOf(row)`: [{ x, y, low?, high? }] in their order along the line; x and y: scale and axis of
 * each, and whether to mark the points.
 * @type {(panels: Kit.Panel[], pointsOf: (row: any) => any[], axes: any, look: any) => object}
 */
export function drawLines(panels, pointsOf, axes, look) {
	const { widthPx } = look;
	const data = panels.flatMap(({ title, rows }) =>
		rows.flatMap(({ row, label }) =>
			pointsOf(row)
				.filter(({ y }) => Number.isFinite(y) && y > 0)
				.map((point, order) => ({ panel: title, label, order, ...point })),
		),
	);
	const shown = new Set(data.map(({ label }) => label));
	const styles = makeStyles(look).filter(({ label }) => shown.has(label));
	const columns = panels.length > 1 && widthPx > wideEnoughForTwoPx ? 2 : 1;
	const { color, strokeDash } = encodeStyle(styles, widthPx);
	const x = { field: "x", ...axes.x };
	const y = { field: "y", type: "quantitative", ...axes.y };
	const view = {
		width: Math.floor((widthPx - axisPx) / columns) - (columns - 1) * 24,
		height: columns > 1 || panels.length > 1 ? 200 : 300,
		layer: [
			{
				transform: [{ filter: "isValid(datum.low)" }],
				mark: { type: "rule", strokeWidth: 6, opacity: 0.22 },
				encoding: {
					x,
					y: { ...y, field: "low" },
					y2: { field: "high" },
					color,
				},
			},
			{
				mark: { type: "line", strokeWidth: 2, strokeCap: "butt" },
				encoding: { x, y, color, strokeDash, order: { field: "order" } },
			},
			...(axes.hasMarks === false
				? []
				: [
						{
							mark: { type: "point", filled: true, size: 32, opacity: 1 },
							encoding: { x, y, color },
						},
					]),
		],
	};
	return facet(data, panels, view, { columns });
}
