// Builds what the tests run, then runs them: node scripts/test.js [FILE OR FOLDER...] (default: tests)
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { build } from "./build.js";
import { buildWasm } from "./build-wasm.js";

const root = path.join(import.meta.dirname, "..");

const builds = {
	Release: [
		"addon",
		"cli",
		"server",
		"shared",
		"core_test",
		"core_threads_test",
		"core_fork_test",
		"png_sweep",
		"core_bench",
		"constant_server",
	],
	Debug: ["addon", "cli", "server", "shared"],
	Sanitize: ["cli", "server", "core_test"],
	Tsan: ["core_threads_test"],
	Fuzz: ["fuzz_encode", "fuzz_differential", "fuzz_geometry"],
};

/** The test files in a folder, by their paths; a file stands for itself. */
export function findTests(fileOrFolder) {
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
		"Building, also with sanitizers for addresses, undefined behaviour and threads",
	);
	for (const [configuration, targets] of Object.entries(builds))
		build({ configuration, targets, quiet: true });
	for (const configuration of ["Release", "Debug"])
		buildWasm({ configuration, quiet: true });
	const { status } = spawnSync(
		process.execPath,
		[
			...["--test", "--test-reporter=spec"],
			// By itself it would leave one CPU free.
			`--test-concurrency=${os.availableParallelism()}`,
			...files,
		],
		{ stdio: "inherit" },
	);
	return status ?? 1;
}

if (process.argv[1] === import.meta.filename) {
	try {
		process.exitCode = main(process.argv.slice(2));
	} catch (error) {
		console.error(error.message);
		process.exitCode = 1;
	}
}
