import assert from "node:assert/strict";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { chooseSubject } from "../../../bench/subjects/subject.js";
import { runKit } from "../run-kit.js";

const digest = fileURLToPath(
	new URL("../../../docs/examples/digest", import.meta.url),
);
const tiers = [{ id: "js" }];
const target = [{ id: "live", target: "http://127.0.0.1:1" }];

/** Options as parseOptions() gives them; those that are listed were given. */
const options = (given) => ({
	...{ tiers, values: { text: ["short"] }, ...given },
	isGiven: (name) => name in given,
});

test("targets are measured alone, unless tiers are asked for, too", async () => {
	const selected = async (given) =>
		(await chooseSubject(options(given))).selections;
	assert.deepEqual(await selected({}), tiers);
	assert.deepEqual(await selected({ target }), target);
	assert.deepEqual(await selected({ target, tiers }), [...tiers, ...target]);
});

test("a directory brings its tiers and texts", async () => {
	const { selections, texts, tierDirectory } = await chooseSubject(
		options({ tierDir: digest }),
	);
	assert.deepEqual(
		selections.map(({ id }) => id),
		["command", "in-process", "node-http"],
	);
	assert.deepEqual([...texts.keys()], ["short"]);
	assert.equal(tierDirectory.name, "digest");
	const long = { tierDir: digest, values: { text: ["long"] }, text: true };
	const chosen = await chooseSubject(options(long));
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
