// What is made of the table of options: it is current, and shells and man take it.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { generate } from "../../cli/generate.js";
import { groups } from "../../cli/options.js";
import { freshDirectory, root } from "./command.js";

const folder = path.join(root, "cli/generated");
const options = groups.flatMap((group) => group.options);

test("cli/generated has what node cli/generate.js makes", () => {
	const made = generate();
	for (const [name, text] of Object.entries(made))
		assert.equal(readFileSync(path.join(folder, name), "utf8"), text, name);
	const there = readdirSync(folder, { recursive: true, withFileTypes: true });
	assert.equal(
		there.filter((entry) => entry.isFile()).length,
		Object.keys(made).length,
	);
});

test("names and letters are given once", () => {
	const names = options.flatMap(({ name, letter, aliases = [] }) => [
		name,
		...(letter ? [letter] : []),
		...aliases,
	]);
	assert.deepEqual(names.sort(), [...new Set(names)].sort());
});

for (const page of ["cli/generated/qrpng.1", "core/qrpng.3"])
	test(`${page} is troff without a warning`, () => {
		const { status, stdout, stderr } = spawnSync(
			"groff",
			["-man", "-ww", "-Tascii", "-P-cbou", path.join(root, page)],
			{ encoding: "utf8" },
		);
		assert.equal(stderr, "");
		assert.equal(status, 0);
		assert.match(stdout, /^NAME$/m);
		if (page.endsWith(".1"))
			for (const { name, value } of options)
				assert.match(
					stdout,
					new RegExp(`^ .*--${name}\\b.*${value ?? ""}`, "m"),
				);
	});

describe("bash completes", () => {
	const cwd = freshDirectory();
	mkdirSync(path.join(cwd, "folder"));
	writeFileSync(path.join(cwd, "file.txt"), "");

	/** What is offered for the last word; words as bash splits them. */
	function complete(...words) {
		const script = `
			. "$0/completions/qrpng"
			compopt() { :; } # only while it really completes
			COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
			_qrpng
			printf '%s\\n' "\${COMPREPLY[@]}"`;
		const args = ["--norc", "-c", script, folder, "qrpng", ...words];
		const offered = execFileSync("bash", args, { cwd, encoding: "utf8" });
		return offered.split("\n").filter(Boolean).sort();
	}

	test("names of options", () => {
		assert.deepEqual(
			complete("-"),
			options.map(({ name }) => `--${name}`).sort(),
		);
		assert.deepEqual(complete("--mask"), ["--mask", "--mask-rule"]);
		assert.deepEqual(complete("text"), []);
	});

	test("values of options", () => {
		for (const words of [
			["--type", "t"],
			["-t", "t"],
			["--type", "=", "t"],
		])
			assert.deepEqual(complete(...words), ["terminal"]);
		assert.deepEqual(complete("--type", "="), [
			"ascii",
			"png",
			"svg",
			"terminal",
			"utf8",
		]);
		assert.deepEqual(complete("--level", ""), ["H", "L", "M", "Q"]);
		assert.deepEqual(complete("-r", "f"), ["file.txt", "folder"]);
		assert.deepEqual(complete("--out-dir", "f"), ["folder"]);
		assert.deepEqual(complete("--width", ""), []);
	});
});
