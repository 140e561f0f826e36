// The images that the tests choose from, all of them: npm run sweep
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Command } from "commander";
import { build } from "../../scripts/build.js";

const sampleCount = 3_000;
const sweep = path.join(import.meta.dirname, "../../build/Release/png_sweep");

async function sweepAll(folder) {
	build({ targets: ["addon", "png_sweep"], quiet: true });
	const { status } = spawnSync(sweep, ["--full", "--save", folder], {
		stdio: "inherit",
	});
	if (status !== 0) throw new Error("The sweep found a fault.");

	// only now is there an addon to load
	const { checkSample, runPngcheck } = await import("./sample.js");
	const seed = Date.now() % 2 ** 31;
	console.log(`${sampleCount} random images, seed ${seed}`);
	await checkSample(sampleCount, seed, folder);
	console.log("pngcheck on all of them");
	console.log(`${runPngcheck(folder)} images are as they should be.`);
}

new Command("npm run sweep --")
	.description(
		"Makes images of every geometry and compares the fast engine's with the reference engine's. It takes a quarter of an hour and 2 GB of temporary files.",
	)
	.allowExcessArguments(false)
	.parse();
const folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-sweep-"));
try {
	await sweepAll(folder);
} catch (error) {
	console.error(error.message);
	process.exitCode = 1;
} finally {
	rmSync(folder, { recursive: true });
}
