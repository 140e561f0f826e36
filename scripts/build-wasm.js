// Builds the core as a WebAssembly module, with its glue for browsers beside it: node scripts/build-wasm.js [--quiet] [--configuration Release|Debug]
import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	statSync,
} from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildSync } from "esbuild";

const root = path.join(import.meta.dirname, "..");

const clang = ["clang", "--target=wasm32-wasi"];

/** Of this machine's own headers none; before those of the C library what it lacks. */
const systemHeaders = [
	"-nostdlibinc",
	"-isystem",
	path.join(root, "wasm/include"),
	"-isystem",
	"/usr/include/wasm32-wasi",
];

/** In V8 vectors of two words are faster than none and than longer ones; what clang vectorizes by itself only adds bytes. */
const configurations = {
	Release: {
		compile: ["-O3", "-msimd128", "-fno-vectorize", "-fno-slp-vectorize"],
		link: ["-Wl,--gc-sections", "-Wl,--strip-all"],
	},
	Debug: {
		compile: ["-O0", "-g", "-msimd128", "-DQRPNG_DEBUG_BUILD"],
		link: [],
	},
};

/** Paths of the files directly in those folders. */
export function findFiles(folders, ending) {
	return folders.flatMap((folder) =>
		readdirSync(path.join(root, folder))
			.filter((name) => name.endsWith(ending))
			.map((name) => path.join(folder, name)),
	);
}

/** What the module exports, and what it needs not to import. */
export const moduleSources = findFiles(["wasm/src"], ".c");

/** The fast engine and the core around it. */
export const coreSources = findFiles(["core/src", "core/src/fast"], ".c");

/** What runs once for a geometry or a version, once for an error, or in no time beside the symbol: it is to be small. */
const rareSources =
	/\/(?:deflate|deflate_tokens|encoder|engines|geometry|layout|options|png_matches|png_plan|segments|status|svg|text_output|version)\.c$/;

/** What wasm/src/no_io.c is used for in place of the C library's, whether that has its own or would import it. */
const replacedFunctions = [
	"__wasi_fd_close",
	"__wasi_fd_seek",
	"__wasi_fd_write",
];

/** All that decides what is built, in any of the ways. */
export const inputs = [
	...moduleSources,
	...coreSources,
	...findFiles(["core/src/reference"], ".c"),
	...findFiles(
		[
			"core/include",
			"core/src",
			"core/src/fast",
			"core/src/reference",
			"wasm/include",
		],
		".h",
	),
	...findFiles(["scripts"], ".js").filter((name) => name.includes("wasm")),
	...findFiles(["lib", "lib/bindings"], "js"),
	"wasm/instance.cjs",
	"package.json",
];

/** Definitions and include folders that the core asks of every build. */
export function coreFlags() {
	const { version } = JSON.parse(
		readFileSync(path.join(root, "package.json"), "utf8"),
	);
	return [
		"-std=c11",
		"-Wall",
		"-Wextra",
		"-Wconversion",
		"-Wshadow",
		"-Werror",
		"-D_GNU_SOURCE",
		`-DQRPNG_VERSION="${version}"`,
		`-I${path.join(root, "core/include")}`,
	];
}

/** Whether target is there and newer than all those files. */
export function isUpToDate(target, files) {
	const age = (name) => statSync(path.join(root, name)).mtimeMs;
	return (
		existsSync(path.join(root, target)) &&
		files.every((name) => age(name) < age(target))
	);
}

export function run([command, ...args], { quiet = false, ...options } = {}) {
	const stdio = quiet ? "pipe" : "inherit";
	const result = spawnSync(command, args, { cwd: root, stdio, ...options });
	if (result.error)
		throw new Error(`${command} can't be started: ${result.error.message}`);
	if (result.status === 0) return;
	if (quiet) process.stderr.write(Buffer.concat(result.output.slice(1)));
	throw new Error(`${command} failed with exit code ${result.status}.`);
}

/** Compiles sources into a folder, and returns the names of the objects. */
export function compile(
	sources,
	folder,
	flags,
	{ configuration, quiet, optimize = [] },
) {
	mkdirSync(path.join(root, folder), { recursive: true });
	const command = [
		...clang,
		...systemHeaders,
		...flags,
		...configurations[configuration].compile,
		...optimize,
		"-c",
		...sources.map((name) => path.join(root, name)),
	];
	run(command, { quiet, cwd: path.join(root, folder) });
	const objectOf = (source) => `${path.basename(source, ".c")}.o`;
	return sources.map((source) => path.join(folder, objectOf(source)));
}

/** Not in one step with compiling: clang would run wasm-opt where it finds one, and the bytes depend on that. */
export function link(objects, target, { configuration, quiet }) {
	const unfinished = `${target}.${process.pid}`;
	const command = [
		...clang,
		"-mexec-model=reactor",
		...objects,
		...configurations[configuration].link,
		...replacedFunctions.map((name) => `-Wl,--wrap=${name}`),
		// A stack that is too small then overflows into nothing: a trap, not wrong data.
		"-Wl,--stack-first",
		// Of clang's own library nothing is needed.
		"-nodefaultlibs",
		"-lc-printscan-no-floating-point",
		"-lc",
		"-o",
		unfinished,
	];
	run(command, { quiet });
	renameSync(path.join(root, unfinished), path.join(root, target));
}

export function buildWasm({ configuration = "Release", quiet = false } = {}) {
	const target = `build/${configuration}/qrpng.wasm`;
	if (isUpToDate(target, inputs)) return;
	const options = { configuration, quiet };
	const folder = `build/${configuration}/obj.wasm32`;
	const isRare = (source) => rareSources.test(source);
	const common = [...moduleSources, ...coreSources].filter(
		(source) => !isRare(source),
	);
	bundle("lib/wasm.js", `build/${configuration}/qrpng.js`);
	bundle("lib/browser.js", `build/${configuration}/browser.js`);
	link(
		[
			...compile(common, folder, coreFlags(), options),
			...compile(coreSources.filter(isRare), folder, coreFlags(), {
				...options,
				optimize: configuration === "Release" ? ["-Oz"] : [],
			}),
		],
		target,
		options,
	);
}

/** A script and all that it imports as one ES module, for pages and bundlers. */
function bundle(source, target) {
	buildSync({
		entryPoints: [path.join(root, source)],
		outfile: path.join(root, target),
		bundle: true,
		minify: true,
		format: "esm",
		target: "es2022",
		logLevel: "warning",
	});
}

/** Runs what a script is for; an error is told in its own words. */
export function runScript(task) {
	try {
		task();
	} catch (error) {
		console.error(error.message);
		process.exitCode = 1;
	}
}

if (process.argv[1] === import.meta.filename) {
	const { values } = parseArgs({
		options: { quiet: { type: "boolean" }, configuration: { type: "string" } },
	});
	runScript(() => buildWasm(values));
}
