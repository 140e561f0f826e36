// Imports and includes go in one direction: .dependency-cruiser.cjs and includes.js say which.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import {
	countLevels,
	cruiseTree,
	drawGraphs,
	findGraphs,
	findHiddenImports,
	readCFiles,
	readJsFiles,
	topFiles,
} from "./import-graph.js";
import { findWrongIncludes } from "./includes.js";

const mostLevels = 6;

const describe = ({ from, to, rule }) => `${from} → ${to}: ${rule.name}`;

/** The violations in a tree of these files, path → text. */
async function violationsIn(files) {
	const tree = mkdtempSync(path.join(tmpdir(), "arrows-"));
	try {
		for (const [name, text] of Object.entries(files)) {
			mkdirSync(path.join(tree, path.dirname(name)), { recursive: true });
			writeFileSync(path.join(tree, name), text);
		}
		const { summary } = await cruiseTree(tree);
		return summary.violations.map(({ from, to }) => `${from} → ${to}`);
	} finally {
		rmSync(tree, { recursive: true });
	}
}

test("no import climbs or goes round", async () => {
	const { modules, summary } = await cruiseTree();
	assert.deepEqual(summary.violations.map(describe), []);
	for (const top of topFiles)
		assert.ok(modules.some(({ source }) => source === top));
});

test("rooms are few levels deep, and none is above itself", async () => {
	for (const [name, graph] of Object.entries(await findGraphs())) {
		const levels = countLevels(graph);
		assert.ok(levels > 2 && levels <= mostLevels, `${name}: ${levels} levels`);
	}
	const round = new Map([
		["api", new Set(["page"])],
		["page", new Set(["api"])],
	]);
	assert.throws(() => countLevels(round), /api → page → api/);
});

test("docs/architecture.md has the graphs that npm run imports draws", async () => {
	const { before, after } = drawGraphs(await findGraphs());
	assert.equal(before.match(/^%% \w+/gm).length, 3);
	assert.equal(before, after);
});

test("a wrong import is found", async () => {
	const wrong = [
		["bench/report/a.js", "bench/run/b.js"],
		["bench/results/a.js", "bench/hosts/b.js"],
		["bench/subjects/a.js", "tests/png.js"],
		["bench/commands/a.js", "server/api/query.js"],
		["bench/run/a.js", "lib/index.js"],
		["bench/run/a.js", "ffi/index.js"],
		["bench/core/a.js", "server/tiers/b.js"],
		["bench/core/a.js", "server/tiers/parts/b.js"],
		["bench/new-room/a.js", "bench/results/b.js"],
		["server/a.js", "bench/results/b.js"],
		["addon/a.js", "server/b.js"],
		["lib/a.js", "server/b.js"],
		["ffi/a.js", "server/b.js"],
		["js-best/a.js", "server/b.js"],
		["wasm/a.js", "lib/b.js"],
		["server/a.js", "server/api/b.js"],
		["server/api/a.js", "server/process/b.js"],
		["server/api/a.js", "server/page/b.js"],
		["server/tiers/parts/a.js", "server/tiers/b.js"],
		["server/process/a.js", "server/tiers/b.js"],
	];
	for (const [from, to] of wrong) {
		const text = `import "./${path.relative(path.dirname(from), to)}";\n`;
		const files = { [from]: text, [to]: "export {};\n" };
		assert.deepEqual(await violationsIn(files), [`${from} → ${to}`]);
	}
	const lazy = 'await import("../../server/b.js");\n';
	assert.deepEqual(
		await violationsIn({ "bench/run/a.js": lazy, "server/b.js": "" }),
		["bench/run/a.js → server/b.js"],
	);
	const circle = {
		"server/a.js": 'import "./b.js";\n',
		"server/b.js": 'import "./a.js";\n',
	};
	assert.equal((await violationsIn(circle)).length, 1);
});

test("what is imported stands in the code, but where tiers are found by their names", async () => {
	const files = await readJsFiles();
	const hidden = [
		"bench/core/libraries.js", // one that Node takes for CommonJS by its name
		"bench/subjects/tier-directory.js",
		"bench/subjects/tier-host.js",
		"server/tier-registry.js",
		"server/tiers/wasm-emscripten.js", // as it was built, if at all
	];
	assert.deepEqual(findHiddenImports(files), hidden);
	const planted = [
		"const tier = await import(pathToFileURL(tierFile(id)).href);",
		"await import(`../../server/tiers/ffi.js`);",
		"require(path);",
		"createRequire(import.meta.url)(path);",
	];
	for (const text of planted) {
		const found = findHiddenImports(new Map([["bench/core/a.js", text]]));
		assert.deepEqual(found, ["bench/core/a.js"], text);
	}
});

test("a right import is none of those", async () => {
	const files = {
		"bench/run/a.js": 'import "../results/b.js";\nimport "node:fs";\n',
		"bench/results/b.js": "export {};\n",
		"server/a.js": 'import "../lib/index.js";\n',
		"lib/index.js": "export {};\n",
		"bench/core/a.js": 'import "../../ffi/index.js";\n',
		"server/tiers/a.js": 'import "../../ffi/index.js";\n',
		"ffi/index.js": "export {};\n",
	};
	assert.deepEqual(await violationsIn(files), []);
});

test("no include climbs", () => {
	assert.deepEqual(findWrongIncludes(readCFiles()), []);
});

test("a wrong include is found", () => {
	const wrong = [
		["core/src/fast/png.c", "../reference/reference.h"],
		["core/src/reference/png.c", "../fast/png.h"],
		["core/src/encoder.c", "fast/png.h"],
		["core/src/encoder.c", "../../cli/input.h"],
		["cli/main.c", "engine.h"],
		["cli/main.c", "<engine.h>"],
		["addon/src/addon.c", "../../core/src/engine.h"],
		["server/native/main.c", "../../bench/core/bare.h"],
		["bench/load/constant_server.c", "engine.h"],
		["bench/core/main.c", "../../tests/core/sample.h"],
		["cli/main.c", "nowhere.h"],
	];
	const files = readCFiles();
	for (const [from, header] of wrong) {
		const name = header.startsWith("<") ? header : `"${header}"`;
		const planted = `#include ${name}\n${files.get(from)}`;
		const found = findWrongIncludes(new Map(files).set(from, planted));
		assert.equal(found.length, 1, `${from} ${header}`);
		assert.ok(found[0].startsWith(`${from} `), found[0]);
	}
});
