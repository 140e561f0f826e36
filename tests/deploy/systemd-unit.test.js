// deploy/qrpng-server.service as systemd itself rates it, where it is installed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const root = path.join(import.meta.dirname, "../..");

test("the unit is rated as docs/security.md says", (t) => {
	const args = ["security", "--offline=true", "--no-pager"];
	const { error, stdout } = spawnSync(
		"systemd-analyze",
		[...args, path.join(root, "deploy/qrpng-server.service")],
		{ encoding: "utf8" },
	);
	const rated = /exposure level for qrpng-server\.service: ([\d.]+)/.exec(
		stdout,
	);
	if (error || !rated) return t.skip("systemd isn't installed, or is too old");
	const security = readFileSync(path.join(root, "docs/security.md"), "utf8");
	const told = /rates the unit ([\d.]+)/.exec(security);
	assert.ok(Number(rated[1]) <= Number(told[1]), stdout);
});
