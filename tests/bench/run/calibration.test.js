import assert from "node:assert/strict";
import test from "node:test";
import { isGeneratorLimited } from "../../../bench/results/generator-limit.js";
import { calibrate } from "../../../bench/run/calibration.js";
import { createCeiling } from "../../../bench/subjects/ceiling.js";
import { withDirectory } from "../helpers.js";

test("calibration drives the server that does next to nothing, in both loops", () =>
	withDirectory(async (directory) => {
		const ceiling = createCeiling(["a", "b"]);
		const load = { connections: 4, withOpenLoop: true };
		const { server, connections, closedLoop, openLoop } = await calibrate(
			ceiling,
			load,
			{ directory },
		);
		assert.deepEqual([server, connections], ["server-constant", 4]);
		assert.ok(closedLoop.requestsPerSecond > 0);
		assert.ok(closedLoop.generatorCpuShare > 0);
		assert.ok("requestsPerSecond" in openLoop);
	}));

test("it can be stopped", () =>
	withDirectory((directory) =>
		assert.rejects(
			calibrate(
				createCeiling(["a"]),
				{ connections: 4, withOpenLoop: false },
				{ directory, signal: AbortSignal.timeout(300) },
			),
			{ name: "TimeoutError" },
		),
	));

test("a row is limited by a generator that has no CPU left, or comes near what that can drive", () => {
	const calibration = {
		closedLoop: { requestsPerSecond: 50_000, generatorCpuShare: 0.5 },
	};
	const rows = [
		[10_000, 0.5, false],
		[79_000, 0.5, false],
		[81_000, 0.5, true],
		[10_000, 0.95, true],
		[null, null, false],
	];
	for (const [requestsPerSecond, generatorCpuShare, expected] of rows)
		assert.equal(
			isGeneratorLimited({ requestsPerSecond, generatorCpuShare }, calibration),
			expected,
			`${requestsPerSecond} at ${generatorCpuShare}`,
		);
	const alone = { requestsPerSecond: 1e6, generatorCpuShare: 0.5 };
	assert.equal(isGeneratorLimited(alone, null), false);
});
