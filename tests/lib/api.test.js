// docs/api.md: its examples run, and it has every call, option and error.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { makeCanvas } from "../drop-in/judge.js";

const require = createRequire(import.meta.url);
const root = path.join(import.meta.dirname, "../..");
const read = (name) => readFileSync(path.join(root, name), "utf8");
const guide = read("docs/api.md");
const QRCode = require("qr-tiers");

// Examples write files.
const before = process.cwd();
const folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-api-"));
process.chdir(folder);
after(() => {
	process.chdir(before);
	rmSync(folder, { recursive: true });
});

const AsyncFunction = (async () => {}).constructor;

/** Runs code as an ES module would, with what examples take for granted. */
function run(code) {
	const names = { assert, require, QRCode, makeCanvas, console: { log() {} } };
	const body = `"use strict"; {${code}\n}`;
	return new AsyncFunction(...Object.keys(names), body)(
		...Object.values(names),
	);
}

/** [heading, code]: the examples in their order, numbered where a heading has several. */
function findExamples() {
	return guide.split(/^#+ /m).flatMap((section) => {
		const [heading] = section.split("\n");
		const blocks = [...section.matchAll(/^```js\n(.*?)^```/gms)];
		return blocks.map(([, code], i) => [`${heading}, ${i + 1}`, code]);
	});
}

for (const [name, code] of findExamples())
	test(`the example runs: ${name}`, () => run(code));

test("each error of the table comes from its example", async () => {
	const rows = [...guide.matchAll(/^\| `(ERR_\w+)` \| `(.*)` \|$/gm)];
	assert.ok(rows.length > 0);
	for (const [, code, call] of rows)
		await assert.rejects(run(`QRCode.${call}`), { code }, call);
});

test("every error, call and option is there", () => {
	const types = read("lib/shapes.d.cts");
	const errors = types.match(/ERR_QRPNG_\w+/g);
	const calls = Object.keys(QRCode).map((name) => `\`${name}`);
	const [, options] = /KNOWN_OPTIONS = new Set\(\[(.*?)\]\)/s.exec(
		read("lib/options.cjs"),
	);
	const names = options.match(/\w+/g).filter((name) => name !== "color");
	const missing = [...errors, ...calls, ...names.map((name) => `\`${name}\``)];
	assert.deepEqual(
		missing.filter((name) => !guide.includes(name)),
		[],
	);
});
