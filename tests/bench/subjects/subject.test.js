import assert from "node:assert/strict";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { dimensions } from "../../../bench/results/dimensions.js";
import { findRows } from "../../../bench/subjects/rows.js";
import { chooseSubjects } from "../../../bench/subjects/subject.js";
import { runKit } from "../run-kit.js";

const digest = fileURLToPath(
	new URL("../../../docs/examples/digest", import.meta.url),
);
const values = Object.fromEntries(
	dimensions.map(({ id, defaults }) => [id, defaults]),
);
const tiers = [{ id: "js" }];
const target = [{ id: "live", target: "http://127.0.0.1:1" }];

/** Options as parseOptions() gives them; those that are listed were given. */
const options = (given) => ({
	tiers,
	values: { text: ["short"] },
	...given,
	isGiven: (name) => name in given,
});

/** The ids of the rows for these options. */
async function idsFor(given) {
	const { rows } = await findRows(await chooseSubjects(options(given)), {
		values,
		engines: ["fast"],
		nodePaths: new Map(),
		signal: new AbortController().signal,
	});
	return rows.map(({ id }) => id);
}

test("targets are measured alone, unless tiers are asked for, too", async () => {
	assert.deepEqual(await idsFor({}), ["js"]);
	assert.deepEqual(await idsFor({ target }), ["live"]);
	assert.deepEqual(await idsFor({ target, tiers }), ["js", "live"]);
});

test("a directory brings its tiers and texts", async () => {
	const tierDir = digest;
	assert.deepEqual(await idsFor({ tierDir }), [
		"command",
		"in-process",
		"node-http",
	]);
	const [{ name, texts }] = await chooseSubjects(options({ tierDir }));
	assert.equal(name, "digest");
	assert.deepEqual([...texts.keys()], ["short"]);
	const long = { tierDir, values: { text: ["long"] }, text: true };
	const [chosen] = await chooseSubjects(options(long));
	assert.equal(chosen.texts.get("long")[0].length, 64 * 1024);
});

test("what doesn't go together is one sentence and exit code 2", () => {
	const rows = [
		[["--against", "HEAD", "--tier-dir", digest], /--against is for the tiers/],
		[["--fail-on-regression", "10%"], /give --against, too/],
		[
			["--against", "HEAD", "--fail-on-regression", "10%", "--rounds", "3"],
			/give --rounds 6 or more/,
		],
		[["--against", "no such ref"], /is not a commit here/],
		[
			["--tier-dir", digest, "--target", "http://127.0.0.1:1"],
			/--target and --tier-dir can't be given together/,
		],
		[
			["--tier-dir", digest, "--tiers", "js"],
			/There is no tier "js" in digest/,
		],
		[["--tier-dir", digest, "--text", "mid"], /There are no texts "mid"/],
	];
	for (const [args, sentence] of rows) {
		const { status, stdout, stderr } = runKit(...args);
		assert.equal(status, 2, `${args}: ${stderr}`);
		assert.match(stderr, sentence);
		assert.equal(stdout, "");
	}
});
