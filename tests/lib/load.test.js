// What the package loads, with its files put together in a folder as they are packed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { thisPlatform } from "../../scripts/test-needs.js";

const root = path.join(import.meta.dirname, "../..");
const prebuilt = `prebuilds/${thisPlatform}.node`;
const local = "build/Release/qrpng.node";
const wasm = "build/Release/qrpng.wasm";

const show = `const { backend, engines, toBufferSync } = require("qr-tiers");
	console.log(backend, toBufferSync("hello").subarray(1, 4).toString(), engines.join());`;

/** A project in a temporary folder, in whose node_modules the package has those files beside its JavaScript. */
function makeProject(t, files) {
	const project = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-load-"));
	t.after(() => rmSync(project, { recursive: true }));
	const folder = path.join(project, "node_modules/qr-tiers");
	for (const name of ["package.json", "lib", "wasm/instance.cjs", ...files])
		cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
	const put = (name, text = "") => {
		mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
		writeFileSync(path.join(project, name), text);
	};
	/** Returns what a script printed, or the error that it ended with, without its stack. */
	const run = (code = show, env = {}) => {
		const { QRPNG_BACKEND, QRPNG_BUILD, npm_config_user_agent, ...rest } =
			process.env;
		const { status, stdout, stderr } = spawnSync(
			process.execPath,
			["--eval", code],
			{ cwd: project, encoding: "utf8", env: { ...rest, ...env } },
		);
		return status === 0
			? stdout.trim()
			: /^Error: (.*?)\n {4}at /ms.exec(stderr)?.[1];
	};
	return { put, run };
}

test("it loads the addon that comes with the package, else one that was built here, else WebAssembly", (t) => {
	for (const [files, line] of [
		[[prebuilt, local, wasm], "prebuilt PNG fast"],
		[[local, wasm], "local PNG fast,reference"],
		[[wasm], "wasm PNG fast"],
	])
		assert.equal(makeProject(t, files).run(), line);
});

test("one that can't be loaded is passed over", (t) => {
	const { put, run } = makeProject(t, [wasm]);
	put(`node_modules/qr-tiers/${prebuilt}`, "not for this machine");
	assert.equal(run(), "wasm PNG fast");
});

test("QRPNG_BACKEND takes one of them and no other", (t) => {
	const { run } = makeProject(t, [prebuilt, local, wasm]);
	const forced = (backend) => run(show, { QRPNG_BACKEND: backend });
	assert.match(forced("local"), /^local PNG/);
	assert.match(forced("wasm"), /^wasm PNG/);
	assert.match(forced("prebuilt"), /^prebuilt PNG/);
	assert.match(forced(""), /^prebuilt PNG/);
	assert.equal(
		forced("rust"),
		"QRPNG_BACKEND must be prebuilt, local or wasm, not rust.",
	);
	const without = makeProject(t, [wasm]);
	assert.match(
		without.run(show, { QRPNG_BACKEND: "local" }),
		/Tried:\n {2}local: ENOENT: .*qrpng\.node'\n/,
	);
});

test("in a checkout nothing takes the place of the local build", (t) => {
	const header = "core/include/qrpng.h";
	const built = makeProject(t, [header, prebuilt, local, wasm]);
	assert.equal(built.run(), "local PNG fast,reference");
	const { run } = makeProject(t, [header, prebuilt, wasm]);
	assert.match(
		run(),
		/^ {2}local: .*\n.*checkout: build it with "npm run build"/m,
	);
	assert.match(run(show, { QRPNG_BUILD: "Debug" }), /"npm run build:debug"/);
});

test("an error tells each attempt, and what to do with this package manager", (t) => {
	const { put, run } = makeProject(t, []);
	const never = run();
	assert.match(
		never,
		/^The encoder of qr-tiers can't be loaded \(\S+, Node \S+\)\. Tried:\n {2}prebuilt: prebuilds\/\S+\.node: Cannot find module .*\n {2}local: ENOENT: .*\n {2}wasm: ENOENT: .*\n/,
	);
	assert.match(
		never,
		/never built.*: install a release with "npm install qr-tiers"/,
	);

	put(`node_modules/qr-tiers/${prebuilt}`);
	for (const [trace, advice] of [
		[".pnp.cjs", "delete node_modules (or .yarn/unplugged and .pnp.cjs)"],
		["node_modules/.yarn-integrity", '"yarn install --force"'],
		["node_modules/.modules.yaml", '"pnpm install --force"'],
		["node_modules/.package-lock.json", "delete node_modules/qr-tiers"],
	]) {
		put(trace);
		assert.ok(run().split("\n").at(-1).includes(advice), run());
	}
});

test("of package managers that leave no trace, the one that runs it", (t) => {
	const { run } = makeProject(t, []);
	assert.match(
		run(show, { npm_config_user_agent: "bun/1.4.5 npm/? node/v24" }),
		/"bun add qr-tiers"/,
	);
	assert.match(
		run(show, { npm_config_user_agent: "other/1" }),
		/"npm install qr-tiers"/,
	);
});

test("all calls work on WebAssembly", (t) => {
	const { run } = makeProject(t, [wasm]);
	const calls = `const qr = require("qr-tiers");
		(async () => {
			const big = { width: 2000, alwaysOnPool: true };
			const images = [await qr.toBuffer("a"), await qr.toBuffer("b", big), ...(await qr.toBuffers(["c", "d"]))];
			const kinds = images.map((image) => Buffer.isBuffer(image) && image.subarray(1, 4).toString());
			const svg = await qr.toString("e", { type: "svg" });
			const url = await qr.toDataURL("f");
			const failure = await qr.toBuffers(["g", ""]).catch((error) => error.index + " " + error.code);
			console.log(kinds.join(), svg.slice(0, 4), url.slice(0, 14), qr.create("h").version, failure);
		})();`;
	assert.equal(
		run(calls),
		"PNG,PNG,PNG,PNG <svg data:image/png 1 1 ERR_QRPNG_TEXT_EMPTY",
	);
});

test("worker threads load what the main thread does", (t) => {
	for (const files of [[prebuilt], [wasm]]) {
		const { run } = makeProject(t, files);
		const inWorkers = `const { Worker } = require("node:worker_threads");
			if (require("node:worker_threads").isMainThread) {
				require("qr-tiers");
				for (let i = 0; i < 3; i++) new Worker(${JSON.stringify(show)}, { eval: true });
			}`;
		const lines = run(inWorkers).split("\n");
		assert.equal(lines.length, 3);
		for (const line of lines) assert.match(line, /^(prebuilt|wasm) PNG fast$/);
	}
});

test("where the environment may not be read, nobody is asked, and all is as by default", (t) => {
	const { run } = makeProject(t, [prebuilt, wasm]);
	const asInDeno = `globalThis.Deno = { permissions: { querySync: () => ({ state: "prompt" }) } };
		process.env = new Proxy({}, { get(_, name) { if (/^(QRPNG|UV|npm)_/.test(name)) throw new Error("Requires env access"); } });`;
	assert.equal(
		run(asInDeno + show, { QRPNG_BACKEND: "wasm" }),
		"prebuilt PNG fast",
	);
});
