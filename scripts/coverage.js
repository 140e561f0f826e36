// Which lines the tests reach, of C and of JavaScript: see the help below.
import { execFileSync, spawnSync } from "node:child_process";
import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	rmSync,
	symlinkSync,
} from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

const root = path.join(import.meta.dirname, "..");
const tree = path.join(root, "build/coverage/tree");
const v8Folder = path.join(root, "build/coverage/v8");

const help = `Usage: npm run coverage -- [--report] [FILE OR FOLDER...]

Builds everything again in build/coverage/, with counters, runs tests there and
prints the lines that they reach: of C by lcov, of JavaScript by c8. What is
in build/coverage/ from earlier runs is added up, unless sources have changed.

  --report  only prints what earlier runs have counted
  --fresh   forgets what they have counted
  --help    shows this help

Without names it runs tests/core, tests/cli, tests/lib, tests/ffi,
tests/server and tests/contract.
`;

const usualTests = ["core", "cli", "lib", "ffi", "server", "contract"];
/** Optimized a little, or what has to be fast is too slow for its tests; unrolled or inlined lines would count as others. */
const compilerFlags =
	"--coverage -O1 -fno-inline -fprofile-update=atomic -Wno-error";
const measuredC = ["core/", "cli/", "addon/", "server/native/"];
const measuredJs = ["lib/**", "server/**/*.js", "cli/**/*.js", "wasm/*.cjs"];
/** What only other machines compile, and what is not ours. */
const excludedC = ["addon/windows/", "server/native/http/llhttp/"];

/** The sources as they are, without what is built of them. */
function copySources() {
	const files = execFileSync(
		"git",
		["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
		{ cwd: root, encoding: "utf8" },
	);
	mkdirSync(tree, { recursive: true });
	for (const name of files.split("\0").filter(Boolean)) {
		const source = path.join(root, name);
		if (existsSync(source))
			cpSync(source, path.join(tree, name), { preserveTimestamps: true });
	}
	if (!existsSync(path.join(tree, "node_modules")))
		symlinkSync(
			path.join(root, "node_modules"),
			path.join(tree, "node_modules"),
		);
}

function forgetCounts() {
	rmSync(v8Folder, { recursive: true, force: true });
	if (!existsSync(tree)) return;
	const names = readdirSync(tree, { recursive: true });
	for (const name of names.filter((one) => `${one}`.endsWith(".gcda")))
		rmSync(path.join(tree, `${name}`));
}

function run(command, args, env = {}) {
	const { status, error } = spawnSync(command, args, {
		cwd: tree,
		env: { ...process.env, ...env },
		stdio: "inherit",
	});
	if (error) throw error;
	return status ?? 1;
}

function runTests(names) {
	return run(process.execPath, ["scripts/test.js", ...names], {
		CFLAGS: compilerFlags,
		LDFLAGS: "--coverage",
		NODE_V8_COVERAGE: v8Folder,
		GCOV_ERROR_FILE: "/dev/null", // where a test lets nothing be written
	});
}

/** Each file's share, and that of all. */
function reportC() {
	const quiet = ["--quiet", "--rc", "geninfo_unexecuted_blocks=1"];
	const all = path.join(tree, "../all.info");
	const ours = path.join(tree, "../ours.info");
	const place = ["--directory", "build", "--base-directory", "build"];
	const only = measuredC.map((name) => path.join(tree, name, "*"));
	const not = excludedC.map((name) => path.join(tree, name, "*"));
	return (
		run("lcov", [...quiet, "--capture", ...place, "--output-file", all]) ||
		run("lcov", [...quiet, "--extract", all, ...only, "--output-file", ours]) ||
		run("lcov", [...quiet, "--remove", ours, ...not, "--output-file", ours]) ||
		run("lcov", ["--list", ours])
	);
}

function report() {
	const ofC = reportC();
	if (!existsSync(v8Folder)) return ofC;
	const includes = measuredJs.map((pattern) => `--include=${pattern}`);
	const c8 = path.join(root, "node_modules/c8/bin/c8.js");
	const reporters = ["--reporter=text", `--temp-directory=${v8Folder}`];
	return (
		run(process.execPath, [c8, "report", ...reporters, ...includes]) || ofC
	);
}

function main(args) {
	const { values, positionals } = parseArgs({
		args,
		options: {
			report: { type: "boolean" },
			fresh: { type: "boolean" },
			help: { type: "boolean" },
		},
		allowPositionals: true,
	});
	if (values.help) {
		process.stdout.write(help);
		return 0;
	}
	if (values.fresh) forgetCounts();
	if (values.report) return report();
	copySources();
	const all = usualTests.map((name) => `tests/${name}`);
	const failed = runTests(positionals.length > 0 ? positionals : all);
	return report() || failed;
}

try {
	process.exitCode = main(process.argv.slice(2));
} catch (error) {
	console.error(error.message);
	process.exitCode = 1;
}
