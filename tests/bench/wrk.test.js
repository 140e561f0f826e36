import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { latencyMs } from "../../bench/histogram.js";
import { startHost } from "../../bench/host.js";
import { runWrk, wrkVersion } from "../../bench/wrk.js";
import { fakeLaunch, withDirectory } from "./helpers.js";

async function load(mode, more) {
	const host = await startHost(fakeLaunch(mode));
	try {
		return await withDirectory(async (directory) => {
			const targetsFile = join(directory, "requests.txt");
			writeFileSync(targetsFile, "/qrcode?text=a\n/qrcode?text=b\n");
			return await runWrk({
				...{ url: host.url, targetsFile, connections: 16, durationSeconds: 1 },
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
	const { requests, seconds, bytes, failures, histogram } = await load("slow");
	assert.ok(requests > 20 && requests <= 200 * seconds + 1, `${requests}`);
	assert.equal(total(histogram), requests);
	assert.ok(seconds > 0.9 && seconds < 1.5, `${seconds} s`);
	assert.ok(bytes > requests * 500);
	const { p50, max } = latencyMs(histogram);
	assert.ok(p50 >= 5 && max >= p50, `p50 ${p50}, max ${max}`);
	const none = { connect: 0, read: 0, write: 0, timeout: 0, status: 0 };
	assert.deepEqual(failures, none);
});

test("parts of a second, failures and the generator's CPU are counted", async () => {
	let ends = 0;
	const { requests, seconds, failures, histogram, generatorCpuShare } =
		await load("fails", { durationSeconds: 0.4, onLoadEnd: () => ends++ });
	assert.ok(seconds > 0.3 && seconds < 0.9, `${seconds} s`);
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
	const start = performance.now();
	await assert.rejects(load("slow", { signal, durationSeconds: 20 }), {
		name: "TimeoutError",
	});
	assert.ok(performance.now() - start < 5000);
});

test("its version is known", () => {
	assert.match(wrkVersion(), /^wrk \d+\.\d+/);
});
