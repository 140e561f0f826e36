// How much a tier gets done.
import { unitOfWork } from "../columns.js";
import { formatNumber, formatRange, formatRatio } from "../format.js";
import { makeFigureChart } from "./figures.js";
import { shortName } from "./rows.js";

const mark = (isLimited) => (isLimited ? " *" : "");
const noRounds = "No round was measured.";

/** @type {(results: Kit.Summary) => Kit.Chart} */
export function throughputChart(results) {
	const unit = unitOfWork(results);
	return makeFigureChart(results.rows, {
		id: "throughput",
		title: `Throughput: ${unit}s a second`,
		lookFor:
			"Each dot is the median of the rounds, each tick one round, the band from the slowest to the fastest. Where bands overlap, look at the next chart before calling one tier faster.",
		notShown:
			"What happens below full load: each connection sends its next request as soon as the last was answered, so the server is always as busy as it can be. A * marks a row that was limited by the load generator: the tier may be faster.",
		missing: noRounds,
		axis: { title: `${unit}s/s`, unit: "" },
		figuresOf: ({ imagesPerSecond, samples, isGeneratorLimited }) => ({
			value: imagesPerSecond.median,
			low: imagesPerSecond.low,
			high: imagesPerSecond.high,
			marks: samples.map((sample) => sample.imagesPerSecond),
			text: formatNumber(imagesPerSecond.median) + mark(isGeneratorLimited),
		}),
		columns: [
			[`${unit}s/s`, ({ imagesPerSecond: { median } }) => formatNumber(median)],
			[
				"lowest–highest round",
				({ imagesPerSecond: { low, high } }) => formatRange(low, high),
			],
			["rounds", ({ rounds }) => `${rounds}`],
		],
	});
}

/** What is 1 in ratios: "js", or the bases' names where several workloads have none in common. */
function nameBase({ rows }) {
	const bases = new Set(rows.map(({ relative }) => relative.to));
	if (bases.size === 1) return [...bases][0];
	const labels = new Set(
		rows.filter(({ name }) => bases.has(name)).map(shortName),
	);
	return labels.size === 1
		? `${[...labels][0]} under the same load`
		: "the first of the same load";
}

/** @type {(results: Kit.Summary) => Kit.Chart} */
export function speedupChart(results) {
	const base = nameBase(results);
	const ratioOf = ({ relative }) => relative.imagesPerSecond;
	// The base itself is the line at 1.
	const isBase = ({ name, relative }) => relative.to === name;
	return makeFigureChart(results.rows, {
		id: "speedup",
		title: `Times as fast as ${base}`,
		lookFor:
			"The dot is the ratio of the rates within each round, the band its 95 % confidence interval. A band that crosses the dashed line at 1 means: not distinguishable.",
		notShown:
			"Whether it matters: a service that makes ten images a minute gains nothing from any of this.",
		missing: "There is nothing to compare: only one row has rounds.",
		axis: { title: `times the rate of ${base}`, unit: "x", reference: 1 },
		figuresOf: (row) => {
			const { ratio, low, high } = ratioOf(row);
			if (isBase(row)) return { value: null };
			return { value: ratio, low, high, text: formatRatio(ratio) };
		},
		columns: [
			["relative to", ({ relative }) => relative.to],
			["times", (row) => formatRatio(ratioOf(row).ratio)],
			[
				"95 % interval",
				(row) =>
					ratioOf(row).low === null
						? "–"
						: `${formatRatio(ratioOf(row).low)}–${formatRatio(ratioOf(row).high)}`,
			],
			["rounds", (row) => `${ratioOf(row).rounds}`],
		],
	});
}
