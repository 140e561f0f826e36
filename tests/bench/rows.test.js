import assert from "node:assert/strict";
import test from "node:test";
import { findRows } from "../../bench/rows.js";
import { nameOf } from "../../bench/tiers.js";

/** The names of the rows for what --tiers and --engine say. */
async function rowsFor(tiers, engines) {
	const selections = tiers.split(",").map((name) => {
		const [id, engine] = name.split("@");
		return { id, engine };
	});
	const rows = await findRows(selections, {
		engines: engines.split(","),
		launchOptions: { processes: 1, node: process.execPath },
		signal: new AbortController().signal,
	});
	return rows.map(nameOf).join(",");
}

test("tiers with engines are crossed with them, and grouped by them", async () => {
	const rows = [
		[
			["constant,js,addon,server", "reference,fast"],
			"js,addon@reference,server@reference,addon@fast,server@fast,constant",
		],
		[["addon,constant", "fast"], "addon@fast,constant"],
		[["server@fast,addon", "reference"], "addon@reference,server@fast"],
		[["addon@fast,addon", "fast,reference"], "addon@fast,addon@reference"],
	];
	for (const [[tiers, engines], expected] of rows)
		assert.equal(await rowsFor(tiers, engines), expected);
});

test("an engine that a tier lacks makes no row, unless it lacks them all", async () => {
	assert.equal(await rowsFor("addon", "none,fast"), "addon@fast");
	assert.equal(await rowsFor("addon,server", "none"), "addon@none,server@none");
});

test("it can be stopped", async () => {
	const options = {
		engines: ["fast"],
		launchOptions: { processes: 1, node: process.execPath },
		signal: AbortSignal.timeout(50),
	};
	const selections = ["js", "addon", "constant"].map((id) => ({ id }));
	await assert.rejects(findRows(selections, options), { name: "TimeoutError" });
});
