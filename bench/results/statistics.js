// Statistics over rounds. The round, with processes of its own, is the sample; ratios are paired within a round.
import jstat from "jstat";

const { jStat } = jstat;

/** Fewer rounds than this never give an interval. */
export const fewestRounds = 6;
export const confidence = 0.95;

/** @type {(values: number[]) => number} */
export function mean(values) {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @type {(values: number[]) => number | null} */
export function median(values) {
	if (values.length === 0) return null;
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2
		? sorted[middle]
		: (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The median, with the lowest and the highest value, of those that are known.
 * @type {(list: (number | null)[]) => Kit.Spread}
 */
export function spread(list) {
	const values = list.filter((value) => value !== null);
	if (values.length === 0) return { median: null, low: null, high: null };
	return {
		median: median(values),
		low: Math.min(...values),
		high: Math.max(...values),
	};
}

function variance(values, centre) {
	const squares = values.map((value) => (value - centre) ** 2);
	return squares.reduce((sum, value) => sum + value, 0) / (values.length - 1);
}

// What successive rounds have in common, where too few of them tell: 0.26 was seen. It weighs as much as that many rounds.
const usualCorrelation = 0.3;
const roundsOfUsual = 10;
const mostCorrelation = 0.6;

/**
 * The correlation of each value with the next one: as estimated (and made up for its bias, which is near -(1 + 3r)/n), drawn towards the
 * usual one. Never negative, since that would make intervals narrower than those of independent rounds.
 */
function correlation(values, centre) {
	const count = values.length;
	const product = values.slice(1).reduce((sum, value, i) => {
		return sum + (value - centre) * (values[i] - centre);
	}, 0);
	const squares = variance(values, centre) * (count - 1);
	if (squares === 0) return 0;
	const raw = product / squares;
	const estimate = raw + (1 + 3 * raw) / count;
	const found =
		(count * estimate + roundsOfUsual * usualCorrelation) /
		(count + roundsOfUsual);
	return Math.min(mostCorrelation, Math.max(0, found));
}

/** The mean of the values, and how far off it may be: its variance, with allowance for what successive values have in common. */
function estimateMean(values) {
	const centre = mean(values);
	const count = values.length;
	const r = correlation(values, centre);
	const inflation = (1 + r) / (1 - r);
	const unbiased =
		(variance(values, centre) * (count - 1)) / Math.max(1, count - inflation);
	return { centre, variance: (unbiased * inflation) / count };
}

/** Where Student's t is within ± this with that probability. */
const tQuantile = (level, degrees) =>
	jStat.studentt.inv((1 + level) / 2, degrees);

/** Mean of the values with its t-interval; without enough of them `low` and `high` are null. */
function interval(values, level = confidence) {
	if (values.length === 0) return { centre: null, low: null, high: null };
	if (values.length < fewestRounds)
		return { centre: mean(values), low: null, high: null };
	const { centre, variance } = estimateMean(values);
	const half = tQuantile(level, values.length - 1) * Math.sqrt(variance);
	return { centre, low: centre - half, high: centre + half };
}

const exponential = (value) => (value === null ? null : Math.exp(value));

/**
 * [figure of a row, the same of another] in the rounds that both have samples of.
 * @type {(row: Kit.Sampled, other: Kit.Sampled, figure: string) => Kit.Pairs}
 */
export function pairRounds(row, other, figure) {
	const ofOther = new Map(
		other.samples.map((sample) => [sample.round, sample[figure]]),
	);
	return row.samples
		.filter(({ round }) => ofOther.has(round))
		.map((sample) => [sample[figure], ofOther.get(sample.round)]);
}

/**
 * The geometric mean of paired ratios [a, b] → a/b, with the t-interval (95 %, unless another `level` is asked for) of the mean of their
 * logarithms. Without enough rounds `low`, `high` and `distinguishable` are null.
 * @type {(pairs: Kit.Pairs, level?: number) => Kit.Ratio}
 */
export function pairedRatio(pairs, level) {
	const logs = logRatios(pairs);
	return { ...ratioFrom(interval(logs, level)), rounds: logs.length };
}

/** @type {(pairs: any[]) => number[]} */
const logRatios = (pairs) =>
	pairs.filter(([a, b]) => a > 0 && b > 0).map(([a, b]) => Math.log(a / b));

function ratioFrom({ centre, low, high }) {
	return {
		ratio: exponential(centre),
		low: exponential(low),
		high: exponential(high),
		distinguishable: low === null ? null : low > 0 || high < 0,
	};
}

/** Difference of two means with Welch's interval: the variances may differ, and so may the counts. */
function welchInterval(a, b, level) {
	if (!a.length || !b.length) return { centre: null, low: null, high: null };
	if (Math.min(a.length, b.length) < fewestRounds)
		return { centre: mean(a) - mean(b), low: null, high: null };
	const [ofA, ofB] = [a, b].map(estimateMean);
	const centre = ofA.centre - ofB.centre;
	const sum = ofA.variance + ofB.variance;
	if (sum === 0) return { centre, low: centre, high: centre };
	const degrees =
		sum ** 2 /
		(ofA.variance ** 2 / (a.length - 1) + ofB.variance ** 2 / (b.length - 1));
	const half = tQuantile(level, degrees) * Math.sqrt(sum);
	return { centre, low: centre - half, high: centre + half };
}

/**
 * How the paired ratios of one run relate to those of another: geometric mean of the first over that of the second, with the interval
 * that holds it with the probability `level`; see pairedRatio. `rounds` are those of each.
 * @type {(pairsA: Kit.Pairs, pairsB: Kit.Pairs, level?: number) => Kit.Ratio}
 */
export function ratioOfRatios(pairsA, pairsB, level = confidence) {
	const [a, b] = [pairsA, pairsB].map(logRatios);
	const found = welchInterval(a, b, level);
	return { ...ratioFrom(found), rounds: [a.length, b.length] };
}

/**
 * The mean of paired differences [a, b] → a - b, with its 95 % t-interval.
 * @type {(pairs: Kit.Pairs) => { difference: number | null, low: number | null, high: number | null, rounds: number }}
 */
export function pairedDifference(pairs) {
	const differences = pairs.map(([a, b]) => Number(a) - Number(b));
	const { centre, low, high } = interval(differences);
	return { difference: centre, low, high, rounds: pairs.length };
}

/** Intervals of this half-width, as a share of the ratio, are narrow enough for --rounds auto. */
export const wantedHalfWidth = 0.025;

/**
 * Half the width of the interval of a ratio, as a share of it; null without one.
 * @type {(interval: { low: number | null, high: number | null }) => number | null}
 */
export function halfWidth({ low, high }) {
	return low === null || high === null ? null : Math.sqrt(high / low) - 1;
}
