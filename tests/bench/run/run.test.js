import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import test from "node:test";
import { createProgress } from "../../../bench/commands/progress.js";
import { assignCpus } from "../../../bench/hosts/cpus.js";
import { startHost } from "../../../bench/hosts/host.js";
import { createResults } from "../../../bench/results/results.js";
import { expectedSeconds, run } from "../../../bench/run/run.js";
import { qrExchange } from "../../../bench/subjects/qr-exchange.js";
import { createQrVerifier } from "../../../bench/subjects/qr-verifier.js";
import { launchTier } from "../../../bench/subjects/tiers.js";
import {
	fakeLaunch,
	machine,
	makeRow,
	makeSettings,
	readResults,
	withDirectory,
} from "../helpers.js";

// Few, so that rounds with hosts that are slow are short.
const connections = 4;

/** A row whose host is started so, with answers as its verifier wants them. */
function complete(row, launch, verify = createQrVerifier()) {
	const start = (_row, options) => startHost({ ...launch(), ...options });
	const exchange = qrExchange(row);
	return { ...row, cpus: assignCpus(1), exchange, subject: { start, verify } };
}

async function takeAnyAnswer({ answers }) {
	for await (const { answer } of answers) assert.ok(answer.length > 0);
}

/** A row whose host is a fake, which is not expected to show the text unless that is verified. */
function fakeRow(mode, { isVerified, launch = () => fakeLaunch(mode) }) {
	const row = makeRow({ id: mode, build: null, connections });
	return complete(row, launch, isVerified ? undefined : takeAnyAnswer);
}

/** A row of one of our tiers; `verify` as in the others of a run. */
function ourRow(change, verify) {
	const row = makeRow({ connections, ...change });
	return complete(row, () => launchTier(row), verify);
}

const constant = ourRow({ id: "constant", build: null });

function makeContext(directory, rows, { onSay = () => {}, ...change }) {
	const texts = new Map([["short", ["one text", "and another"]]]);
	const settings = makeSettings(change);
	let said = "";
	const stream = new Writable({
		write(chunk, _encoding, done) {
			said += chunk;
			onSay(`${chunk}`);
			done();
		},
	});
	return {
		findRows: () => ({ rows: [...rows], skipped: [] }),
		directory,
		texts,
		settings,
		signal: new AbortController().signal,
		results: createResults({ directory, machine, settings }),
		progress: createProgress(stream, expectedSeconds(settings)),
		startsPerRow: 1,
		said: () => said,
	};
}

/** Measures those rows and gives results.json and what was said meanwhile. */
function runRows(rows, settings = { rounds: 2, durationSeconds: 0.3 }) {
	return withDirectory(async (directory) => {
		const context = makeContext(directory, rows, settings);
		await run(context);
		return { ...readResults(directory), said: context.said() };
	});
}

test("a tier that fails verification is left out, with the difference; the others go on", async () => {
	const { rows, leftOut, isComplete, said } = await runRows([
		fakeRow("wrong", { isVerified: true }),
		constant,
	]);
	const reason =
		'the image for the text "one text" (8 bytes) holds another text: at byte 0 0x61 instead of 0x6f';
	const name = "wrong 4 connections";
	assert.deepEqual(leftOut, [{ name, id: "wrong", engine: null, reason }]);
	assert.deepEqual(
		rows.map(({ id, rounds }) => [id, rounds]),
		[["constant", 2]],
	);
	assert.ok(isComplete);
	assert.ok(said.includes(reason));
});

test("a tier that cannot start or crashes is left out, with what it said", async () => {
	const { rows, leftOut } = await runRows([
		fakeRow("fails-to-start", { isVerified: false }),
		fakeRow("crashes", { isVerified: true }),
		fakeRow("not-built", {
			isVerified: false,
			launch: () => ({ command: "./no-such-file", args: [] }),
		}),
	]);
	assert.deepEqual(rows, []);
	assert.equal(
		leftOut[0].reason,
		"it ended with exit code 7 before it was ready: there is no [31mink",
	);
	assert.equal(leftOut[1].reason, "it ended with exit code 8: no paper");
	assert.match(leftOut[2].reason, /No such file or directory/);
});

test("a trial that nobody answers is tried for longer", () =>
	withDirectory(async (directory) => {
		const sign = join(directory, "sign");
		const launch = () => fakeLaunch("naps-once", sign);
		const row = fakeRow("naps-once", { isVerified: false, launch });
		const { rows, leftOut } = await runRows([row]);
		assert.ok(existsSync(sign), "it has napped");
		assert.deepEqual([rows.length, leftOut], [1, []]);
	}));

test("a host that refuses requests is asked once more what it says", async () => {
	const { rows, leftOut } = await runRows([
		fakeRow("fails-later", { isVerified: false }),
	]);
	assert.deepEqual(leftOut, []);
	const [{ statuses, failures }] = rows;
	assert.ok(failures.status > 0);
	assert.deepEqual(
		statuses.map(({ status, text }) => [status, text]),
		[[503, 'no "ink" left']],
	);
});

test("a host that dies keeps its rounds, and its last words are told", () =>
	withDirectory(async (directory) => {
		const sign = join(directory, "sign");
		const launch = () => fakeLaunch("dies-at-sign", sign);
		const { rows } = await runRows(
			[fakeRow("dies-at-sign", { isVerified: false, launch }), constant],
			{
				...{ rounds: 3, durationSeconds: 0.2 },
				onSay(line) {
					if (line.startsWith("round 2 of 3")) writeFileSync(sign, "");
				},
			},
		);
		const [dead, alive] = rows;
		assert.equal(dead.rounds, 1);
		assert.equal(dead.problem, "it ended with exit code 7: out of ink");
		assert.equal(alive.rounds, 3);
		assert.equal(alive.problem, null);
	}));

test("a host that uses another engine than it was told to is left out", async () => {
	const row = { ...fakeRow("slow", { isVerified: false }), engine: "fast" };
	const { leftOut } = await runRows([row]);
	const reason =
		"it was told to use the engine fast, but says that it uses none";
	assert.deepEqual(leftOut, [
		{ name: row.name, id: "slow", engine: "fast", reason },
	]);
});

test("every figure of a round is there", async () => {
	const { rows } = await runRows([
		fakeRow("slow", { isVerified: false }),
		fakeRow("fails-sometimes", { isVerified: false }),
	]);
	const [slow] = rows;
	assert.equal(rows[1].relative.to, slow.name);
	assert.deepEqual(
		[slow.id, slow.engine, slow.processes, slow.rounds],
		["slow", null, 1, 2],
	);
	const { median, low, high } = slow.requestsPerSecond;
	assert.ok(low <= median && median <= high && high < 210, `${low} to ${high}`);
	const { p50, p90, p99, max } = slow.latencyMs;
	assert.ok(5 <= p50 && p50 <= p90 && p90 <= p99 && p99 <= max);
	assert.ok(slow.cpuMicrosPerRequest.median > 3000);
	const { idle, peak } = slow.memoryBytes;
	assert.ok(peak >= idle && idle > 10e6, `${idle}, ${peak}`);
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
	assert.ok(rows[1].relative.imagesPerSecond.ratio > 1);
});

test("every transport is verified and measured, in batches, too", async () => {
	const changes = [
		{},
		{ transport: "post-raw", width: 300 },
		{ transport: "post-json", width: 300 },
		{ transport: "post-json", batchSize: 3 },
		{ transport: "grpc", width: 300 },
		{ transport: "grpc", batchSize: 3 },
	];
	const verify = createQrVerifier();
	const wanted = changes.map((change) =>
		ourRow({ id: "addon", engine: "fast", ...change }, verify),
	);
	const { rows, leftOut } = await runRows(wanted, {
		rounds: 1,
		durationSeconds: 1, // long enough for the first answer by gRPC on a busy machine
	});
	assert.deepEqual(leftOut, []);
	assert.deepEqual(
		rows.map(({ name }) => name),
		[
			"addon@fast 4 connections",
			"addon@fast 300 px 4 connections post-raw",
			"addon@fast 300 px 4 connections post-json",
			"addon@fast 4 connections post-json batch 3",
			"addon@fast 300 px 4 connections grpc",
			"addon@fast 4 connections grpc batch 3",
		],
	);
	for (const row of rows) {
		const { samples, batchSize, totals } = row;
		assert.equal(samples.length, 1);
		const [{ requestsPerSecond, imagesPerSecond }] = samples;
		assert.equal(imagesPerSecond, requestsPerSecond * batchSize);
		assert.equal(totals.answers.other, 0);
		const sameWidth = rows.find(({ width }) => width === row.width);
		assert.equal(row.responseBytes.mean, sameWidth.responseBytes.mean);
		assert.equal(row.relative.to, sameWidth.name);
		assert.ok(totals.bytesReceived > totals.requests * batchSize * 100);
	}
});

test("as many rounds as the intervals need, within the limit", async () => {
	const rows = [
		fakeRow("slow", { isVerified: false }),
		fakeRow("slower", { isVerified: false }),
	];
	const settings = { rounds: "auto", durationSeconds: 0.2 };
	const limited = await runRows(rows, { ...settings, limitMinutes: 0.001 });
	assert.deepEqual(
		limited.rows.map(({ problem, rounds }) => [problem, rounds]),
		[
			[null, 10],
			[null, 10],
		],
	);
});
