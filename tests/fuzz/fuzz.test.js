// A few seconds of fuzzing, the same in every run; npm run fuzz does it for longer.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { amountOf } from "../amount.js";
import { runFuzzer } from "./run.js";
import { targets } from "./seeds.js";

/** About two seconds each, or twenty. */
const runs = {
	fuzz_encode: amountOf(2_500, 25_000),
	fuzz_differential: amountOf(1_000, 10_000),
	fuzz_geometry: amountOf(2_000, 20_000),
	fuzz_http: amountOf(150_000, 1_500_000),
};
const longestSeconds = amountOf(8, 80);

for (const target of Object.keys(targets))
	test(`${target} finds nothing`, () => {
		const folder = mkdtempSync(path.join(os.tmpdir(), `qr-tiers-${target}-`));
		const args = [
			`-runs=${runs[target]}`,
			`-max_total_time=${longestSeconds}`,
			"-seed=1",
		];
		const { status, stderr } = runFuzzer(target, folder, args, {
			encoding: "utf8",
		});
		// On failure the input stays where the report says.
		assert.equal(status, 0, stderr);
		assert.match(stderr, /^Done \d+ runs/m);
		rmSync(folder, { recursive: true });
	});
