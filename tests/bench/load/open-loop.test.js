import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import test from "node:test";
import { parseRates } from "../../../bench/commands/parsers.js";
import { startHost } from "../../../bench/hosts/host.js";
import { runInNode, runOpenLoop } from "../../../bench/load/open-loop.js";
import { runSender } from "../../../bench/load/sender.js";
import { createLoad } from "../../../bench/load/workload.js";
import { describeLatencies } from "../../../bench/results/histogram.js";
import {
	addOpenLoad,
	describeOpenLoop,
	emptyPool,
} from "../../../bench/results/open-loop.js";
import { rateFor } from "../../../bench/run/open-loop-phase.js";
import { qrExchange } from "../../../bench/subjects/qr-exchange.js";
import { fakeLaunch, makeRow, withDirectory } from "../helpers.js";

const requests = [
	{ method: "GET", target: "/qrcode?text=a" },
	{
		method: "POST",
		target: "/qrcode",
		contentType: "text/plain",
		body: Buffer.from("b").toString("base64"),
	},
];

const load = (host, change) => ({
	url: host.url,
	requests,
	connections: 4,
	ratePerSecond: 100,
	durationSeconds: 0.5,
	...change,
});

/** use(host, directory) with a fake host of that mode. */
async function withHost(mode, use) {
	const host = await startHost(fakeLaunch(mode));
	try {
		await withDirectory((directory) => use(host, directory));
	} finally {
		await host.stop();
	}
}

const p99Ms = (counts) => describeLatencies(counts).latencyMs.p99;

/** How many requests took longer than half of a stall. */
const countStalled = (counts) =>
	[...counts]
		.filter(([us]) => us > 100_000)
		.reduce((sum, [, count]) => sum + count, 0);

test("rates are requests per second or shares of a row's own peak", () => {
	const rates = parseRates("10%,1000,200%");
	assert.deepEqual(rates, [
		{ wanted: "10%", share: 0.1 },
		{ wanted: "1000", perSecond: 1000 },
		{ wanted: "200%", share: 2 },
	]);
	const samples = [100, 300, 200].map((requestsPerSecond) => ({
		requestsPerSecond,
	}));
	assert.deepEqual(
		rates.map((rate) => rateFor(rate, samples)),
		[20, 1000, 400],
	);
	for (const value of ["", "fast", "0", "-1", "50 %", "1001%", "1e3", "10%%"])
		assert.throws(() => parseRates(value), /Give requests per second/, value);
	assert.throws(() => parseRates("10%,10%"), /Name each rate once/);
});

test("every request is sent when it is due, and counted once", () =>
	withHost("wrong", async (host, directory) => {
		let ends = 0;
		const result = await runOpenLoop(load(host, { ratePerSecond: 300 }), {
			directory,
			onLoadEnd: () => {
				ends += 1;
			},
		});
		const { due, answered, failures, fromDue, lag, bytes, sentPerSecond } =
			result;
		assert.deepEqual([due, answered, ends], [150, 150, 1]);
		const total = (counts) => [...counts.values()].reduce((a, b) => a + b, 0);
		assert.deepEqual([total(fromDue), total(lag)], [150, 150]);
		assert.deepEqual(
			Object.values(failures).reduce((a, b) => a + b, 0),
			0,
		);
		assert.ok(bytes.received > 150 * 500 && bytes.sent > 150 * 50);
		assert.ok(sentPerSecond <= 300.001, `${sentPerSecond}`);
		assert.ok(result.generatorCpuShare > 0);
		assert.deepEqual(readdirSync(directory), []);
	}));

test("a stall is met by all that is due meanwhile in the open loop, and by one request of a closed loop", () =>
	withHost("stalls", async (host, directory) => {
		const row = { ...makeRow({ id: "stalls" }), batchSize: 1 };
		row.exchange = qrExchange(row);
		const options = { durationSeconds: 2, connections: 1 };
		const runClosed = await createLoad(row, ["a"], { directory });
		const closed = await runClosed(host, 1, options);
		const open = await runOpenLoop(
			load(host, { ...options, ratePerSecond: 100 }),
			{ directory },
		);
		// It stalls for 200 ms of every second, in whose first half ten requests are due.
		const [inClosed, inOpen] = [closed.histogram, open.fromDue].map(
			countStalled,
		);
		assert.ok(inOpen > 2 * inClosed, `${inOpen} and ${inClosed} requests`);
	}));

test("overload: what is good stays what the server can do, and the queue shows", () =>
	withHost("slow", async (host, directory) => {
		const overload = { ratePerSecond: 400, durationSeconds: 1 };
		const result = await runOpenLoop(load(host, overload), { directory });
		// 5 ms of CPU time each: at most 200 a second.
		assert.equal(result.due, 400);
		assert.ok(result.good > 0 && result.good <= 210, `${result.good} good`);
		assert.equal(result.answered + result.failures.timeout, 400);
		assert.ok(p99Ms(result.fromDue) > 500);
	}));

test("failures by kind", async () => {
	await withHost("fails", async (host, directory) => {
		const result = await runOpenLoop(load(host), { directory });
		const { failures, statuses, answered } = result;
		assert.deepEqual([failures.status, answered], [25, 50]);
		assert.deepEqual([...(statuses ?? [])], [[503, 25]]);
	});
	await withDirectory(async (directory) => {
		const nobody = { url: "http://127.0.0.1:1" };
		const { failures } = await runOpenLoop(load(nobody), { directory });
		assert.equal(failures.connect, 50);
	});
});

/** Without TLS here: all but the opening of a connection is the same. */
test("the generator in Node.js, which is for TLS, finds the same as the C program", async () => {
	const runEach = (host, directory) =>
		Promise.all(
			[runInNode, runSender].map((run) =>
				run(
					{
						...load(host),
						schedule: Float64Array.from({ length: 50 }, (_, i) => i * 10),
						mostConnections: 4,
						timeoutSeconds: 10,
					},
					{ directory },
				),
			),
		);
	await withHost("wrong", async (host, directory) => {
		const [node, sender] = await runEach(host, directory);
		for (const name of ["due", "answered", "failures"])
			assert.deepEqual(node[name], sender[name], name);
		assert.ok(node.ownCpuSeconds > 0 && node.bytes.received > 50 * 500);
		for (const histogram of [node.fromDue, node.fromSend, node.lag])
			assert.equal(
				[...histogram.values()].reduce((a, b) => a + b, 0),
				50,
			);
		assert.deepEqual(readdirSync(directory), []);
	});
	await withHost("no-length", (host, directory) =>
		assert.rejects(runEach(host, directory), /its answers have no length/),
	);
	await withDirectory(async (directory) => {
		const nobody = { url: "http://127.0.0.1:1" };
		for (const { failures } of await runEach(nobody, directory))
			assert.equal(failures.connect, 50);
	});
});

test("answers without a length are refused in so many words", () =>
	withHost("no-length", (host, directory) =>
		assert.rejects(
			runOpenLoop(load(host), { directory }),
			/its answers have no length, without which/,
		),
	));

test("it can be stopped, and leaves no file", () =>
	withHost("wrong", async (host, directory) => {
		const signal = AbortSignal.timeout(300);
		await assert.rejects(
			runOpenLoop(load(host, { ratePerSecond: 0.1, durationSeconds: 60 }), {
				directory,
				signal,
			}),
			{ name: "TimeoutError" },
		);
		assert.deepEqual(readdirSync(directory), []);
	}));

/** What describeOpenLoop() says of two loads of 100/s with that lag and latency. */
function describe({ lagMs, latencyMs, sentPerSecond = 100 }) {
	const entry = { openLoop: [] };
	const failures = { connect: 0, read: 0, write: 0, timeout: 1, status: 0 };
	for (const good of [90, 80])
		addOpenLoad(
			entry,
			{ wanted: "50%", ratePerSecond: 100 },
			{
				...emptyPool(),
				fromDue: new Map([[latencyMs * 1000, 99]]),
				lag: new Map([[lagMs * 1000, 100]]),
				due: 200,
				answered: 99,
				good,
				failures,
				statuses: new Map([
					[429, 1],
					[503, good],
				]),
				sentPerSecond,
				generatorCpuShare: 0.5,
			},
		);
	return describeOpenLoop(entry.openLoop[0], 2);
}

test("loads are pooled; a generator that is late is marked", () => {
	const point = describe({ lagMs: 0.05, latencyMs: 5 });
	assert.deepEqual(
		[point.loads, point.due, point.answered, point.failures.timeout],
		[2, 400, 198, 2],
	);
	assert.deepEqual(point.statuses, [
		{ status: 503, count: 170 },
		{ status: 429, count: 2 },
	]);
	assert.deepEqual(point.goodputPerSecond, { median: 42.5, low: 40, high: 45 });
	assert.equal(point.latencyMs.p99, 5);
	const isLimited = (values) => describe(values).isGeneratorLimited;
	assert.equal(isLimited({ lagMs: 0.1, latencyMs: 0.2 }), false);
	assert.equal(isLimited({ lagMs: 0.2, latencyMs: 1 }), true);
	assert.equal(isLimited({ lagMs: 5, latencyMs: 500 }), false);
	assert.equal(
		isLimited({ lagMs: 0.1, latencyMs: 5, sentPerSecond: 90 }),
		true,
	);
});
