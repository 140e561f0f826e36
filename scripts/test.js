// Sets up and builds what the tests need, then runs them: node scripts/test.js [FILE OR FOLDER...] (default: tests)
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { build } from "./build.js";
import { needsOf, planOf } from "./test-needs.js";

const root = path.join(import.meta.dirname, "..");

/** The test files in a folder, by their paths; a file stands for itself. */
export function findTests(fileOrFolder) {
	if (!statSync(fileOrFolder).isDirectory()) return [fileOrFolder];
	return readdirSync(fileOrFolder, { recursive: true })
		.filter((name) => name.endsWith(".test.js"))
		.map((name) => path.join(fileOrFolder, name))
		.sort();
}

function setUp(groups) {
	const script = path.join(root, "scripts/setup.sh");
	const { status } = spawnSync("sh", [script, ...groups], { stdio: "inherit" });
	return status === 0;
}

async function buildAll(builds) {
	const configurations = Object.keys(builds);
	if (configurations.length === 0) return;
	console.log(`Building: ${configurations.join(", ")}`);
	for (const [configuration, targets] of Object.entries(builds)) {
		const native = targets.filter((target) => target !== "wasm");
		if (native.length > 0)
			build({ configuration, targets: native, quiet: true });
		if (native.length < targets.length) {
			// It needs a package of npm's, which is there only now.
			const { buildWasm } = await import("./build-wasm.js");
			buildWasm({ configuration, quiet: true });
		}
	}
}

async function main(wanted) {
	const files = (wanted.length > 0 ? wanted : [path.join(root, "tests")])
		.map((name) => path.resolve(name))
		.flatMap(findTests);
	const { setup, builds } = planOf(new Set(files.flatMap(needsOf)));
	if (!setUp(setup)) return 1;
	await buildAll(builds);
	const { status } = spawnSync(
		process.execPath,
		[
			"--test",
			"--test-reporter=spec",
			// By itself it would leave one CPU free.
			`--test-concurrency=${os.availableParallelism()}`,
			...files,
		],
		{ stdio: "inherit" },
	);
	return status ?? 1;
}

if (process.argv[1] === import.meta.filename) {
	main(process.argv.slice(2)).then(
		(status) => {
			process.exitCode = status;
		},
		(error) => {
			console.error(error.message);
			process.exitCode = 1;
		},
	);
}
