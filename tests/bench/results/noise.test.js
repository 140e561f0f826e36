import assert from "node:assert/strict";
import test from "node:test";
import { findNoise } from "../../../bench/results/noise.js";

const samplesOf = (rates) =>
	rates.map((imagesPerSecond, i) => ({ round: i + 1, imagesPerSecond }));

test("even rounds are quiet", () => {
	const { deviation, outliers } = findNoise(
		samplesOf([100, 101, 99, 100, 102, 98, 100]),
	);
	assert.ok(deviation > 0.005 && deviation < 0.02, `${deviation}`);
	assert.deepEqual(outliers, []);
});

test("a round that was disturbed is an outlier, and does not make the others noisy", () => {
	const { deviation, outliers } = findNoise(
		samplesOf([100, 101, 99, 60, 102, 98, 100]),
	);
	assert.ok(deviation < 0.03, `${deviation}`);
	assert.deepEqual(outliers, [{ round: 4, share: -0.4 }]);
});

test("equal rounds have no outlier for a difference that does not matter", () => {
	assert.deepEqual(
		findNoise(samplesOf([100, 100, 100, 100, 104])).outliers,
		[],
	);
});

test("rounds that differ all over are noisy, not outliers", () => {
	const { deviation, outliers } = findNoise(
		samplesOf([100, 150, 60, 90, 130, 75, 110]),
	);
	assert.ok(deviation > 0.2, `${deviation}`);
	assert.deepEqual(outliers, []);
});

test("too few rounds tell nothing", () => {
	assert.equal(findNoise(samplesOf([100, 50, 100, 100])), null);
});
