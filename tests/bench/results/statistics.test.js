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

/** Low and high in turn: values whose successors have nothing in common with them, so that intervals need no allowance for it. */
const zigzag = (values) => {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted.map((_, i) =>
		i % 2 ? sorted.at(-(i + 1) / 2) : sorted[i / 2],
	);
};

test("a paired ratio is the geometric mean with its t-interval", () => {
	// ln 1 to ln 6: mean 1.0965419, standard deviation 0.6626435, t(0.975; 5) = 2.5705818.
	const pairs = zigzag([1, 2, 3, 4, 5, 6]).map((value) => [value, 1]);
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
	const pairs = zigzag([1, 2, 3, 4, 5, 6]).map((x) => [10 * x, 9 * x]);
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
	const [ofA, ofB] = [a, b].map((values) => withLogs(zigzag(values)));
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
	const pairs = zigzag([1, 2, 3, 4, 5, 6]).map((value) => [value, 1]);
	const { ratio, high } = pairedRatio(pairs, 0.99);
	// t(0.995; 5) = 4.0321430
	const half = (4.032142984 * 0.6626434941) / Math.sqrt(6);
	near(Math.log(high) - Math.log(ratio), half, 1e-6);
});

/** Numbers from 0 to 1, the same for the same seed (Park and Miller's generator). */
function makeRandom(seed) {
	let state = seed;
	return () => {
		state = (state * 48271) % 2147483647;
		return state / 2147483647;
	};
}

/** The share of simulated runs whose interval holds the truth, where a process and a round each have luck and noise of their own. */
function coverage({ rounds, luck, noise, lagOne }) {
	const random = makeRandom(20261129);
	const gauss = () =>
		Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
	const runs = 4000;
	let held = 0;
	for (let run = 0; run < runs; run += 1) {
		let state = gauss();
		const logs = Array.from({ length: rounds }, () => {
			const log = luck * gauss() + noise * state;
			state = lagOne * state + Math.sqrt(1 - lagOne ** 2) * gauss();
			return log;
		});
		const { low, high } = pairedRatio(withLogs(logs));
		if (low <= 1 && high >= 1) held += 1;
	}
	return held / runs;
}

test("95 % intervals hold the truth where each process has its luck and successive rounds have noise in common", () => {
	for (const rounds of [8, 10, 20, 40]) {
		const held = coverage({ rounds, luck: 0.05, noise: 0.05, lagOne: 0.3 });
		assert.ok(held >= 0.94 && held <= 0.96, `${rounds} rounds: ${held}`);
	}
});

test("intervals of independent rounds are no narrower than 95 % and little wider", () => {
	for (const rounds of [8, 40]) {
		const held = coverage({ rounds, luck: 0.05, noise: 0, lagOne: 0 });
		assert.ok(held >= 0.945 && held <= 0.98, `${rounds} rounds: ${held}`);
	}
});
