// The charts of a report, made from results.json alone.

import { describePace } from "../format.js";
import {
	bytesChart,
	cpuChart,
	kernelChart,
	memoryChart,
	startupChart,
} from "./cost.js";
import { histogramChart, percentilesChart } from "./latency.js";
import { loadCharts } from "./load.js";
import { roundsChart } from "./rounds.js";
import { dimensionCharts, saturationCharts } from "./sweeps.js";
import { speedupChart, throughputChart } from "./throughput.js";

/** In the order of the report; each makes a chart, or several. */
const makers = [
	throughputChart,
	speedupChart,
	percentilesChart,
	histogramChart,
	cpuChart,
	kernelChart,
	memoryChart,
	bytesChart,
	startupChart,
	roundsChart,
	saturationCharts,
	loadCharts,
	dimensionCharts,
];

/**
 * Under the title of a picture: where the figures come from.
 * @type {(results: Kit.Summary) => string}
 */
function describeRun({ machine, startedAt, ...results }) {
	return [
		`${machine.cpu}, ${machine.cores} cores`,
		`Node ${machine.node.replace(/^v/, "")}`,
		describePace(results),
		startedAt.slice(0, 10),
	].join(" · ");
}

/**
 * { charts, missing }. A chart: { id, title, subtitle, lookFor, notShown, alternative: what it shows as a text, table: { head, rows }: its
 * figures, draw: for renderSvg }. What can't be drawn from these results is in `missing`, as { title, missing: why }.
 * @type {(results: Kit.Summary) => { charts: Kit.Chart[], missing: Kit.Chart[] }}
 */
export function makeCharts(results) {
	const all = makers.flatMap((make) => make(results));
	const subtitle = describeRun(results);
	return {
		charts: all
			.filter(({ missing }) => !missing)
			.map((chart) => ({
				...chart,
				subtitle,
				draw: (look) => chart.draw?.({ ...look, rows: results.rows }),
			})),
		missing: all.filter(({ missing }) => missing),
	};
}
