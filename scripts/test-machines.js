// Compares what the core makes on other machines with what it makes here: node scripts/test-machines.js [MACHINE...]
// Each is compiled for by a cross compiler and run by qemu: the fast engine alone, since it needs no other library.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { build } from "./build.js";
import { coreFlags, coreSources, runScript } from "./build-wasm.js";

const root = path.join(import.meta.dirname, "..");
const programLimitMs = 600_000;

/** compiler, emulator: programs that scripts/setup.sh machines installs. */
const machines = {
	s390x: { compiler: "s390x-linux-gnu-gcc", emulator: "qemu-s390x-static" },
	aarch64: {
		compiler: "aarch64-linux-gnu-gcc",
		emulator: "qemu-aarch64-static",
	},
	armhf: { compiler: "arm-linux-gnueabihf-gcc", emulator: "qemu-arm-static" },
	i386: {
		compiler: "i686-linux-gnu-gcc",
		emulator: "qemu-i386-static",
		// Without SSE, gcc says that other versions of it would pass vectors otherwise. None passes from file to file.
		flags: ["-Wno-psabi"],
	},
	musl: { compiler: "musl-gcc" },
};

/** Sources of the programs, named as the targets in scripts/tools.gypi. */
const programs = {
	core_digest: ["digest.c", "iso18004.c", "sample.c"],
	core_threads_test: ["threads_test.c"],
};

function capture([command, ...args], cwd = root) {
	const result = spawnSync(command, args, {
		cwd,
		encoding: "utf8",
		timeout: programLimitMs,
	});
	if (result.error)
		throw new Error(`${command} can't be run: ${result.error.message}`);
	if (result.status === 0) return result.stdout.trim();
	process.stderr.write(result.stdout + result.stderr);
	throw new Error(
		`${command} failed: ${result.signal ?? `exit code ${result.status}`}.`,
	);
}

/** Returns { program: the command that runs it }. */
function compileFor(name) {
	const { compiler, emulator, flags = [] } = machines[name];
	const folder = path.join(root, "build/machines", name);
	const absolute = (file) => path.join(root, file);
	const compile = [compiler, ...coreFlags(), "-O3", ...flags];
	mkdirSync(folder, { recursive: true });
	capture([...compile, "-c", ...coreSources.map(absolute)], folder);
	const objects = coreSources.map(
		(source) => `${path.basename(source, ".c")}.o`,
	);
	const commands = {};
	for (const [program, sources] of Object.entries(programs)) {
		const files = sources.map((source) => absolute(`tests/core/${source}`));
		const include = `-I${absolute("core/src")}`;
		const link = ["-static", "-pthread", "-o", program];
		capture([...compile, include, ...link, ...files, ...objects], folder);
		commands[program] = [emulator, path.join(folder, program)].filter(Boolean);
	}
	return commands;
}

/** As it is shipped, with the widest vectors that this CPU has. */
function buildNative() {
	const names = Object.keys(programs);
	build({ targets: names, quiet: true });
	return Object.fromEntries(
		names.map((name) => [name, [path.join(root, "build/Release", name)]]),
	);
}

const printRow = (...cells) =>
	console.log(
		cells
			.map((cell) => cell.padEnd(18))
			.join("")
			.trimEnd(),
	);

/** Returns the digest, "symbols HASH images HASH". */
function test(name, commands) {
	const digest = capture(commands.core_digest);
	const [, symbols, , images] = digest.split(" ");
	capture(commands.core_threads_test); // its threads compare their images with one another's
	printRow(name, symbols, images, "same images");
	return digest;
}

function parseNames(args) {
	const known = Object.keys(machines);
	const unknown = args.find((name) => !known.includes(name));
	if (unknown !== undefined)
		throw new Error(
			`There is no machine ${unknown}; they are ${known.join(", ")}.`,
		);
	return args.length > 0 ? args : known;
}

function main(args) {
	const names = parseNames(args);
	printRow("machine", "symbols", "images", "8 threads");
	const expected = test("this one", buildNative());
	const different = names.filter(
		(name) => test(name, compileFor(name)) !== expected,
	);
	if (different.length > 0)
		throw new Error(`Not the same as here: ${different.join(", ")}.`);
	console.log("All are the same.");
}

runScript(() => main(process.argv.slice(2)));
