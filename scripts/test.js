// Sets up and builds what the tests need, then runs them: see the help below.
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.js";
import { isUnitTest, needsOf, planOf, thisPlatform } from "./test-needs.js";

const root = path.join(import.meta.dirname, "..");

const help = `Usage: npm test -- [--unit] [--watch] [FILE OR FOLDER...]

Builds what the tests need and runs them, all of them unless some are named.

  --unit   only those that need no browser, no sanitizers and no servers
  --watch  runs them again whenever they or what they import changes
  --help   shows this help
`;

/** One more runs than there are CPUs: tests wait for servers about as often as for a CPU. */
export const testFlags = [
	"--test",
	"--test-reporter=spec",
	`--test-concurrency=${os.availableParallelism() + 1}`,
];

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
		const native = targets.filter(
			(target) => target !== "wasm" && target !== "prebuilt",
		);
		if (native.length > 0)
			build({ configuration, targets: native, quiet: true });
		// These need packages of npm's, which are there only now.
		if (targets.includes("wasm")) {
			const { buildWasm } = await import("./build-wasm.js");
			buildWasm({ configuration, quiet: true });
		}
		if (targets.includes("prebuilt")) {
			const { prebuild } = await import("./prebuild.js");
			await prebuild(thisPlatform, { quiet: true });
		}
	}
}

/** The files that were asked for, or all of that kind. */
function chooseTests(wanted, { unit }) {
	if (wanted.length > 0)
		return wanted.map((name) => path.resolve(name)).flatMap(findTests);
	const files = findTests(path.join(root, "tests"));
	return unit ? files.filter(isUnitTest) : files;
}

async function main(args) {
	const { values, positionals } = parseArgs({
		args,
		options: {
			unit: { type: "boolean" },
			watch: { type: "boolean" },
			help: { type: "boolean" },
		},
		allowPositionals: true,
	});
	if (values.help) {
		process.stdout.write(help);
		return 0;
	}
	const files = chooseTests(positionals, values);
	const { setup, builds } = planOf(new Set(files.flatMap(needsOf)));
	if (!setUp(setup)) return 1;
	await buildAll(builds);
	const { status } = spawnSync(
		process.execPath,
		[...testFlags, ...(values.watch ? ["--watch"] : []), ...files],
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
