import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { findTests } from "../../scripts/test.js";
import { needsOf, needsOfTests, planOf } from "../../scripts/test-needs.js";

const root = path.join(import.meta.dirname, "../..");
const planFor = (name) => planOf(needsOf(path.join(root, name)));

test("a test of JavaScript alone needs no build and no system package", () => {
	const plan = planFor("tests/bench/results/statistics.test.js");
	assert.deepEqual(plan, { setup: [], builds: {} });
});

test("a file has the needs of the nearest folder that is listed", () => {
	assert.deepEqual(planFor("tests/lib/index.test.js").setup, ["build"]);
	const { setup } = planFor("tests/page/browser.test.js");
	assert.ok(setup.includes("browser"));
	assert.deepEqual(planFor("tests/page/report.test.js").setup, []);
});

test("a file that is not listed needs all there is", () => {
	const { setup, builds } = planFor("tests/new.test.js");
	for (const name of findTests(path.join(root, "tests"))) {
		const plan = planOf(needsOf(name));
		for (const group of plan.setup) assert.ok(setup.includes(group), group);
		for (const [configuration, targets] of Object.entries(plan.builds))
			for (const target of targets)
				assert.ok(builds[configuration].includes(target), target);
	}
});

test("what is listed is there", () => {
	const missing = Object.keys(needsOfTests).filter(
		(name) => !existsSync(path.join(root, name)),
	);
	assert.deepEqual(missing, []);
});
