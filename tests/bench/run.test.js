import assert from "node:assert/strict";
import { Writable } from "node:stream";
import test from "node:test";
import { createProgress } from "../../bench/progress.js";
import { createResults } from "../../bench/results.js";
import { expectedSeconds, run } from "../../bench/run.js";
import { describeTier } from "../../bench/tiers.js";
import {
	fakeLaunch,
	machine,
	makeRow,
	makeSettings,
	readResults,
	withDirectory,
} from "./helpers.js";

// Few, so that rounds with hosts that are slow are short.
const connections = 4;

/** A tier whose host is a fake; a ceiling is not expected to show the text. */
function fakeTier(mode, { isCeiling }) {
	const row = makeRow({ id: mode, build: null, connections });
	return { ...row, isCeiling, launch: () => fakeLaunch(mode) };
}

const constant = describeTier(
	makeRow({ id: "constant", build: null, connections }),
);

function makeContext(directory, tiers, change) {
	const texts = new Map([["short", ["one text", "and another"]]]);
	const settings = makeSettings(change);
	let said = "";
	const stream = new Writable({
		write(chunk, _encoding, done) {
			said += chunk;
			done();
		},
	});
	return {
		findTiers: () => ({ tiers: [...tiers], skipped: [] }),
		...{ directory, texts, settings },
		signal: new AbortController().signal,
		results: createResults({ directory, machine, settings }),
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
	const name = "wrong 4 connections";
	assert.deepEqual(leftOut, [{ name, id: "wrong", engine: null, reason }]);
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
	assert.deepEqual(leftOut, [
		{ name: tier.name, id: "slow", engine: "fast", reason },
	]);
});

test("every figure of a round is there", async () => {
	const { tiers } = await runTiers([
		fakeTier("slow", { isCeiling: true }),
		fakeTier("fails-sometimes", { isCeiling: true }),
	]);
	const [slow] = tiers;
	assert.equal(tiers[1].relative.to, slow.name);
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
	const { totals, percentiles, histogram } = slow;
	assert.equal(totals.requests, totals.answers.ok);
	assert.equal(totals.successRatio, 1);
	assert.ok(totals.bytesReceived > totals.requests * slow.responseBytes.mean);
	assert.ok(totals.bytesSent > totals.requests * 50);
	assert.equal(percentiles.at(-1).ms, max);
	const counted = histogram.reduce((sum, { count }) => sum + count, 0);
	assert.equal(counted, totals.requests);
	assert.equal(slow.relative.imagesPerSecond.ratio, 1);
	assert.ok(tiers[1].relative.imagesPerSecond.ratio > 1);
});

test("every transport is verified and measured, in batches, too", async () => {
	const rows = [
		{},
		{ transport: "post-raw", width: 300 },
		{ transport: "post-json", width: 300 },
		{ transport: "post-json", batchSize: 3 },
		{ transport: "grpc", width: 300 },
		{ transport: "grpc", batchSize: 3 },
	];
	const wanted = rows.map((row) =>
		describeTier(makeRow({ id: "addon", engine: "fast", connections, ...row })),
	);
	const { tiers, leftOut } = await runTiers(wanted, {
		// Long enough for the first answer by gRPC on a busy machine.
		...{ rounds: 1, durationSeconds: 1 },
	});
	assert.deepEqual(leftOut, []);
	assert.deepEqual(
		tiers.map(({ name }) => name),
		[
			"addon@fast 4 connections",
			"addon@fast 300 px 4 connections post-raw",
			"addon@fast 300 px 4 connections post-json",
			"addon@fast 4 connections post-json batch 3",
			"addon@fast 300 px 4 connections grpc",
			"addon@fast 4 connections grpc batch 3",
		],
	);
	for (const tier of tiers) {
		const { samples, batchSize, totals } = tier;
		assert.equal(samples.length, 1);
		const [{ requestsPerSecond, imagesPerSecond }] = samples;
		assert.equal(imagesPerSecond, requestsPerSecond * batchSize);
		assert.equal(totals.answers.other, 0);
		const sameWidth = tiers.find(({ width }) => width === tier.width);
		assert.equal(tier.responseBytes.mean, sameWidth.responseBytes.mean);
		assert.equal(tier.relative.to, sameWidth.name);
		assert.ok(totals.bytesReceived > totals.requests * batchSize * 100);
	}
});

test("as many rounds as the intervals need, within the limit", async () => {
	const tiers = [
		fakeTier("slow", { isCeiling: true }),
		fakeTier("slower", { isCeiling: true }),
	];
	const settings = { rounds: "auto", durationSeconds: 0.2 };
	const limited = await runTiers(tiers, { ...settings, limitMinutes: 0.001 });
	assert.equal(limited.tiers[0].rounds, 10);
});
