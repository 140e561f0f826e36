// The addon as the package has it: what it asks of a system, and that it is what is built here.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { thisPlatform } from "../../scripts/test-needs.js";

const root = path.join(import.meta.dirname, "../..");
const file = path.join(root, `prebuilds/${thisPlatform}.node`);

function run(args, env) {
	return spawnSync(process.execPath, args, {
		cwd: root,
		encoding: "utf8",
		env: { ...process.env, ...env },
	});
}

test("a target that there is none of, or that can't be built here, is refused in one sentence", () => {
	const prebuild = (target) => run(["scripts/prebuild.js", "--target", target]);
	const unknown = prebuild("linux-pdp11");
	assert.equal(unknown.status, 1);
	assert.match(
		unknown.stderr,
		/^--target must be linux-x64, .*or all, not linux-pdp11\.\n$/,
	);
	const elsewhere = prebuild("darwin-arm64");
	assert.equal(elsewhere.status, 1);
	assert.match(elsewhere.stderr, /^darwin-arm64 is built on a Mac alone.*\n$/);
});

test("it exports what Node looks for, and nothing else", () => {
	assert.deepEqual(symbolsOf(file, "--defined-only").sort(), [
		"napi_register_module_v1",
		"node_api_module_get_api_version_v1",
	]);
});

/** The names that a file has or lacks, without versions. */
function symbolsOf(name, which) {
	const args = ["-D", which, "--format=just-symbols", name];
	const names = execFileSync("nm", args, { encoding: "utf8" });
	return names.trim().replace(/@.*$/gm, "").split("\n");
}

/** A program in C, linked to musl, that loads a file; what that asks of Node is there, but does nothing. */
function loaderOf(name) {
	const stubs = symbolsOf(name, "--undefined-only")
		.filter((symbol) => symbol.startsWith("napi_"))
		.map((symbol) => `void ${symbol}(void) {}`);
	return `#include <dlfcn.h>
		#include <stdio.h>
		${stubs.join("\n")}
		int main(int count, char **arguments) {
			void *module = dlopen(arguments[count - 1], RTLD_NOW);
			if (module && dlsym(module, "napi_register_module_v1"))
				return 0;
			puts(dlerror());
			return 1;
		}`;
}

test("musl's loader takes it", (t) => {
	const folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-musl-"));
	t.after(() => rmSync(folder, { recursive: true }));
	const program = path.join(folder, "load");
	execFileSync("musl-gcc", ["-rdynamic", "-xc", "-", "-o", program], {
		input: loaderOf(file),
	});
	assert.match(execFileSync("readelf", ["-l", program]).toString(), /ld-musl/);
	const { status, stdout } = spawnSync(program, [file], { encoding: "utf8" });
	assert.deepEqual({ status, stdout }, { status: 0, stdout: "" });
});

test("it makes the images of the local build, with the fast engine alone", () => {
	const code = `
		const qr = require("./lib/index.cjs");
		const images = Array.from({ length: 300 }, (_, i) => qr.toBufferSync("https://example.com/" + i ** 5, { scale: 1 + i % 9 }));
		const hash = require("node:crypto").createHash("sha256").update(Buffer.concat(images)).digest("hex");
		process.stdout.write(JSON.stringify({ backend: qr.backend, engines: qr.engines, hash }))`;
	const madeBy = (backend) => {
		const { stdout, stderr } = run(["-e", code], { QRPNG_BACKEND: backend });
		assert.equal(stderr, "");
		return JSON.parse(stdout);
	};
	const prebuilt = madeBy("prebuilt");
	const local = madeBy("local");
	assert.equal(prebuilt.hash, local.hash);
	assert.deepEqual(
		[prebuilt.backend, prebuilt.engines, local.backend],
		["prebuilt", ["fast"], "local"],
	);
});
