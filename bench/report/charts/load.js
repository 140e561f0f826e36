// What an open loop found: latency, and what got through, against the rate of arrivals.
import { formatNumber } from "../format.js";
import { describeRows } from "./figures.js";
import { drawLines } from "./lines.js";
import { limitPanels, makePanels } from "./rows.js";
import { logAxis } from "./scales.js";

const rateTitle = "requests/s that arrive";

const pointsOf = ({ openLoop = [] }) =>
	openLoop.toSorted((a, b) => a.ratePerSecond - b.ratePerSecond);
const isShown = (row) => pointsOf(row).length > 0;
const mark = ({ isGeneratorLimited }) => (isGeneratorLimited ? " *" : "");

/**
 * A line a row through `figureOf(point)`: { y, low?, high? }; the table has the same figures, and `columns` of each point.
 * @type {(results: Kit.Summary, chart: any) => any}
 */
function makeLoadChart(
	{ rows: allRows },
	{ figureOf, axis, columns, ...chart },
) {
	const rows = allRows.filter(isShown);
	const points = rows.flatMap(pointsOf);
	const figures = points.map(figureOf);
	const rates = points.map(({ ratePerSecond }) => ratePerSecond);
	const axes = {
		x: {
			type: "quantitative",
			...logAxis(rates, { title: `${rateTitle} (log scale)` }),
		},
		y: logAxis(
			figures.flatMap(({ y, low, high }) => [y, low, high]),
			{ title: `${axis} (log scale)` },
		),
	};
	const { panels, cut } = limitPanels(makePanels(allRows, isShown));
	const cells = rows.flatMap((row) =>
		pointsOf(row).map((point) => [
			row.name,
			formatNumber(point.ratePerSecond) + mark(point),
			...columns.map(([, cell]) => cell(point)),
		]),
	);
	return {
		...chart,
		notShown: chart.notShown + cut,
		alternative: `By row and rate: ${describeRows(
			cells.map(([name, rate, figure]) => [name, `at ${rate}: ${figure}`]),
		)}`,
		table: {
			head: ["row", rateTitle, ...columns.map(([head]) => head)],
			rows: cells,
		},
		draw: (look) =>
			drawLines(
				panels,
				(row) =>
					pointsOf(row).map((point) => ({
						x: point.ratePerSecond,
						...figureOf(point),
					})),
				axes,
				look,
			),
	};
}

const generatorNote =
	"Where the table has a *, the generator could not keep up with the rate, and the figure says little of the tier.";

const notShown = {
	uniform: "Bursts: requests are due at even intervals.",
	poisson: "What users do together: requests come independently.",
	ramp: "At which rate of the ramp a request was late.",
};

/** @type {(results: Kit.Summary) => Kit.Chart[]} */
export function loadCharts(results) {
	if (!results.rows.some(isShown))
		return [
			{
				id: "load",
				title: "Latency against load",
				missing: "No rates were set; try --rates 10%,25%,50%,75%,90%.",
			},
		];
	const latency = (name) => [
		`${name} ms`,
		({ latencyMs }) => formatNumber(latencyMs[name]),
	];
	return [
		makeLoadChart(results, {
			id: "load",
			title: "Latency against load: p99",
			lookFor:
				"How long a request takes if they come at their own pace, counted from when it was due. Where a line turns up, queues build: stay to the left of that.",
			notShown: `${notShown[results.settings.arrivals ?? "uniform"]} ${generatorNote}`,
			axis: "p99 ms",
			figureOf: ({ latencyMs }) => ({ y: latencyMs.p99 }),
			columns: [latency("p99"), latency("p50"), latency("max")],
		}),
		makeLoadChart(results, {
			id: "goodput",
			title: "What gets through",
			lookFor:
				"Good answers a second, against the requests that arrive. A tier that keeps its line flat beyond its peak sheds load well; one whose line falls does not.",
			notShown: `How late those answers are. ${generatorNote}`,
			axis: "good answers/s",
			figureOf: ({ goodputPerSecond: { median, low, high } }) => ({
				y: median,
				low,
				high,
			}),
			columns: [
				[
					"good answers/s",
					({ goodputPerSecond }) => formatNumber(goodputPerSecond.median),
				],
			],
		}),
	];
}
