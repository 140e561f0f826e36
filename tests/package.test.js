// The package as its users get it: packed, installed into an empty project without a compiler, and called. tests/install/ does that with all
// package managers.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import {
	withAbsoluteLinks,
	withRelativeLinks,
} from "../scripts/packed-readme.js";
import { thisPlatform } from "../scripts/test-needs.js";

const root = path.join(import.meta.dirname, "..");
const MAX_PACKED_NBYTES = 1_000_000;

function makeFolder(t) {
	const folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-package-"));
	t.after(() => rmSync(folder, { recursive: true }));
	return folder;
}

/** A folder for PATH with little but Node in it: no compiler, and no rights to install one. */
function makeBareMachine(t) {
	const folder = makeFolder(t);
	for (const name of ["sh", "dirname", "true", "env", "tr", "uname", "npm"]) {
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
	return { PATH: folder, HOME: os.homedir() };
}

/** An empty project in a temporary folder, and the packed package in it: as npm pack makes it, but with the addon for this platform alone. */
function packInto(t) {
	const folder = makeFolder(t);
	const [{ filename, files, size }] = JSON.parse(
		execFileSync(
			"npm",
			["pack", "--json", "--ignore-scripts", "--pack-destination", folder],
			{ cwd: root, encoding: "utf8", stdio: "pipe" },
		),
	);
	const env = makeBareMachine(t);
	const run = (command, ...args) =>
		execFileSync(command, args, {
			cwd: folder,
			encoding: "utf8",
			env,
			stdio: "pipe",
		});
	run("npm", "init", "--yes");
	const install = (...flags) =>
		run(
			"npm",
			"install",
			"--offline",
			"--no-audit",
			"--no-fund",
			...flags,
			path.join(folder, filename),
		);
	return { folder, run, install, size, names: files.map((file) => file.path) };
}

const call =
	'console.log(qr.backend, qr.toBufferSync("hello").subarray(1, 4).toString())';

test("the packed package holds what its users run, and nothing to build", (t) => {
	const { names, size, folder, install } = packInto(t);
	assert.deepEqual(
		names.filter(
			(name) =>
				!/^(?:lib|cli\/node)\/[\w/-]+\.(?:c|d\.c|d\.)?[jt]s$/.test(name),
		),
		[
			"LICENSE",
			"README.md",
			"THIRD_PARTY_NOTICES.md",
			"build/Release/browser.js",
			"build/Release/qrpng.js",
			"build/Release/qrpng.wasm",
			"cli/help.js",
			"cli/options.js",
			"package.json",
			...readdirSync(path.join(root, "prebuilds")).map(
				(name) => `prebuilds/${name}`,
			),
			"wasm/instance.cjs",
		].sort((a, b) => (a < b ? -1 : 1)),
	);
	assert.ok(size < MAX_PACKED_NBYTES, `${size}`);

	install();
	const installed = path.join(folder, "node_modules/qr-tiers");
	const manifest = JSON.parse(
		readFileSync(path.join(installed, "package.json")),
	);
	assert.equal(manifest.dependencies, undefined);
	assert.equal(manifest.gypfile, false);
	const { scripts } = manifest;
	for (const name of ["preinstall", "install", "postinstall"])
		assert.equal(name in scripts, false, name);
	const addon = path.join(installed, `prebuilds/${thisPlatform}.node`);
	assert.equal(readFileSync(addon).includes("libqrencode.so"), false);
	assert.ok(statSync(addon).size < MAX_PACKED_NBYTES / 4);
});

test("it works without a compiler, whether or not scripts and optional packages are installed", (t) => {
	const { run, install } = packInto(t);
	for (const flags of [[], ["--ignore-scripts"], ["--omit=optional"]]) {
		install("--force", ...flags);
		// As test runners such as Jest do, which can't require() an ES module.
		const strictly = ["--no-experimental-require-module", "--eval"];
		assert.equal(
			run("node", ...strictly, `const qr = require("qr-tiers"); ${call}`),
			"prebuilt PNG\n",
		);
		const module = ["--input-type=module", "--eval"];
		assert.equal(
			run("node", ...module, `import qr from "qr-tiers"; ${call}`),
			"prebuilt PNG\n",
		);
		assert.equal(
			run(
				"node",
				...module,
				'import {load} from "qr-tiers/wasm"; console.log((await load()).toBufferSync("hello").subarray(1, 4).toString())',
			),
			"PNG\n",
		);
		const command = "node_modules/.bin/qr-tiers";
		assert.match(run(command, "--type", "svg", "hello"), /^<svg/);
	}
});

/** Runs a command on a machine with little but Node. */
function runBare(t, command, ...args) {
	const env = makeBareMachine(t);
	return spawnSync(command, args, { cwd: root, encoding: "utf8", env });
}

test("npm install in a checkout without a compiler names what is missing and the command that installs it", (t) => {
	const result = runBare(t, "node", "scripts/prepare.js");
	assert.equal(result.status, 1, result.stdout + result.stderr);
	assert.match(result.stderr, /sudo apt-get install .*gcc .*make python3/);
});

test("npm pack makes nothing without the compilers for all platforms, and names them", (t) => {
	const result = runBare(t, "npm", "pack", "--dry-run");
	assert.equal(result.status, 1, result.stdout + result.stderr);
	assert.match(
		result.stderr,
		/with: sudo apt-get install .* clang lld .* gcc-aarch64-linux-gnu .* gcc-mingw-w64-x86-64-win32/,
	);
	assert.equal(/\.tgz/.test(result.stdout), false);
});

test("links of the packed README.md are absolute, and become what they were", () => {
	const readme = readFileSync(path.join(root, "README.md"), "utf8");
	const packed = withAbsoluteLinks(readme);
	assert.match(
		packed,
		/\]\(https:\/\/\S+\/blob\/v\d+\.\d+\.\d+\/docs\/\S+\.md\)/,
	);
	assert.match(packed, /src="https:\/\/\S+\/raw\/v\S+\.svg"/);
	assert.doesNotMatch(packed, /\]\((?!https?:|#)|src(?:set)?="(?!https?:)/);
	assert.equal(withRelativeLinks(packed), readme);
});
