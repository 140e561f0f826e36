import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import test from "node:test";
import { startHost } from "../../../bench/hosts/host.js";
import { runWrk, wrkRequests, wrkVersion } from "../../../bench/load/wrk.js";
import { describeLatencies } from "../../../bench/results/histogram.js";
import { within } from "../../contract/http.js";
import { fakeLaunch, withDirectory } from "../helpers.js";

const requests = ["a", "b"].map((text) => ({
	method: "GET",
	target: `/qrcode?text=${text}`,
}));

async function load(mode, more) {
	const host = await startHost(fakeLaunch(mode));
	try {
		return await withDirectory(async (directory) => {
			const requestsFile = join(directory, "requests");
			writeFileSync(requestsFile, wrkRequests(requests));
			return await runWrk({
				url: host.url,
				requestsFile,
				connections: 16,
				durationSeconds: 1,
				...more,
			});
		});
	} finally {
		await host.stop();
	}
}

const total = (histogram) =>
	[...histogram.values()].reduce((sum, count) => sum + count, 0);

test("every request is in the histogram, once", async () => {
	const startMs = performance.now();
	const { requests, seconds, bytes, failures, histogram } = await load("slow");
	const elapsedSeconds = (performance.now() - startMs) / 1000;
	assert.ok(requests > 0 && requests <= 200 * seconds + 1, `${requests}`);
	assert.equal(total(histogram), requests);
	assert.ok(seconds > 0.9 && seconds < elapsedSeconds, `${seconds} s`);
	assert.ok(bytes > requests * 500);
	const { p50, max } = describeLatencies(histogram).latencyMs;
	assert.ok(p50 >= 5 && max >= p50, `p50 ${p50}, max ${max}`);
	const none = { connect: 0, read: 0, write: 0, timeout: 0, status: 0 };
	assert.deepEqual(failures, none);
});

test("with an eye on the answers it tells how many had which status, and what the first said", async () => {
	const plain = await load("fails");
	assert.deepEqual(plain.statuses, []);
	const { failures, statuses } = await load("fails", { countsStatuses: true });
	const [{ status, count, text }, ...others] = statuses;
	assert.deepEqual([status, text, others], [503, 'no "ink" left', []]);
	assert.ok(failures.status > 0);
	// What wrk has counted when it stops may lack the last answers.
	assert.ok(Math.abs(count - failures.status) <= 16, `${count}`);
});

test("bodies arrive as they are, and what was sent is counted", async () => {
	const bodies = ["two\nlines\n", Buffer.from("\xff\0\x01", "latin1"), "{}"];
	const wanted = bodies.map((body, i) => ({
		method: "POST",
		target: `/${i}`,
		contentType: `text/${i}`,
		body: Buffer.from(body),
	}));
	const seen = new Map();
	const sizes = new Map();
	const server = createServer(async (request, response) => {
		const { method, url, headers, rawHeaders } = request;
		const body = Buffer.concat(await request.toArray());
		seen.set(url, [headers["content-type"], body]);
		// "POST /0 HTTP/1.1", each name and value with 2 bytes behind them, and an empty line.
		const head = `${method} ${url} HTTP/1.1`.length + 4;
		const strings = rawHeaders.map(({ length }) => length + 2);
		sizes.set(
			url,
			[head, ...strings, body.length].reduce((m, n) => m + n),
		);
		response.end("ok");
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	const url = `http://127.0.0.1:${server.address().port}`;
	const { bytesSent, ...result } = await withDirectory((directory) => {
		const requestsFile = join(directory, "requests");
		writeFileSync(requestsFile, wrkRequests(wanted));
		const size = { connections: 2, durationSeconds: 0.3 };
		return runWrk({ url, requestsFile, ...size });
	}).finally(() => server.close());
	for (const { target, contentType, body } of wanted)
		assert.deepEqual(seen.get(target), [contentType, body]);
	const meanNbytes = [...sizes.values()].reduce((m, n) => m + n) / 3;
	const error = bytesSent / result.requests - meanNbytes;
	assert.ok(Math.abs(error) <= 0.1, `${error} bytes a request`);
	assert.equal(result.failures.status, 0);
});

test("parts of a second, failures and the generator's CPU are counted", async () => {
	let ends = 0;
	const { requests, seconds, failures, histogram, generatorCpuShare } =
		await load("fails", { durationSeconds: 1.2, onLoadEnd: () => ends++ });
	assert.ok(seconds > 1.1, `${seconds} s`);
	assert.ok(Math.abs(failures.status - requests / 2) <= 16);
	assert.equal(total(histogram), requests);
	assert.ok(generatorCpuShare > 0 && generatorCpuShare < 1.1);
	assert.equal(ends, 1);
});

test("a server that is not there is an error that says so", async () => {
	const url = "http://127.0.0.1:1";
	await assert.rejects(
		load("slow", { url }),
		/127\.0\.0\.1:1 Connection refused/,
	);
});

test("it can be stopped", async () => {
	const signal = AbortSignal.timeout(300);
	const running = load("slow", { signal, durationSeconds: 600 });
	const rejected = assert.rejects(running, { name: "TimeoutError" });
	await within("its end", rejected);
});

test("its version is known", () => {
	assert.match(wrkVersion(), /^wrk \d+\.\d+/);
});
