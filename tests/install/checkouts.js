// What package managers do with a folder that is a checkout, and with a git repository.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { nodeBinary } from "../../scripts/node-versions.js";
import { fetchManager, managers } from "./managers.js";
import { judge, makeProject, reasonOf } from "./project.js";

const root = path.join(import.meta.dirname, "../..");

/** Link to a folder: those of which that was tried. */
const linking = {
	"npm 10": ["install", root],
	"npm 11": ["install", root],
	"npm 12": ["install", root],
	"pnpm 12": ["add", root],
	"yarn 4, node-modules": ["add", `qr-tiers@portal:${root}`],
};

/** These build a git dependency; npm 12 only if that is allowed. Without the compilers for all platforms they must say which are missing. */
const building = { "npm 11": [], "npm 12": ["--allow-git=all"] };
const refusal = "names the compilers";

/** A repository of what is committed here. */
function makeRepository(folder) {
	const repository = path.join(folder, "qr-tiers.git");
	const args = ["clone", "--quiet", "--bare", "--depth=1", `file://${root}`];
	const { status, stderr } = spawnSync("git", [...args, repository], {
		encoding: "utf8",
	});
	if (status !== 0) throw new Error(stderr);
	return `git+file://${repository}`;
}

/** Returns a cell. */
function install(manager, node, args, { hasCompilers, digest, files }) {
	const project = makeProject({ node, files, hasCompilers });
	const { run, remove } = project;
	try {
		const { status, output } = run(fetchManager(manager), args);
		if (status === 0) return judge(run("node", ["check.cjs"]), digest);
		return /are missing.* gcc-aarch64-linux-gnu .*gcc-mingw-w64/.test(output)
			? refusal
			: `not installed: ${reasonOf(output)}`;
	} finally {
		remove();
	}
}

/** Yields [row, column, cell, what it should be] for each manager. */
export async function* tryCheckouts({ origin, digest }, isWanted) {
	const folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-git-"));
	try {
		for (const manager of managers) {
			const { title } = manager;
			const node = await nodeBinary(manager.node, console.log);
			const link = linking[title];
			const row = `${title}: a checkout`;
			if (link && isWanted(row)) {
				const files = manager.files(origin, "plain");
				const known = { hasCompilers: true, digest, files };
				yield [row, "linked", install(manager, node, link, known), "local"];
			}
			const flags = building[title];
			const gitRow = `${title}: from git`;
			if (!flags || !isWanted(gitRow)) continue;
			const args = ["install", ...flags, makeRepository(folder)];
			const cells = { "no compilers": refusal, compilers: "prebuilt" };
			for (const [column, expected] of Object.entries(cells)) {
				const known = { hasCompilers: column === "compilers", digest };
				yield [gitRow, column, install(manager, node, args, known), expected];
			}
			rmSync(path.join(folder, "qr-tiers.git"), { recursive: true });
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
}
