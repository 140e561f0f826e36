import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import test from "node:test";
import { quoteForShell } from "../../../bench/commands/shell.js";

test("a shell gives the arguments back as they were", () => {
	const args = [
		"--tiers",
		"js,addon@fast",
		"--rates",
		"10%,90%",
		"",
		"a b",
		"it's",
		'"$HOME" `id`',
		"*",
		"#",
		"a\nb",
		"\\",
		"~",
		"ü",
	];
	const command = `printf '%s\\0' ${quoteForShell(args)}`;
	const said = execFileSync("sh", ["-c", command], { encoding: "utf8" });
	assert.deepEqual(said.split("\0").slice(0, -1), args);
});

test("what needs no quotes has none", () => {
	const args = ["--tiers", "js,addon@fast", "--target", "live=http://h:1"];
	assert.equal(quoteForShell(args), args.join(" "));
});
