import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { checkMachine } from "../../../bench/run/machine-check.js";
import { withDirectory } from "../helpers.js";

/** What is said of a machine whose /sys has those files, without what is said of the one that the test runs on. */
const warningsFor = (files) =>
	withDirectory(async (root) => {
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(root, path)), { recursive: true });
			writeFileSync(join(root, path), text);
		}
		const all = await checkMachine({ root });
		return all.filter((warning) => !/other programs/.test(warning));
	});

const governor = "devices/system/cpu/cpu0/cpufreq/scaling_governor";

test("a machine that tells nothing, or nothing bad, is not warned of", async () => {
	assert.deepEqual(await warningsFor({}), []);
	const good = {
		[governor]: "performance\n",
		"class/power_supply/BAT0/status": "Charging\n",
		"fs/cgroup/cpu.max": "max 100000\n",
	};
	assert.deepEqual(await warningsFor(good), []);
});

test("governor, battery and quota are named", async () => {
	const warnings = await warningsFor({
		[governor]: "powersave\n",
		"class/power_supply/AC/online": "0\n",
		"class/power_supply/BAT0/status": "Discharging\n",
		"fs/cgroup/cpu.max": "150000 100000\n",
	});
	assert.match(warnings[0], /governed by "powersave"/);
	assert.match(warnings[1], /battery/);
	assert.match(warnings[2], /allows 1\.5 CPUs/);
	assert.equal(warnings.length, 3);
});
