import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import test from "node:test";
import {
	buildCommit,
	inTree,
	whyNotIn,
} from "../../../bench/subjects/commit.js";
import { launchTier } from "../../../bench/subjects/tiers.js";
import { within } from "../../contract/http.js";
import { withDirectory } from "../helpers.js";

/** A build that notes how it was called, where, and with which packages. */
const buildScript = `
const { appendFileSync, existsSync } = require("node:fs");
const line = { args: process.argv.slice(2), hasPackages: existsSync("node_modules/marker") };
appendFileSync("built.ndjson", JSON.stringify(line) + "\\n");
`;

/** A repository with two commits: the first one has no tier "new". */
async function withRepository(use, script = buildScript) {
	await withDirectory(async (directory) => {
		const git = (...args) =>
			execFileSync("git", ["-C", directory, ...args], {
				stdio: "pipe",
				env: {
					...process.env,
					GIT_AUTHOR_NAME: "a",
					GIT_AUTHOR_EMAIL: "a@example.org",
					GIT_COMMITTER_NAME: "a",
					GIT_COMMITTER_EMAIL: "a@example.org",
				},
			}).toString();
		const write = (path, text) => {
			mkdirSync(join(directory, path, ".."), { recursive: true });
			writeFileSync(join(directory, path), text);
		};
		git("init", "--quiet");
		write(".gitignore", "build/\nnode_modules/\n");
		write("package-lock.json", "{}");
		write("node_modules/marker", "");
		write("scripts/build.js", script);
		write("server/tiers/old.js", "");
		git("add", ".");
		git("commit", "--quiet", "--message", "first");
		write("server/tiers/new.js", "");
		git("add", ".");
		git("commit", "--quiet", "--message", "second");
		await use({ root: directory, commit: git("rev-parse", "HEAD~1").trim() });
	});
}

const options = { builds: ["release"], onStep: () => {} };
const leftIn = (root) => {
	const parent = join(root, "build", "against");
	return existsSync(parent) ? readdirSync(parent) : [];
};

test("another commit is built beside this one, with the packages of this one if its lock file is the same", () =>
	withRepository(async ({ root, commit }) => {
		const builds = ["release", "debug"];
		const tree = await buildCommit("HEAD~1", { ...options, root, builds });
		assert.deepEqual([tree.ref, tree.commit], ["HEAD~1", commit]);
		const lines = readFileSync(join(tree.root, "built.ndjson"), "utf8")
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line));
		assert.deepEqual(lines, [
			{ args: ["--quiet"], hasPackages: true },
			{ args: ["--quiet", "--configuration", "Debug"], hasPackages: true },
		]);
		assert.equal(whyNotIn({ id: "old" }, tree), null);
		assert.equal(whyNotIn({ id: "server" }, tree), null);
		assert.equal(whyNotIn({ id: "new" }, tree), "is not there at HEAD~1");
		assert.deepEqual(leftIn(root), [`${process.pid}`]);
		tree.remove();
		assert.deepEqual(leftIn(root), []);
		assert.ok(existsSync(join(root, "node_modules", "marker")));
	}));

test("a tier of the other tree is started there", () => {
	const tree = { root: "/elsewhere/" };
	const server = inTree(launchTier({ id: "server" }), tree);
	assert.equal(server.command, "/elsewhere/build/Release/qrpng-server");
	assert.equal(server.cwd, "/elsewhere/");
	const js = inTree(launchTier({ id: "js" }), tree);
	assert.equal(js.command, process.execPath);
	assert.equal(js.cwd, "/elsewhere/");
	assert.equal(js.args[0], "server/app.js");
});

test("what can't be built is one sentence, and nothing is left", () =>
	withRepository(async ({ root }) => {
		await assert.rejects(
			buildCommit("nowhere", { ...options, root }),
			/^Error: --against nowhere is not a commit here: /,
		);
		await assert.rejects(
			buildCommit("HEAD", { ...options, root }),
			/build\.js failed: no compiler/,
		);
		assert.deepEqual(leftIn(root), []);
	}, 'process.stderr.write("no compiler"); process.exitCode = 1;'));

test("it can be stopped; what an earlier kit left is removed", () =>
	withRepository(async ({ root }) => {
		mkdirSync(join(root, "build", "against", "99999999"), { recursive: true });
		const signal = AbortSignal.timeout(500);
		const building = buildCommit("HEAD", { ...options, root, signal });
		const rejected = assert.rejects(building, { name: "TimeoutError" });
		await within("its end", rejected);
		assert.deepEqual(leftIn(root), []);
	}, "setTimeout(() => {}, 600_000);"));
