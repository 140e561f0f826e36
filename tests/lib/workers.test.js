import assert from "node:assert/strict";
import { once } from "node:events";
import test from "node:test";
import { Worker } from "node:worker_threads";
import { toBufferSync } from "../../lib/index.js";

const addonUrl = JSON.stringify(
	new URL("../../lib/index.js", import.meta.url).href,
);

function startWorker(body) {
	const code = `import { parentPort } from "node:worker_threads"; import { toBuffer, toBufferSync } from ${addonUrl}; ${body}`;
	return new Worker(
		new URL(`data:text/javascript,${encodeURIComponent(code)}`),
	);
}

test("workers encode at the same time as the main thread", async () => {
	const workers = Array.from({ length: 4 }, () =>
		startWorker(`
			let last;
			for (let i = 0; i < 500; i++) last = i % 2 ? toBufferSync("text " + i) : await toBuffer("text " + i);
			parentPort.postMessage(last);`),
	);
	const answers = workers.map((worker) => once(worker, "message"));
	for (let i = 0; i < 200; i++) toBufferSync(`main ${i}`);
	for (const [bytes] of await Promise.all(answers))
		assert.deepEqual(Buffer.from(bytes), toBufferSync("text 499"));
	await Promise.all(workers.map((worker) => worker.terminate()));
});

test("a worker can be terminated in the middle of calls, again and again", async () => {
	for (let round = 0; round < 25; round++) {
		const worker = startWorker(`
			parentPort.postMessage("ready");
			for (;;) await Promise.all(Array.from({ length: 20 }, (_, i) => toBuffer("x".repeat(1500), { width: 2000 + i })));`);
		await once(worker, "message");
		await new Promise((resolve) => setTimeout(resolve, round));
		await worker.terminate();
	}
	assert.ok(toBufferSync("still here").length > 0);
});

test("the process can end while calls are in flight", async () => {
	const { spawnSync } = await import("node:child_process");
	const code = `import { toBuffer } from ${addonUrl}; for (let i = 0; i < 50; i++) toBuffer("x".repeat(2000), { width: 4000 }); process.exit(7);`;
	const result = spawnSync(
		process.execPath,
		["--input-type=module", "--eval", code],
		{ encoding: "utf8" },
	);
	assert.equal(result.status, 7, result.stderr);
	assert.equal(result.stderr, "");
});
