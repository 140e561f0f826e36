// Calls leave nothing behind.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import test from "node:test";

const root = path.join(import.meta.dirname, "../..");

/** By how many bytes a process grows while it does something as often again, once what a start needs is there. */
function growthOf(call) {
	const code = `
		const qr = require("./lib/index.cjs");
		const run = async (count) => { for (let i = 0; i < count; i++) await (${call})(i); };
		const measure = () => { gc(); gc(); return process.memoryUsage.rss(); };
		(async () => {
			await run(20_000);
			const before = measure();
			await run(20_000);
			console.log(measure() - before);
		})();`;
	const { stdout, stderr } = spawnSync(
		process.execPath,
		// A young generation that may grow hides what is lost: from Node 22 on it takes tens of MB.
		["--expose-gc", "--max-semi-space-size=1", "--eval", code],
		{ cwd: root, encoding: "utf8" },
	);
	assert.equal(stderr, "");
	return Number(stdout);
}

const calls = {
	toBufferSync: "(i) => qr.toBufferSync('text ' + i)",
	"toBufferSync with segments": "(i) => qr.toBufferSync([{ data: i + 1 }])",
	"toBufferSync that fails": "() => { try { qr.toBufferSync('') } catch {} }",
	toDataURLSync: "(i) => qr.toDataURLSync('text ' + i)",
	toStringSync: "(i) => qr.toStringSync('text ' + i, { type: 'svg' })",
	create: "(i) => qr.create('text ' + i)",
	"toBuffer on the pool":
		"(i) => qr.toBuffer('text ' + i, { alwaysOnPool: true })",
};

for (const [name, call] of Object.entries(calls))
	test(`${name}: memory doesn't grow`, () => {
		const nbytes = growthOf(call);
		assert.ok(nbytes < 12e6, `${nbytes} bytes`);
	});
