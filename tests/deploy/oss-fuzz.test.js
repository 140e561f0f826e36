// deploy/oss-fuzz/: what its build.sh takes for granted. The build itself needs minutes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { targets } from "../fuzz/seeds.js";

const folder = path.join(import.meta.dirname, "../fuzz");

test("each fuzzer has seeds and flags", () => {
	const seeds = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-seeds-"));
	try {
		execFileSync(process.execPath, [
			path.join(folder, "write-seeds.js"),
			seeds,
		]);
		const sources = readdirSync(folder).flatMap(
			(name) => /^(fuzz_\w+)\.c$/.exec(name)?.[1] ?? [],
		);
		assert.deepEqual(sources.sort(), Object.keys(targets).sort());
		for (const target of sources) {
			assert.ok(readdirSync(path.join(seeds, target)).length > 4, target);
			const options = path.join(seeds, `${target}.options`);
			assert.match(readFileSync(options, "utf8"), /^\[libfuzzer\]\nmax_len = /);
		}
	} finally {
		rmSync(seeds, { recursive: true });
	}
});
