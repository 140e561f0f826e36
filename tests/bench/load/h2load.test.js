import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http2";
import { join } from "node:path";
import test from "node:test";
import { h2loadVersion, runH2load } from "../../../bench/load/h2load.js";
import { describeLatencies } from "../../../bench/results/histogram.js";
import { within } from "../../contract/http.js";
import { withDirectory } from "../helpers.js";

const answer = Buffer.alloc(400, 1);
const grpcHeaders = { ":status": 200, "content-type": "application/grpc" };

/** A server that answers like gRPC, after so long; every `failEvery`th call with a status that is not OK. */
async function withServer({ delayMs, failEvery }, use) {
	const bodies = new Set();
	let calls = 0;
	const server = createServer();
	server.on("stream", async (stream) => {
		stream.on("error", () => {});
		bodies.add(Buffer.concat(await stream.toArray()).toString("latin1"));
		calls += 1;
		if (delayMs) await new Promise((done) => setTimeout(done, delayMs));
		if (stream.destroyed) return;
		if (calls % failEvery === 0) {
			const failure = { ...grpcHeaders, "grpc-status": "8" };
			stream.respond(failure, { endStream: true });
			return;
		}
		stream.respond(grpcHeaders, { waitForTrailers: true });
		stream.on("wantTrailers", () =>
			stream.sendTrailers({ "grpc-status": "0" }),
		);
		stream.end(answer);
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	try {
		await use(`http://127.0.0.1:${server.address().port}/a.B/C`, bodies);
	} finally {
		server.close();
	}
}

function load(url, more = {}) {
	return withDirectory((directory) => {
		const bodyFile = join(directory, "body");
		writeFileSync(bodyFile, Buffer.from("\0\x01\xff body", "latin1"));
		const size = { connections: 4, durationSeconds: 0.4 };
		const answerNbytes = answer.length;
		return runH2load({ url, bodyFile, ...size, answerNbytes, ...more });
	});
}

const total = (histogram) =>
	[...histogram.values()].reduce((sum, count) => sum + count, 0);

test("requests, latencies and bytes are counted", () =>
	withServer({ delayMs: 5 }, async (url, bodies) => {
		let ends = 0;
		const result = await load(url, { onLoadEnd: () => ends++ });
		const { requests, seconds, bytes, bytesSent, failures } = result;
		assert.deepEqual([...bodies], ["\0\x01\xff body"]);
		assert.ok(seconds > 0.35, `${seconds} s`);
		const most = (4 * seconds) / 0.004; // of four connections at 4 ms or more each
		assert.ok(requests > 0 && requests <= most + 4, `${requests}`);
		assert.equal(total(result.histogram), requests);
		assert.ok(describeLatencies(result.histogram).latencyMs.min >= 4);
		assert.ok(bytes > requests * answer.length);
		assert.equal(bytesSent, requests * 8);
		assert.ok(Object.values(failures).every((count) => count === 0));
		assert.equal(ends, 1);
	}));

test("its CPU time is counted", () =>
	withServer({}, async (url) => {
		// Enough of it, since it is known in steps of 10 ms.
		const { generatorCpuShare } = await load(url, { durationSeconds: 1.5 });
		assert.ok(generatorCpuShare > 0, "none");
		assert.ok(generatorCpuShare < 1.1, `${generatorCpuShare}`);
	}));

test("answers without a message are failures, although their HTTP status is 200", () =>
	withServer({ failEvery: 4 }, async (url) => {
		const { requests, failures } = await load(url);
		assert.ok(failures.status > 0);
		const wanted = requests / 4;
		assert.ok(Math.abs(failures.status - wanted) <= 5, `${failures.status}`);
	}));

test("a server that is not there answers nothing", async () => {
	const { requests } = await load("http://127.0.0.1:1/");
	assert.equal(requests, 0);
});

test("it can be stopped", () =>
	withServer({}, async (url) => {
		const signal = AbortSignal.timeout(300);
		const running = load(url, { signal, durationSeconds: 600 });
		const rejected = assert.rejects(running, { name: "TimeoutError" });
		await within("its end", rejected);
	}));

test("its version is known", () => {
	assert.match(h2loadVersion(), /^h2load \d+\.\d+/);
});
