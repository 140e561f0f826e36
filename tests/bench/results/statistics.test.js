import assert from "node:assert/strict";
import test from "node:test";
import {
	median,
	pairedDifference,
	pairedRatio,
	ratioOfRatios,
	spread,
} from "../../../bench/results/statistics.js";

const near = (got, wanted, tolerance = 1e-9) =>
	assert.ok(Math.abs(got - wanted) <= tolerance, `${got} is not ${wanted}`);

test("median of odd, even and no counts", () => {
	assert.equal(median([9, 1, 5]), 5);
	assert.equal(median([1, 10, 2, 3]), 2.5);
	assert.equal(median([]), null);
});

test("spread gives median, lowest and highest", () => {
	assert.deepEqual(spread([3, 1, 2]), { median: 2, low: 1, high: 3 });
	assert.deepEqual(spread([]), { median: null, low: null, high: null });
});

test("a paired ratio is the geometric mean with its t-interval", () => {
	// ln 1 to ln 6: mean 1.0965419, standard deviation 0.6626435, t(0.975; 5) = 2.5705818.
	const pairs = [1, 2, 3, 4, 5, 6].map((value) => [value, 1]);
	const { ratio, low, high, rounds, distinguishable } = pairedRatio(pairs);
	const half = (2.5705818366 * 0.6626434941) / Math.sqrt(6);
	near(ratio, 720 ** (1 / 6));
	near(Math.log(low), Math.log(ratio) - half, 1e-6);
	near(Math.log(high), Math.log(ratio) + half, 1e-6);
	assert.equal(rounds, 6);
	assert.equal(distinguishable, true);
});

test("pairing takes out what slows a whole round", () => {
	const drift = [1, 0.5, 2, 0.1, 3, 1, 0.7, 5];
	const { ratio, low, high } = pairedRatio(drift.map((d) => [30 * d, 10 * d]));
	near(ratio, 3);
	near(low, 3);
	near(high, 3);
});

test("an interval that holds 1 is not distinguishable", () => {
	const pairs = [1.1, 0.9, 1.05, 0.95, 1.02, 0.98].map((value) => [value, 1]);
	assert.equal(pairedRatio(pairs).distinguishable, false);
});

test("fewer than six rounds give no interval", () => {
	const pairs = [1, 2, 3, 4, 5].map((value) => [value * 2, value]);
	const { ratio, low, high, rounds, distinguishable } = pairedRatio(pairs);
	near(ratio, 2);
	assert.deepEqual([low, high, rounds, distinguishable], [null, null, 5, null]);
	assert.equal(pairedRatio([]).ratio, null);
});

test("a paired difference is the mean with its t-interval", () => {
	const pairs = [1, 2, 3, 4, 5, 6].map((value) => [10 * value, 9 * value]);
	const { difference, low, high, rounds } = pairedDifference(pairs);
	// 1 to 6: standard deviation 1.8708287, t(0.975; 5) = 2.5705818.
	const half = (2.5705818366 * 1.8708286934) / Math.sqrt(6);
	near(difference, 3.5);
	near(low, 3.5 - half, 1e-6);
	near(high, 3.5 + half, 1e-6);
	assert.equal(rounds, 6);
	const few = pairedDifference([[3, 1]]);
	assert.deepEqual(few, { difference: 2, low: null, high: null, rounds: 1 });
	assert.equal(pairedDifference([]).difference, null);
});

/** Ratios with those logarithms. */
const withLogs = (logs) => logs.map((log) => [Math.exp(log), 1]);

test("a ratio of ratios has Welch's interval", () => {
	// A textbook case: t = -2.455, 24.99 degrees of freedom; the quantiles of t are 2.0595865 and 2.7875402.
	const a = [
		27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6,
		19.0, 21.7, 21.4,
	];
	const b = [
		27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1,
		22.9, 20.5, 24.4,
	];
	const [ofA, ofB] = [withLogs(a), withLogs(b)];
	const found = ratioOfRatios(ofA, ofB);
	near(Math.log(found.ratio), -2.1666667, 1e-6);
	near(Math.log(found.low), -3.9840963, 1e-6);
	near(Math.log(found.high), -0.3492371, 1e-6);
	assert.deepEqual(found.rounds, [15, 15]);
	assert.equal(found.distinguishable, true);
	const wider = ratioOfRatios(ofA, ofB, 0.99);
	near(Math.log(wider.low), -4.6264605, 1e-6);
	near(Math.log(wider.high), 0.2931271, 1e-6);
	assert.equal(wider.distinguishable, false);
});

test("a ratio of ratios without variance, or without enough rounds", () => {
	const [two, one] = [withLogs(Array(6).fill(2)), withLogs(Array(6).fill(1))];
	const { low, high } = ratioOfRatios(two, one);
	near(low, Math.E);
	near(high, Math.E);
	const few = ratioOfRatios(two, one.slice(1));
	near(few.ratio, Math.E);
	assert.deepEqual([few.low, few.distinguishable], [null, null]);
	assert.equal(ratioOfRatios([], one).ratio, null);
});

test("an interval of another level", () => {
	const pairs = [1, 2, 3, 4, 5, 6].map((value) => [value, 1]);
	const { ratio, high } = pairedRatio(pairs, 0.99);
	// t(0.995; 5) = 4.0321430
	const half = (4.032142984 * 0.6626434941) / Math.sqrt(6);
	near(Math.log(high) - Math.log(ratio), half, 1e-6);
});
