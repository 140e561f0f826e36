// The package as its users get it: packed, installed into an empty project, and called.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import test from "node:test";

const root = path.join(import.meta.dirname, "..");

/** An empty project in a temporary folder, and the packed package in it. */
function packInto(t) {
	const folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-package-"));
	t.after(() => rmSync(folder, { recursive: true }));
	const run = (command, args) =>
		execFileSync(command, args, {
			cwd: folder,
			encoding: "utf8",
			stdio: "pipe",
		});
	const [{ filename, files }] = JSON.parse(
		execFileSync(
			"npm",
			["pack", "--json", "--ignore-scripts", "--pack-destination", folder],
			{ cwd: root, encoding: "utf8", stdio: "pipe" },
		),
	);
	run("npm", ["init", "--yes"]);
	const install = (...flags) =>
		run("npm", [
			"install",
			"--offline",
			"--no-audit",
			"--no-fund",
			...flags,
			path.join(folder, filename),
		]);
	return { run, install, names: files.map((file) => file.path) };
}

/** Runs an ES module in that project. */
function runModule(run, code) {
	return run(process.execPath, ["--input-type=module", "--eval", code]);
}

test("npm install of the packed package builds an addon that works", (t) => {
	const { run, install, names } = packInto(t);
	assert.ok(names.includes("core/include/qrpng.h"));
	assert.deepEqual(
		names.filter((name) =>
			/^(build|tests|bench|server|node_modules)\//.test(name),
		),
		[
			"build/Release/browser.js",
			"build/Release/qrpng.js",
			"build/Release/qrpng.wasm",
		],
	);

	install();
	const code =
		'const {toBufferSync} = require("qr-tiers"); process.stdout.write(toBufferSync("hello").subarray(1, 4))';
	// As test runners such as Jest do, which can't require() an ES module.
	const strictly = ["--no-experimental-require-module", "--eval", code];
	assert.equal(run(process.execPath, strictly), "PNG");
	const module =
		'import {toBufferSync} from "qr-tiers"; process.stdout.write(toBufferSync("hello").subarray(1, 4))';
	assert.equal(runModule(run, module), "PNG");
});

test("without its install script, the packed package has WebAssembly that works", (t) => {
	const { run, install } = packInto(t);
	install("--ignore-scripts");
	const module =
		'import {load} from "qr-tiers/wasm"; process.stdout.write((await load()).toBufferSync("hello").subarray(1, 4))';
	assert.equal(runModule(run, module), "PNG");
});

/** A folder for PATH with little but Node in it: no compiler, and no rights to install one. */
function makeBareMachine(t) {
	const folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-bare-"));
	t.after(() => rmSync(folder, { recursive: true }));
	for (const name of ["sh", "dirname", "true", "env", "npm"]) {
		const found = execFileSync("sh", ["-c", `command -v ${name}`]);
		const file = found.toString().trim();
		symlinkSync(file.replace(/^(?!\/)/, "/bin/"), path.join(folder, name));
	}
	symlinkSync(process.execPath, path.join(folder, "node"));
	const scripts = { "apt-get": "exit 99", id: "echo 1000", sudo: "exit 1" };
	for (const [name, script] of Object.entries(scripts))
		writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`, {
			mode: 0o755,
		});
	return folder;
}

test("npm install without a compiler names what is missing and the command that installs it", (t) => {
	const result = spawnSync(
		"sh",
		[path.join(root, "scripts/setup.sh"), "addon"],
		{ encoding: "utf8", env: { PATH: makeBareMachine(t) } },
	);
	assert.equal(result.status, 1, result.stdout + result.stderr);
	assert.match(result.stderr, /apt-get install .*gcc .*make python3/);
});

test("npm pack makes nothing without the WebAssembly files, and names what they need", (t) => {
	const result = spawnSync("npm", ["pack", "--dry-run"], {
		cwd: root,
		encoding: "utf8",
		env: { PATH: makeBareMachine(t), HOME: os.homedir() },
	});
	assert.equal(result.status, 1, result.stdout + result.stderr);
	assert.match(result.stderr, /with: sudo apt-get install .* clang lld/);
	assert.equal(/\.tgz/.test(result.stdout), false);
});
