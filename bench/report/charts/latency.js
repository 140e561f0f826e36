// How long requests take, and how that is spread.
import { formatNumber } from "../format.js";
import { facet } from "./dots.js";
import { describeRows } from "./figures.js";
import { drawLines } from "./lines.js";
import { limitPanels, makePanels, makeStyles, shortName } from "./rows.js";
import { logAxis } from "./scales.js";

const noLatencies = "No latencies are in these results.";
const loadCaveat =
	"Latency at a rate that you choose: in a closed loop it follows from the throughput and the number of connections, and a stall delays the requests behind it without being counted for them.";

/** p90 at 1, p99 at 2, p99.9 at 3; the maximum half a step after the last of them. */
function placePercent(percent, highest) {
	if (percent < 100) return -Math.log10(1 - percent / 100);
	return placePercent(highest, highest) + 0.5;
}

const percentName = (percent) => (percent === 100 ? "max" : `p${percent}`);

function percentAxis(percents, highest) {
	const marked = percents.filter((percent) =>
		[50, 75, 90, 95, 99, 99.9, 100].includes(percent),
	);
	const values = marked.map((percent) => placePercent(percent, highest));
	const names = JSON.stringify(marked.map(percentName));
	return {
		type: "quantitative",
		scale: { nice: false, zero: false },
		axis: {
			title: "percentile",
			values,
			labelExpr: `${names}[indexof(${JSON.stringify(values)}, datum.value)]`,
		},
	};
}

/** @type {(results: Kit.Summary) => Kit.Chart} */
export function percentilesChart({ rows: allRows }) {
	const id = "percentiles";
	const title = "Latency percentiles";
	const isShown = ({ percentiles }) => percentiles.length > 0;
	const rows = allRows.filter(isShown);
	if (rows.length === 0) return { id, title, missing: noLatencies };
	const all = rows.flatMap(({ percentiles }) => percentiles);
	const percents = [...new Set(all.map(({ percent }) => percent))].sort(
		(a, b) => a - b,
	);
	const highest = percents.findLast((percent) => percent < 100) ?? 50;
	const axes = {
		hasMarks: false,
		x: percentAxis(percents, highest),
		y: logAxis(
			all.map(({ ms }) => ms),
			{ title: "ms (log scale)" },
		),
	};
	const { panels, cut } = limitPanels(makePanels(allRows, isShown));
	const pointsOf = ({ percentiles }) =>
		percentiles.map(({ percent, ms }) => ({
			x: placePercent(percent, highest),
			y: ms,
		}));
	const cell = (row, percent) =>
		row.percentiles.find((one) => one.percent === percent)?.ms ?? null;
	return {
		id,
		title,
		lookFor:
			"A flat line answers everyone alike; where it turns up is the tail that users complain about. Each step to the right of p90 is ten times rarer.",
		notShown: loadCaveat + cut,
		alternative: `At p50 and p99 in ms: ${describeRows(
			rows.map((row) => [
				row.name,
				`${formatNumber(cell(row, 50))} and ${formatNumber(cell(row, 99))}`,
			]),
		)}`,
		table: {
			head: ["row", ...percents.map((percent) => `${percentName(percent)} ms`)],
			rows: rows.map((row) => [
				row.name,
				...percents.map((percent) => formatNumber(cell(row, percent))),
			]),
		},
		draw: (look) => drawLines(panels, pointsOf, axes, look),
	};
}

const mostHistograms = 24;
const histogramPx = 36;

function drawHistograms(rows, look) {
	const { widthPx } = look;
	const styles = makeStyles(look);
	const names = rows.map(({ name }) => name);
	const colourOf = new Map(styles.map(({ label, colour }) => [label, colour]));
	const panels = names.map((title) => ({ title }));
	const data = rows.flatMap(({ name, histogram }) => {
		const total = histogram.reduce((sum, { count }) => sum + count, 0);
		return histogram.map(({ fromMs, toMs, count }) => ({
			panel: name,
			fromMs,
			toMs,
			share: count / total,
		}));
	});
	const range = rows.map((row) => colourOf.get(shortName(row)));
	const { axis, scale } = logAxis(
		data.flatMap(({ fromMs, toMs }) => [fromMs * 1.04, toMs / 1.04]),
		{ title: "ms (log scale)" },
	);
	const view = {
		width: widthPx - 16,
		height: histogramPx,
		mark: "rect",
		encoding: {
			x: { field: "fromMs", type: "quantitative", scale, axis },
			x2: { field: "toMs" },
			y: {
				field: "share",
				type: "quantitative",
				scale: { domainMin: 0 },
				axis: null,
			},
			y2: { datum: 0 },
			color: { field: "panel", legend: null, scale: { domain: names, range } },
		},
	};
	const spec = facet(data, panels, view);
	return { ...spec, ...(panels.length > 1 ? { spacing: { row: 8 } } : {}) };
}

/** @type {(results: Kit.Summary) => Kit.Chart} */
export function histogramChart({ rows: allRows }) {
	const id = "histogram";
	const title = "Latency histogram";
	const rows = allRows.filter(({ histogram }) => histogram.length > 0);
	if (rows.length === 0) return { id, title, missing: noLatencies };
	const shown = rows.slice(0, mostHistograms);
	const bins = new Map(
		rows
			.flatMap(({ histogram }) => histogram)
			.sort((a, b) => a.fromMs - b.fromMs)
			.map(({ fromMs, toMs }) => [fromMs, toMs]),
	);
	const countIn = ({ histogram }, from) =>
		histogram.find(({ fromMs }) => fromMs === from)?.count ?? 0;
	const peak = ({ histogram }) =>
		histogram.reduce((best, bin) => (bin.count > best.count ? bin : best));
	return {
		id,
		title,
		lookFor:
			"One narrow hill: predictable. Two hills: two kinds of requests, say those that wait behind another. The height of a bar is its share of the row's requests.",
		notShown: `How rare slow requests are: a bar too low to see can still be the worst of your day; see the percentiles. Bars go from 1 to 2, 5, 10 and so on.${shown.length < rows.length ? ` The first ${shown.length} of ${rows.length} rows are drawn, all are in the table.` : ""}`,
		alternative: `Most requests took, in ms: ${describeRows(
			rows.map((row) => [row.name, `${peak(row).fromMs}–${peak(row).toMs}`]),
		)}`,
		table: {
			head: ["row", ...[...bins].map(([from, to]) => `${from}–${to} ms`)],
			rows: rows.map((row) => [
				row.name,
				...[...bins.keys()].map((from) =>
					countIn(row, from).toLocaleString("en-US"),
				),
			]),
		},
		draw: (look) => drawHistograms(shown, look),
	};
}
