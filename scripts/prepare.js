// What package managers run in a checkout: builds the addon on "npm install". A git dependency is a checkout, too, but what is packed of it
// is what a release has. Installs no system packages: those who depend on this may not want them.
import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import path from "node:path";

const root = realpathSync(path.join(import.meta.dirname, ".."));

/** What npm tells what it runs: see "npm help scripts". */
const {
	npm_command: command,
	npm_config_cache: cache,
	npm_config_local_prefix: project,
} = process.env;

const isIn = (folder) =>
	folder !== undefined && root.startsWith(realpathSync(folder) + path.sep);

/** npm clones git dependencies into its cache. */
const isGitDependency = () => isIn(cache);
/** It installs what they are built with first, for which they are the project. */
const isProject = () => project !== undefined && realpathSync(project) === root;

function run(command, ...args) {
	const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
	return status === 0;
}

function buildAddon() {
	return (
		run("sh", "scripts/setup.sh", "--look", "addon") &&
		run(process.execPath, "scripts/build.js", "--quiet", "addon")
	);
}

function prepare() {
	if (command === "pack" || command === "publish") return true; // prepack has made it all
	if (!isGitDependency()) return buildAddon();
	return isProject() || run("sh", "scripts/make-package.sh");
}

process.exitCode = prepare() ? 0 : 1;
