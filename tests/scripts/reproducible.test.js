// What is built doesn't depend on where the repository lies.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { amountOf } from "../amount.js";

const root = path.join(import.meta.dirname, "../..");

/** All takes half a minute of CPU time: npm test has the HTTP layer of the server alone. */
const { targets, files } = amountOf(
	{ targets: ["http"], files: ["qrpng_http.a"] },
	{
		targets: ["addon", "cli", "server", "shared", "static"],
		files: [
			"libqrpng.a",
			"libqrpng.so",
			"qrpng",
			"qrpng.node",
			"qrpng-server",
			"qrpng_http.a",
		],
	},
);

/** What is made, or comes from elsewhere. */
const leftOut = ["build", "node_modules", "prebuilds", "results", ".git"];

test(`a copy of the repository elsewhere builds the same ${files.join(", ")}`, (t) => {
	const folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-elsewhere-"));
	t.after(() => rmSync(folder, { recursive: true }));
	const copy = path.join(folder, "a longer path");
	cpSync(root, copy, {
		recursive: true,
		filter: (file) => !leftOut.includes(path.relative(root, file)),
	});
	const args = ["scripts/build.js", "--quiet", ...targets];
	execFileSync(process.execPath, args, { cwd: copy });
	const built = (where, file) =>
		readFileSync(path.join(where, "build/Release", file));
	for (const file of files)
		assert.ok(built(root, file).equals(built(copy, file)), file);
});
