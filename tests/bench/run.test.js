import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import test from "node:test";
import { targetFor } from "../../bench/http.js";
import { createProgress } from "../../bench/progress.js";
import { createResults } from "../../bench/results.js";
import { expectedSeconds, run } from "../../bench/run.js";
import { describeTier } from "../../bench/tiers.js";
import { fakeLaunch, readResults, withDirectory } from "./helpers.js";

/** A tier whose host is a fake; a ceiling is not expected to show the text. */
function fakeTier(mode, { isCeiling }) {
	return { id: mode, engine: null, isCeiling, launch: () => fakeLaunch(mode) };
}

const constant = describeTier(
	{ id: "constant" },
	{ processes: 1, node: process.execPath },
);

function makeContext(directory, tiers, { rounds, durationSeconds }) {
	const texts = ["one text", "and another"];
	const targetsFile = join(directory, "requests.txt");
	writeFileSync(targetsFile, `${texts.map(targetFor).join("\n")}\n`);
	const settings = {
		...{ rounds, durationSeconds, connections: 4, processes: 1, engines: [] },
	};
	let said = "";
	const stream = new Writable({
		write(chunk, _encoding, done) {
			said += chunk;
			done();
		},
	});
	return {
		...{ findTiers: () => [...tiers], texts, targetsFile, settings },
		cpus: { areShared: true },
		signal: new AbortController().signal,
		results: createResults({ directory, machine: {}, settings }),
		progress: createProgress(stream, expectedSeconds(settings)),
		said: () => said,
	};
}

/** Runs those tiers and gives results.json and what was said meanwhile. */
function runTiers(tiers, settings = { rounds: 2, durationSeconds: 0.3 }) {
	return withDirectory(async (directory) => {
		const context = makeContext(directory, tiers, settings);
		await run(context);
		return { ...readResults(directory), said: context.said() };
	});
}

test("a tier that fails verification is left out, with the difference; the others go on", async () => {
	const { tiers, leftOut, isComplete, said } = await runTiers([
		fakeTier("wrong", { isCeiling: false }),
		constant,
	]);
	const reason =
		'the image for the text "one text" (8 bytes) holds another text: at byte 0 0x61 instead of 0x6f';
	assert.deepEqual(leftOut, [{ id: "wrong", engine: null, reason }]);
	assert.deepEqual(
		tiers.map(({ id, rounds }) => [id, rounds]),
		[["constant", 2]],
	);
	assert.ok(isComplete);
	assert.ok(said.includes(reason));
});

test("a tier that cannot start or crashes is left out, with what it said", async () => {
	const { tiers, leftOut } = await runTiers([
		fakeTier("fails-to-start", { isCeiling: true }),
		fakeTier("crashes", { isCeiling: false }),
		{
			...fakeTier("not-built", { isCeiling: true }),
			launch: () => ({ command: "./no-such-file", args: [] }),
		},
	]);
	assert.deepEqual(tiers, []);
	assert.equal(
		leftOut[0].reason,
		"it ended with exit code 7 before it was ready: there is no [31mink",
	);
	assert.equal(leftOut[1].reason, "it ended with exit code 8: no paper");
	assert.match(leftOut[2].reason, /No such file or directory/);
});

test("a host that dies keeps its rounds, and its last words are told", async () => {
	const { tiers } = await runTiers(
		[fakeTier("dies-later", { isCeiling: true }), constant],
		{ rounds: 15, durationSeconds: 0.2 },
	);
	const [dead, alive] = tiers;
	assert.ok(dead.rounds > 0 && dead.rounds < 15, `${dead.rounds} rounds`);
	assert.equal(dead.problem, "it ended with exit code 7: out of ink");
	assert.equal(alive.rounds, 15);
	assert.equal(alive.problem, null);
});

test("a host that uses another engine than it was told to is left out", async () => {
	const tier = { ...fakeTier("slow", { isCeiling: true }), engine: "fast" };
	const { leftOut } = await runTiers([tier]);
	const reason =
		"it was told to use the engine fast, but says that it uses none";
	assert.deepEqual(leftOut, [{ id: "slow", engine: "fast", reason }]);
});

test("every figure of a round is there", async () => {
	const { tiers, relativeTo } = await runTiers([
		fakeTier("slow", { isCeiling: true }),
		fakeTier("fails-sometimes", { isCeiling: true }),
	]);
	const [slow] = tiers;
	assert.equal(relativeTo, "slow");
	assert.deepEqual(
		[slow.id, slow.engine, slow.processes, slow.rounds],
		["slow", null, 1, 2],
	);
	const { median, low, high } = slow.requestsPerSecond;
	assert.ok(low <= median && median <= high && high < 210, `${low} to ${high}`);
	const { p50, p90, p99, max } = slow.latencyMs;
	assert.ok(5 <= p50 && p50 <= p90 && p90 <= p99 && p99 <= max);
	assert.ok(slow.cpuMicrosPerRequest.median > 3000);
	assert.ok(slow.memoryBytes.rssPeak >= slow.memoryBytes.pssPeak);
	assert.ok(slow.memoryBytes.pssPeak > 10e6);
	assert.equal(slow.memoryBytes.isLowerBound, false);
	assert.ok(slow.startupMs > 10);
	assert.ok(slow.responseBytes.mean > 100);
	assert.equal(slow.relative.requestsPerSecond.ratio, 1);
	assert.ok(tiers[1].relative.requestsPerSecond.ratio > 1);
});
