// Some seconds of fuzzing, the same in every run; npm run fuzz does it for longer.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { amountOf } from "../amount.js";
import { checkProperty, properties } from "./properties.js";
import { runFuzzer } from "./run.js";
import { targets } from "./seeds.js";

/** A second or two each, or ten times as many. All seeds are among them, and with these whatever was found before. */
const runs = {
	fuzz_encode: amountOf(2_500, 25_000),
	fuzz_differential: amountOf(1_000, 10_000),
	fuzz_geometry: amountOf(2_000, 20_000),
	fuzz_http: amountOf(50_000, 1_500_000),
	fuzz_server: amountOf(4_000, 40_000),
	fuzz_query: amountOf(30_000, 300_000),
	fuzz_json: amountOf(4_000, 40_000),
	fuzz_headers: amountOf(30_000, 300_000),
	fuzz_config: amountOf(2_000, 20_000),
	fuzz_arguments: amountOf(8_000, 80_000),
	fuzz_batch: amountOf(500, 5_000),
	fuzz_pipe: amountOf(1_000, 10_000),
	js_query: amountOf(3_000, 60_000),
	js_json: amountOf(2_000, 40_000),
	js_headers: amountOf(3_000, 60_000),
	js_grpc: amountOf(500, 5_000),
	js_package: amountOf(500, 5_000),
	js_command: amountOf(1_000, 20_000),
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

for (const name of Object.keys(properties))
	test(`${name} holds`, async () => {
		const amount = { runs: runs[name], seconds: longestSeconds, seed: 1 };
		const outcome = await checkProperty(name, amount);
		assert.equal(outcome.failure, undefined);
		assert.ok(outcome.runs > 0);
	});
