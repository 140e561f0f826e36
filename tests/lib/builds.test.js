// Which build of the addon is loaded: QRPNG_BUILD says.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { toBufferSync } from "../../lib/index.js";

const root = path.join(import.meta.dirname, "../..");

function environment(build) {
	const { NODE_TEST_CONTEXT: _, ...env } = process.env; // the runner's, for its own children
	return { ...env, QRPNG_BUILD: build };
}

function runNode(args, build) {
	const env = environment(build);
	return spawnSync(process.execPath, args, {
		cwd: root,
		env,
		encoding: "utf8",
	});
}

/** Runs a module that sees the addon's exports; returns what it logs. */
function runWithAddon(code, build) {
	const source = `import * as addon from "./lib/index.js"; ${code}`;
	const args = ["--input-type=module", "--eval", source];
	const { status, stdout, stderr } = runNode(args, build);
	assert.equal(status, 0, stderr);
	return stdout.trim();
}

const loaded = `
	import { readFileSync } from "node:fs";
	console.log(/build\\/\\w+\\/qrpng.node/.exec(readFileSync("/proc/self/maps", "utf8"))[0]);`;

test("the addon is loaded from the build that QRPNG_BUILD names, Release by default", () => {
	for (const [build, folder] of [
		["Debug", "Debug"],
		["Release", "Release"],
		["", "Release"],
		[undefined, "Release"],
	])
		assert.equal(runWithAddon(loaded, build), `build/${folder}/qrpng.node`);
});

test("the debug build makes the same images, and refuses in the same way", () => {
	const texts = ["hello", "0123456789", "grüß 🦆\0", "x".repeat(2000)];
	const code = `
		const texts = ${JSON.stringify(texts)};
		const asyncPngs = await Promise.all(texts.map((text) => addon.toBuffer(text, { width: 800 })));
		let refusal;
		try { addon.toBufferSync("") } catch (error) { refusal = error.code + ": " + error.message }
		console.log(JSON.stringify({
			engines: addon.engines,
			pngs: addon.engines.map((engine) => texts.map((text) => addon.toBufferSync(text, { engine }).toString("hex"))),
			asyncPngs: asyncPngs.map((png) => png.toString("hex")),
			refusal,
		}))`;
	const debug = JSON.parse(runWithAddon(code, "Debug"));
	assert.deepEqual(debug, JSON.parse(runWithAddon(code, "Release")));
	assert.equal(debug.pngs[0][0], toBufferSync("hello").toString("hex"));
	assert.match(debug.refusal, /^ERR_QRPNG_TEXT_EMPTY: The text is empty/);
});

test("a build that there is none of is refused in one sentence", () => {
	const { status, stderr } = runNode(["lib/index.cjs"], "Fast");
	assert.equal(status, 1);
	assert.match(
		stderr,
		/^Error: QRPNG_BUILD must be Release or Debug, not Fast\.$/m,
	);
});
