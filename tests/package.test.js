// The package as its users get it: packed, installed into an empty project, and called.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
	mkdirSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import test from "node:test";

const root = path.join(import.meta.dirname, "..");

test("npm install of the packed package builds an addon that works", (t) => {
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
	const names = files.map((file) => file.path);
	assert.ok(names.includes("core/include/qrpng.h"));
	assert.deepEqual(
		names.filter((name) =>
			/^(build|tests|bench|server|node_modules)\//.test(name),
		),
		[],
	);

	run("npm", ["init", "--yes"]);
	run("npm", [
		"install",
		"--offline",
		"--no-audit",
		"--no-fund",
		path.join(folder, filename),
	]);
	const code =
		'const {toBufferSync} = require("qr-tiers"); process.stdout.write(toBufferSync("hello").subarray(1, 4))';
	assert.equal(run(process.execPath, ["--eval", code]), "PNG");
	const module =
		'import {toBufferSync} from "qr-tiers"; process.stdout.write(toBufferSync("hello").subarray(1, 4))';
	assert.equal(
		run(process.execPath, ["--input-type=module", "--eval", module]),
		"PNG",
	);
});

test("npm install without a compiler names what is missing and the command that installs it", (t) => {
	const folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-bare-"));
	t.after(() => rmSync(folder, { recursive: true }));
	mkdirSync(path.join(folder, "bin"));
	for (const name of ["sh", "dirname", "id", "true", "env"]) {
		symlinkSync(
			execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" })
				.trim()
				.replace(/^(?!\/)/, "/bin/"),
			path.join(folder, "bin", name),
		);
	}
	writeFileSync(path.join(folder, "bin", "apt-get"), "#!/bin/sh\nexit 99\n", {
		mode: 0o755,
	});
	const result = spawnSync(
		"sh",
		[path.join(root, "scripts/setup.sh"), "addon"],
		{
			encoding: "utf8",
			env: { PATH: path.join(folder, "bin") },
		},
	);
	assert.equal(result.status, 1, result.stdout + result.stderr);
	assert.match(result.stderr, /apt-get install .*gcc .*make python3/);
});
