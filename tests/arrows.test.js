// Imports and includes go in one direction: .dependency-cruiser.cjs and includes.js say which.
import assert from "node:assert/strict";
import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { cruise } from "dependency-cruiser";
import { findWrongIncludes } from "./includes.js";

const root = path.join(import.meta.dirname, "..");
const config = createRequire(import.meta.url)("../.dependency-cruiser.cjs");
const cFolders = ["addon", "bench", "cli", "core", "server", "tests", "wasm"];
const jsFolders = ["addon", "bench", "lib", "scripts", "server", "wasm"];
const mostLevels = 6;
const topFiles = ["bench/main.js", "server/app.js"];

/** What dependency-cruiser finds in those folders of a tree that are there. */
async function cruiseTree(baseDir) {
	const there = readdirSync(baseDir);
	const { output } = await cruise(
		jsFolders.filter((folder) => there.includes(folder)),
		{ ...config.options, baseDir, validate: true, ruleSet: config },
		config.options.enhancedResolveOptions,
	);
	return output;
}

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

function readCFiles() {
	const names = cFolders.flatMap((folder) =>
		readdirSync(path.join(root, folder), { recursive: true })
			.filter((name) => /\.[ch]$/.test(name))
			.map((name) => `${folder}/${name}`),
	);
	const read = (name) => readFileSync(path.join(root, name), "utf8");
	return new Map(names.map((name) => [name, read(name)]));
}

/** bench/report/html/page.js → report; of files in the folder itself all but those on top are one room. */
function roomIn(folder, file) {
	const [outer, room, inner] = file.split("/");
	if (outer !== folder) return undefined;
	return inner !== undefined || topFiles.includes(file) ? room : folder;
}

/** How many rooms of a folder the longest chain of imports goes through. */
function countLevels(folder, modules) {
	const roomOf = (file) => roomIn(folder, file);
	const below = new Map();
	for (const { source, dependencies } of modules) {
		const room = roomOf(source);
		if (!room) continue;
		const rooms = below.get(room) ?? new Set();
		below.set(room, rooms);
		for (const { resolved } of dependencies)
			if (roomOf(resolved) && roomOf(resolved) !== room)
				rooms.add(roomOf(resolved));
	}
	const levels = (room) =>
		1 + Math.max(0, ...[...(below.get(room) ?? [])].map(levels));
	return Math.max(...[...below.keys()].map(levels));
}

test("no import climbs or goes round, and there are few levels", async () => {
	const { modules, summary } = await cruiseTree(root);
	assert.deepEqual(summary.violations.map(describe), []);
	for (const top of topFiles) {
		assert.ok(modules.some(({ source }) => source === top));
		const levels = countLevels(path.dirname(top), modules);
		assert.ok(levels > 2 && levels <= mostLevels, `${top}: ${levels} levels`);
	}
});

test("a wrong import is found", async () => {
	const wrong = [
		["bench/report/a.js", "bench/run/b.js"],
		["bench/results/a.js", "bench/hosts/b.js"],
		["bench/subjects/a.js", "tests/png.js"],
		["bench/commands/a.js", "server/api/query.js"],
		["bench/run/a.js", "lib/index.js"],
		["bench/new-room/a.js", "bench/results/b.js"],
		["server/a.js", "bench/results/b.js"],
		["addon/a.js", "server/b.js"],
		["lib/a.js", "server/b.js"],
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

test("a right import is none of those", async () => {
	const files = {
		"bench/run/a.js": 'import "../results/b.js";\nimport "node:fs";\n',
		"bench/results/b.js": "export {};\n",
		"server/a.js": 'import "../lib/index.js";\n',
		"lib/index.js": "export {};\n",
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
		["addon/src/addon.c", "../../core/src/engine.h"],
		["server/native/main.c", "../../bench/core/bare.h"],
		["bench/load/constant_server.c", "engine.h"],
		["bench/core/main.c", "../../tests/core/sample.h"],
		["cli/main.c", "nowhere.h"],
	];
	const files = readCFiles();
	for (const [from, header] of wrong) {
		const planted = `#include "${header}"\n${files.get(from)}`;
		const found = findWrongIncludes(new Map(files).set(from, planted));
		assert.equal(found.length, 1, `${from} ${header}`);
		assert.ok(found[0].startsWith(`${from} `), found[0]);
	}
});
