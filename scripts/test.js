// Builds what the tests run, then runs them: node scripts/test.js [FILE OR FOLDER...] (default: tests)
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { build } from "./build.js";

const root = path.join(import.meta.dirname, "..");

function findTests(fileOrFolder) {
	if (!statSync(fileOrFolder).isDirectory()) return [fileOrFolder];
	return readdirSync(fileOrFolder, { recursive: true })
		.filter((name) => name.endsWith(".test.js"))
		.map((name) => path.join(fileOrFolder, name))
		.sort();
}

function main(wanted) {
	const files = (wanted.length > 0 ? wanted : [path.join(root, "tests")])
		.map((name) => path.resolve(name))
		.flatMap(findTests);
	console.log(
		"Building, also with the address and undefined-behaviour sanitizers",
	);
	const targets = ["addon", "cli", "server", "core_test"];
	build({ targets, quiet: true });
	build({
		targets: ["cli", "server", "core_test"],
		configuration: "Sanitize",
		quiet: true,
	});
	const { status } = spawnSync(
		process.execPath,
		["--test", "--test-reporter=spec", ...files],
		{ stdio: "inherit" },
	);
	return status ?? 1;
}

try {
	process.exitCode = main(process.argv.slice(2));
} catch (error) {
	console.error(error.message);
	process.exitCode = 1;
}
