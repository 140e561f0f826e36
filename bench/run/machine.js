// Where the numbers come from: hardware, system and versions.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import os from "node:os";
import { h2loadVersion } from "../load/h2load.js";
import { wrkVersion } from "../load/wrk.js";

function git(...args) {
	try {
		const cwd = new URL("../..", import.meta.url);
		return execFileSync("git", args, { cwd, stdio: "pipe" }).toString().trim();
	} catch {
		return null;
	}
}

/** The commit, with "-dirty" behind it if tracked files differ from it; null outside a clone or without git. */
function gitCommit() {
	return git("describe", "--always", "--dirty", "--abbrev=40", "--exclude=*");
}

function packageVersion(name) {
	try {
		const file = new URL(
			`../../node_modules/${name}/package.json`,
			import.meta.url,
		);
		return `${name} ${JSON.parse(readFileSync(file, "utf8")).version}`;
	} catch {
		return `${name} (not installed)`;
	}
}

function distribution() {
	try {
		const release = readFileSync("/etc/os-release", "utf8");
		return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(release)?.[1] ?? null;
	} catch {
		return null;
	}
}

/**
 * `packages`: of npm, whose versions matter.
 * @type {(packages: string[]) => Kit.Machine}
 */
export function describeMachine(packages) {
	const cpus = os.cpus();
	return {
		cpu: cpus[0]?.model.trim() ?? "unknown",
		cores: cpus.length,
		memoryBytes: os.totalmem(),
		kernel: `${os.type()} ${os.release()} ${os.machine()}`,
		distribution: distribution(),
		node: process.version,
		generators: [wrkVersion(), h2loadVersion()].filter(
			(version) => version !== null,
		),
		packages: packages.map(packageVersion),
		gitCommit: gitCommit(),
	};
}
