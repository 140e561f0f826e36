import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";

test("the sources follow the formatters, the linter and their types", () => {
	const script = path.join(import.meta.dirname, "../scripts/lint.sh");
	const result = spawnSync("sh", [script], { encoding: "utf8" });
	assert.equal(result.status, 0, result.stdout + result.stderr);
});

test("every exported function of the kit says its types", () => {
	const bench = path.join(import.meta.dirname, "../bench");
	const files = readdirSync(bench, { recursive: true }).filter(
		(name) => name.endsWith(".js") && name !== "report/html/sort.js",
	);
	const exported =
		/(\*\/\n)?^export (?:(?:async )?function\*? (\w+)|const (\w+) =\s*(?:async )?(?:\(|$))/gm;
	const untyped = files.flatMap((name) => {
		const text = readFileSync(path.join(bench, name), "utf8");
		return [...text.matchAll(exported)]
			.filter(({ index, 1: end }) => {
				const comment = text.slice(text.lastIndexOf("/**", index), index);
				return !end || !/@(type|returns) /.test(comment);
			})
			.map(
				([, , ofFunction, ofConstant]) =>
					`${name}: ${ofFunction ?? ofConstant}`,
			);
	});
	assert.ok(files.length > 50);
	assert.deepEqual(untyped, []);
});
