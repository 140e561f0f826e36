// Every image of engine fast is a faultless PNG with the pixels of engine reference: a choice of all sizes, which
// main.js in this folder checks one by one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { amountOf } from "../amount.js";
import { checkSample, runPngcheck } from "./sample.js";

const sweep = path.join(import.meta.dirname, "../../build/Release/png_sweep");
const sampleCount = amountOf(150, 1_500);
let folder;

before(() => {
	folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-images-"));
});
after(() => rmSync(folder, { recursive: true }));

test("widths, scales, margins and masks, in small and at their limits", () => {
	const { status, stderr } = spawnSync(sweep, ["--save", folder], {
		encoding: "utf8",
	});
	assert.equal(stderr, "");
	assert.equal(status, 0);
	assert.ok(readdirSync(folder).length > 2_000);
});

test(`${sampleCount} random images decode to their texts`, () =>
	checkSample(sampleCount, 1, folder));

test("pngcheck accepts all of them", () => {
	runPngcheck(folder);
});
