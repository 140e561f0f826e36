// The figures of README.md and docs/tiers.md are those of docs/figures/, and none is lost on the way.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { answer, stepsTable } from "../../../bench/front-page/blocks.js";
import { readFigures } from "../../../bench/front-page/figures.js";
import { fillPage } from "../../../bench/front-page/pages.js";

test("README, docs/tiers.md and the chart show the figures that are kept", () => {
	const { stdout, status } = spawnSync(
		process.execPath,
		["bench/front-page/main.js", "--check"],
		{ encoding: "utf8" },
	);
	assert.equal(stdout, "");
	assert.equal(status, 0);
});

test("a block takes the place of what stands between its marks", () => {
	const page = "a\n<!-- x -->\nold\n<!-- /x -->\nb\n";
	const filled = "a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb\n";
	assert.equal(fillPage(page, { x: "new" }), filled);
	assert.equal(fillPage(filled, { x: "new" }), filled);
	assert.throws(() => fillPage(page, { y: "new" }), /no place for y/);
});

test("a gain that is none is called so, and a row that is missing is named", () => {
	const [tiers, nodes] = [readFigures("tiers"), readFigures("nodes")];
	const withGain = (ratio) => ({
		...tiers,
		rows: tiers.rows.map((row) =>
			row.name === "cli@fast"
				? { ...row, relative: { ...row.relative, imagesPerSecond: { ratio } } }
				: row,
		),
	});
	assert.match(answer(withGain(1.1), nodes), /next to nothing \(1.10x\)/);
	assert.match(answer(withGain(2), nodes), /request buys 2.00x/);
	const rows = tiers.rows.filter(({ name }) => name !== "js-best");
	assert.throws(() => stepsTable({ ...tiers, rows }), /no row js-best/);
});
