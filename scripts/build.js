// Builds the packagings with node-gyp: node scripts/build.js [--quiet] [--configuration Release|Debug|Sanitize] [TARGET...]
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

const root = path.join(import.meta.dirname, "..");
const stampFile = path.join(root, "build", "configured-for.txt");
const prefix = path.join(path.dirname(process.execPath), "..");

const fuzzingCompiler = ["CC.target=clang", "LINK.target=clang"]; // libFuzzer is a part of clang

function run(command, args, quiet) {
	const result = spawnSync(command, args, {
		cwd: root,
		encoding: "utf8",
		env: { ...process.env, LINK: "cc" }, // there is no C++ here: gyp's default would ask for its compiler
		stdio: quiet
			? ["ignore", "pipe", "pipe"]
			: ["ignore", "inherit", "inherit"],
	});
	if (result.error)
		throw new Error(`${command} can't be started: ${result.error.message}`);
	if (result.status !== 0) {
		if (quiet) process.stderr.write(result.stdout + result.stderr);
		throw new Error(
			`${path.basename(command)} ${args.at(-1)} failed with exit code ${result.status}.`,
		);
	}
}

function nodeGypCommand() {
	const bundled = path.join(
		prefix,
		"lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js",
	);
	const script = [process.env.npm_config_node_gyp, bundled].find(
		(file) => file && existsSync(file),
	);
	return script ? [process.execPath, script] : ["node-gyp"];
}

/** As binding.gyp asks, too. */
function hasReferenceLibraries() {
	const result = spawnSync("pkg-config", [
		"--exists",
		"libqrencode",
		"libpng",
		"zlib",
	]);
	return result.status === 0;
}

function configure(quiet) {
	const inputs = ["binding.gyp", "scripts/tools.gypi", "package.json"].map(
		(name) => statSync(path.join(root, name)).mtimeMs,
	);
	const makefile = path.join(root, "build", "Makefile");
	if (
		existsSync(makefile) &&
		existsSync(stampFile) &&
		statSync(stampFile).mtimeMs > Math.max(...inputs)
	)
		return;

	// Headers that came with Node spare node-gyp a download.
	const headers = existsSync(path.join(prefix, "include/node/node_api.h"))
		? [`--nodedir=${prefix}`]
		: [];
	if (!hasReferenceLibraries()) {
		console.log(
			"libqrencode, libpng or zlib is not installed: building the fast engine alone, which needs none of them.",
		);
	}
	const [command, ...script] = nodeGypCommand();
	rmSync(stampFile, { force: true });
	run(command, [...script, "configure", ...headers], quiet);
	writeFileSync(stampFile, `${process.version}\n`);
}

export function build({
	configuration = "Release",
	targets = ["addon", "cli", "server", "shared", "static"],
	quiet = false,
} = {}) {
	configure(quiet);
	const jobs = `--jobs=${os.availableParallelism()}`;
	run(
		"make",
		[
			"--directory=build",
			"--no-print-directory",
			jobs,
			`BUILDTYPE=${configuration}`,
			...(configuration === "Fuzz" ? fuzzingCompiler : []),
			...targets,
		],
		quiet,
	);
}

if (process.argv[1] === import.meta.filename) {
	const { values, positionals } = parseArgs({
		options: { quiet: { type: "boolean" }, configuration: { type: "string" } },
		allowPositionals: true,
	});
	try {
		build({
			...values,
			targets: positionals.length > 0 ? positionals : undefined,
		});
	} catch (error) {
		console.error(error.message);
		process.exitCode = 1;
	}
}
