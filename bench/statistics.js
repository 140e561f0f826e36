// Statistics over rounds. The round is the sample; ratios are paired within a round.
import jstat from "jstat";

const { jStat } = jstat;

/** Fewer rounds than this never give an interval. */
export const fewestRounds = 6;
const confidence = 0.95;

export function mean(values) {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values) {
	if (values.length === 0) return null;
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2
		? sorted[middle]
		: (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median, with the lowest and the highest value. */
export function spread(values) {
	if (values.length === 0) return { median: null, low: null, high: null };
	return {
		median: median(values),
		low: Math.min(...values),
		high: Math.max(...values),
	};
}

function standardDeviation(values) {
	const centre = mean(values);
	const squares = values.map((value) => (value - centre) ** 2);
	return Math.sqrt(
		squares.reduce((sum, value) => sum + value, 0) / (values.length - 1),
	);
}

/** Mean of the values with its 95 % t-interval; without enough of them `low` and `high` are null. */
function interval(values) {
	if (values.length === 0) return { centre: null, low: null, high: null };
	const centre = mean(values);
	if (values.length < fewestRounds) return { centre, low: null, high: null };
	const quantile = jStat.studentt.inv((1 + confidence) / 2, values.length - 1);
	const half =
		(quantile * standardDeviation(values)) / Math.sqrt(values.length);
	return { centre, low: centre - half, high: centre + half };
}

const exponential = (value) => (value === null ? null : Math.exp(value));

/**
 * The geometric mean of paired ratios [a, b] → a/b, with the 95 % t-interval of the mean of their logarithms. Without
 * enough rounds `low`, `high` and `distinguishable` are null.
 */
export function pairedRatio(pairs) {
	const logs = pairs
		.filter(([a, b]) => a > 0 && b > 0)
		.map(([a, b]) => Math.log(a / b));
	const { centre, low, high } = interval(logs);
	return {
		ratio: exponential(centre),
		low: exponential(low),
		high: exponential(high),
		rounds: logs.length,
		distinguishable: low === null ? null : low > 0 || high < 0,
	};
}

/** The mean of paired differences [a, b] → a - b, with its 95 % t-interval. */
export function pairedDifference(pairs) {
	const { centre, low, high } = interval(pairs.map(([a, b]) => a - b));
	return { difference: centre, low, high, rounds: pairs.length };
}
