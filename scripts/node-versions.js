// The Node versions that are supported, each as a whole distribution that npm installs below build/nodes/.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const MAX_REASON_LINES = 3;

/** Major versions, oldest first. */
export const nodeVersions = [20, 22, 24, 26];

/**
 * Resolves to the path of a node binary of that major version, which npm installs if it is not there yet (in a few
 * seconds); rejects with one sentence if it can't.
 * @param {number} major
 * @param {(sentence: string) => void} [announce] told before the installation
 */
export async function nodeBinary(major, announce) {
	const name = `node-${process.platform}-${process.arch}`;
	const folder = path.join(import.meta.dirname, "../build/nodes", `${major}`);
	// npm writes it when all else is there.
	if (!existsSync(path.join(folder, "node_modules/.package-lock.json"))) {
		announce?.(`Installing Node ${major} from npm in build/nodes/${major}`);
		await install(`${name}@${major}`, folder);
	}
	return path.join(folder, "node_modules", name, "bin/node");
}

async function install(wanted, folder) {
	const flags = ["--no-save", "--ignore-scripts", "--loglevel=error"];
	try {
		await promisify(execFile)("npm", [
			"install",
			...flags,
			"--no-audit",
			"--no-fund",
			// A registry that does not answer is given up after a minute and a half.
			"--fetch-timeout=30000",
			"--fetch-retries=2",
			"--fetch-retry-mintimeout=1000",
			"--fetch-retry-maxtimeout=5000",
			"--prefix",
			folder,
			wanted,
		]);
	} catch ({ stderr, message }) {
		const lines = (stderr || message)
			.trim()
			.replace(/^npm error /gm, "")
			.split("\n");
		const reason = lines.slice(0, MAX_REASON_LINES).join(" / ");
		throw new Error(`npm can't install ${wanted}: ${reason}`);
	}
}
