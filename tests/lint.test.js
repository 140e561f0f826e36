import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { amountOf } from "./amount.js";

test("the sources follow the formatters, the linter and their types", () => {
	const script = path.join(import.meta.dirname, "../scripts/lint.sh");
	const args = [script, ...amountOf(["--quick"], [])];
	const result = spawnSync("sh", args, { encoding: "utf8" });
	assert.equal(result.status, 0, result.stdout + result.stderr);
});

/** What is exported, or stands at the top of a CommonJS module, and what is public in exported classes. */
const declarations =
	/^(?:export (?:default )?(?:async )?function\*? \w+|export const \w+ =\s*(?:async )?(?:\(|$)|export default \{)/gm;
const declarationsOfCommonJs =
	/^(?:module\.exports = )?(?:async )?function \w+/gm;
const classes = /^export class [\s\S]*?^\}/gm;
const members = /^\t(?!constructor\(\))(?:\w+ )*\*?\w+\(/gm;

/** The lines that begin with such a declaration and have no comment before them that says its types. */
function findUntyped(text, pattern) {
	return [...text.matchAll(pattern)]
		.filter(({ 0: declaration, index }) => {
			const isConstructor = declaration.includes("constructor");
			const tag = isConstructor ? /@param / : /@(type|returns|satisfies) /;
			const before = text.slice(0, index).trimEnd();
			const comment = before.slice(before.lastIndexOf("/**"));
			return !comment.endsWith("*/") || !tag.test(comment);
		})
		.map(([declaration]) => declaration.trim());
}

function findUntypedExports(name, text) {
	if (name.endsWith(".cjs")) return findUntyped(text, declarationsOfCommonJs);
	const bodies = [...text.matchAll(classes)].map(([body]) => body);
	return [
		...findUntyped(text, declarations),
		...bodies.flatMap((body) => findUntyped(body, members)),
	];
}

const runsInBrowsers =
	/^(bench\/report\/html\/sort\.js|server\/page\/assets\/)/;

for (const [folder, count] of [
	["bench", 50],
	["server", 50],
	["lib", 6],
	["cli/node", 6],
])
	test(`all that files in ${folder}/ export says its types`, () => {
		const root = path.join(import.meta.dirname, "..");
		const files = readdirSync(path.join(root, folder), { recursive: true })
			.map((name) => `${folder}/${name}`)
			.filter((name) => /\.c?js$/.test(name) && !runsInBrowsers.test(name));
		const untyped = files.flatMap((name) => {
			const text = readFileSync(path.join(root, name), "utf8");
			return findUntypedExports(name, text).map((what) => `${name}: ${what}`);
		});
		assert.ok(files.length > count);
		assert.deepEqual(untyped, []);
	});
