// What becomes of each tier when one dimension varies: a line for each, a mark for each value.
import { dimensions, varyingDimensions } from "../../results/dimensions.js";
import { unitOfWork } from "../columns.js";
import { formatNumber, formatRange } from "../format.js";
import { describeRows } from "./figures.js";
import { drawLines } from "./lines.js";
import { limitPanels, makePanels } from "./rows.js";
import { logAxis } from "./scales.js";

const guide =
	"The lines only guide the eye: nothing was measured between the points.";

/** What to look for, and how to get the chart, for each dimension but the connections. */
const words = {
	text: [
		"Texts of different lengths",
		"How much of the work grows with the text: a flat line is all overhead, a steep one all encoding.",
		"--text short,mid,long",
	],
	width: [
		"Widths of the image",
		"Whether pixels cost anything: they do where an image is built pixel by pixel.",
		"--width 200,400,800",
	],
	node: [
		"Node.js versions",
		"Whether an upgrade of Node does more for you than a rewrite.",
		"--node 20,22,24,26",
	],
	processes: [
		"Processes",
		"Twice the processes, twice the rate, as long as there are cores; what is missing is spent on sharing.",
		"--processes 1,2",
	],
	build: [
		"Builds",
		"What compiling differently is worth, for the same source.",
		"--build release,debug",
	],
	transport: [
		"Transports",
		"What the way of sending a text costs beside making its image.",
		"--transport get,post-json,grpc",
	],
	batchSize: [
		"Texts in a request",
		"How far the cost of a request is shared by the images in it, and where more no longer help.",
		"--batch-size 1,10,100",
	],
};

const rateOf = ({ imagesPerSecond: { median, low, high } }) => ({
	y: median,
	low,
	high,
});

const valuesOf = (rows, id) =>
	[...new Set(rows.map((row) => row[id]))].filter((value) => value !== null);

const inOrder = (values) =>
	values.every((value) => typeof value === "number")
		? values.toSorted((a, b) => a - b)
		: values;

/** A row that the dimension doesn't concern has the same figure at all values of it. */
function pointsAlong(panel, id, values, figureOf) {
	return ({ row }) =>
		panel.rows
			.filter(({ label }) => label === row.label)
			.flatMap(({ row: one }) =>
				(one[id] === null ? values : [one[id]]).map((value) => ({
					x: value,
					...figureOf(one),
				})),
			)
			.toSorted((a, b) => values.indexOf(a.x) - values.indexOf(b.x));
}

/** Panels with one line for each label; its points are those of all its rows. */
function makeLinePanels(rows, id, values, figureOf) {
	const isShown = (row) => figureOf(row).y > 0;
	return makePanels(rows, isShown, [id]).map((panel) => {
		const unique = new Map(panel.rows.map((one) => [one.label, one]));
		const pointsOf = pointsAlong(panel, id, values, figureOf);
		return {
			title: panel.title,
			rows: [...unique.values()].map(({ row, label }) => ({
				label,
				row: { ...row, points: pointsOf({ row: { label } }) },
			})),
		};
	});
}

function makeSweep(allRows, dimension, chart) {
	const { id } = dimension;
	const { figureOf, axis, columns, ...shown } = chart;
	const rows = allRows.filter((row) => figureOf(row).y > 0);
	const values = inOrder(valuesOf(rows, id));
	const { panels, cut } = limitPanels(
		makeLinePanels(allRows, id, values, figureOf),
	);
	const figures = rows.map((row) => figureOf(row));
	const y = logAxis(
		figures.flatMap((figure) => [figure.y, figure.low, figure.high]),
		{ title: `${axis} (log scale)` },
	);
	const axes = { x: valueAxis(dimension, values), y };
	return {
		...shown,
		notShown: shown.notShown + cut,
		alternative: describeRows(
			rows.map((row) => [row.name, formatNumber(figureOf(row).y)]),
		),
		table: {
			head: ["row", ...columns.map(([head]) => head)],
			rows: rows.map((row) => [
				row.name,
				...columns.map(([, cell]) => cell(row)),
			]),
		},
		draw: (look) => drawLines(panels, ({ points }) => points, axes, look),
	};
}

/** Connections are on a logarithmic axis, since doubling them is a step; all others are side by side. */
function valueAxis({ id, head }, values) {
	const title = head.replace("-\n", "").replace("\n", " ");
	if (id !== "connections")
		return {
			type: "ordinal",
			sort: values,
			scale: { padding: 0.3 },
			axis: { title, labelAngle: 0 },
		};
	return {
		type: "quantitative",
		scale: { type: "log", nice: false, padding: 14 },
		axis: { title: `${title} (log scale)`, values, labelFlush: false },
	};
}

const hasVariation = (rows, id) =>
	varyingDimensions(rows).some((dimension) => dimension.id === id);
const dimensionOf = (wanted) => dimensions.find(({ id }) => id === wanted);

const rateColumns = (unit) => [
	[`${unit}s/s`, (row) => formatNumber(rateOf(row).y)],
	[
		"lowest–highest round",
		(row) => formatRange(rateOf(row).low, rateOf(row).high),
	],
];

/**
 * Throughput and p99 against connections.
 * @type {(results: Kit.Summary) => Kit.Chart[]}
 */
export function saturationCharts(results) {
	const { rows } = results;
	const unit = unitOfWork(results);
	const missing = "One number of connections; try --connections 1,16,64,256.";
	const rate = { id: "saturation", title: "Saturation: throughput" };
	const tail = { id: "saturation-p99", title: "Saturation: p99 latency" };
	if (!hasVariation(rows, "connections"))
		return [{ ...rate, title: "Saturation", missing }];
	const connections = dimensionOf("connections");
	return [
		makeSweep(rows, connections, {
			...rate,
			lookFor:
				"Where a line stops rising, the tier is saturated: more connections only wait. With one connection you see how fast a single request is.",
			notShown: `${guide} Beyond the last point a line may fall.`,
			figureOf: rateOf,
			axis: `${unit}s/s`,
			columns: rateColumns(unit),
		}),
		makeSweep(rows, connections, {
			...tail,
			lookFor:
				"The price of saturation: once throughput is flat, latency grows with the connections.",
			notShown: guide,
			figureOf: ({ latencyMs }) => ({ y: latencyMs.p99 }),
			axis: "p99 ms",
			columns: [["p99 ms", ({ latencyMs }) => formatNumber(latencyMs.p99)]],
		}),
	];
}

/**
 * A chart for each of the other dimensions.
 * @type {(results: Kit.Summary) => Kit.Chart[]}
 */
export function dimensionCharts(results) {
	const unit = unitOfWork(results);
	return Object.entries(words).map(([id, [title, lookFor, flag]]) => {
		const chart = { id: `by-${id.toLowerCase()}`, title };
		if (!hasVariation(results.rows, id))
			return { ...chart, missing: `One value only; try ${flag}.` };
		return makeSweep(results.rows, dimensionOf(id), {
			...chart,
			title: `${title}: ${unit}s a second`,
			lookFor,
			notShown: guide,
			figureOf: rateOf,
			axis: `${unit}s/s`,
			columns: rateColumns(unit),
		});
	});
}
