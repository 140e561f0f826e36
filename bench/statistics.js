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

/**
 * The geometric mean of paired ratios [a, b] → a/b, with the 95 % t-interval of the mean of their logarithms. Without
 * enough rounds `low`, `high` and `distinguishable` are null.
 */
export function pairedRatio(pairs) {
	const logs = pairs
		.filter(([a, b]) => a > 0 && b > 0)
		.map(([a, b]) => Math.log(a / b));
	const rounds = logs.length;
	if (rounds === 0)
		return {
			ratio: null,
			low: null,
			high: null,
			rounds,
			distinguishable: null,
		};
	const centre = mean(logs);
	const ratio = Math.exp(centre);
	if (rounds < fewestRounds)
		return { ratio, low: null, high: null, rounds, distinguishable: null };
	const quantile = jStat.studentt.inv((1 + confidence) / 2, rounds - 1);
	const half = (quantile * standardDeviation(logs)) / Math.sqrt(rounds);
	const [low, high] = [Math.exp(centre - half), Math.exp(centre + half)];
	return { ratio, low, high, rounds, distinguishable: low > 1 || high < 1 };
}
