// Compares what the core makes on other machines with what it makes here: node scripts/test-machines.js [MACHINE...]
// Each is compiled for by its compiler and run by an emulator: the fast engine alone, since it needs no other library.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { build } from "./build.js";
import { coreFlags, coreSources, findFiles, runScript } from "./build-wasm.js";

const root = path.join(import.meta.dirname, "..");
const folderOf = (name) => path.join(root, "build/machines", name);
const programLimitMs = 600_000;

/** Sets of instructions that only some machines have: see docs/fast-engine.md. */
const paths = ["fast:baseline", "fast:128", "fast:256", "fast:512"];

/**
 * clang compiles for Macs, but has none of their headers: those of musl have all that the core and the addon ask for. It can't link.
 * @type {(target: string) => object}
 */
const mac = (target) => ({
	compiler: "clang",
	flags: [
		`--target=${target}-apple-macos11`,
		"-nostdlibinc",
		"-isystem",
		`/usr/include/${os.machine()}-linux-musl`,
	],
	isLinked: false,
});

/**
 * compiler, emulator: programs that scripts/setup.sh machines installs. control: flags for a program that the emulator must refuse to
 * run, or it emulates more than that machine.
 */
const machines = {
	s390x: { compiler: "s390x-linux-gnu-gcc", emulator: ["qemu-s390x-static"] },
	aarch64: {
		compiler: "aarch64-linux-gnu-gcc",
		emulator: ["qemu-aarch64-static"],
	},
	armhf: {
		compiler: "arm-linux-gnueabihf-gcc",
		emulator: ["qemu-arm-static"],
	},
	i386: {
		compiler: "i686-linux-gnu-gcc",
		emulator: ["qemu-i386-static"],
		// Without SSE, gcc says that other versions of it would pass vectors otherwise. None passes from file to file.
		flags: ["-Wno-psabi"],
	},
	"x86-64-2003": {
		compiler: "x86_64-linux-gnu-gcc",
		emulator: ["qemu-x86_64-static", "-cpu", "Opteron_G1"],
		control: ["-march=x86-64-v2"],
	},
	"x86-64-2008": {
		compiler: "x86_64-linux-gnu-gcc",
		emulator: ["qemu-x86_64-static", "-cpu", "Nehalem"],
		control: ["-march=x86-64-v3"],
	},
	windows: {
		compiler: "x86_64-w64-mingw32-gcc",
		// Its gcc leaves the stack less aligned than its own moves of wide vectors ask for (gcc's bug 54412). The assembler makes others of them.
		flags: ["-Wa,-muse-unaligned-vector-move"],
		ending: ".exe",
		emulator: ["wine"],
		environment: { WINEPREFIX: folderOf("wine"), WINEDEBUG: "-all" },
	},
	"mac-arm64": mac("arm64"),
	"mac-x64": mac("x86_64"),
	musl: { compiler: "musl-gcc" },
	clang: { compiler: "clang" },
	analyzer: {
		compiler: "gcc",
		flags: [
			"-fanalyzer",
			// It loses sight of an encoder's memory where its start is rounded up, though the pointer to be freed is kept.
			"-Wno-analyzer-malloc-leak",
			// It takes a vector that is shifted for a narrow number.
			"-Wno-analyzer-shift-count-overflow",
		],
	},
};

/** Sources of the programs, named as the targets in scripts/tools.gypi. */
const programs = {
	core_digest: ["digest.c", "iso18004.c", "sample.c"],
	core_threads_test: ["threads_test.c"],
};
const notSupported = 77; // exit code: this machine can't run that engine

/** Returns { status, signal, stdout, stderr }. */
function run([command, ...args], { environment, cwd = root } = {}) {
	const result = spawnSync(command, args, {
		cwd,
		encoding: "utf8",
		env: { ...process.env, ...environment },
		timeout: programLimitMs,
	});
	if (result.error)
		throw new Error(`${command} can't be run: ${result.error.message}`);
	return result;
}

/** Returns what it wrote, or undefined if the machine can't run that engine. */
function capture(command, options) {
	const { status, signal, stdout, stderr } = run(command, options);
	if (status === 0) return stdout.trim();
	if (status === notSupported) return undefined;
	process.stderr.write(stdout + stderr);
	throw new Error(
		`${command.join(" ")} failed: ${signal ?? `exit code ${status}`}.`,
	);
}

const absolute = (file) => path.join(root, file);
const testSources = (program) =>
	programs[program].map((source) => absolute(`tests/core/${source}`));

/** Returns { program: the command that runs it }. */
function compileFor(name) {
	const machine = machines[name];
	const { compiler, emulator = [], flags = [], isLinked = true } = machine;
	const folder = folderOf(name);
	const compile = [compiler, ...coreFlags(), "-O3", ...flags];
	mkdirSync(folder, { recursive: true });
	const headers = [
		"-isystem",
		absolute("node_modules/node-api-headers/include"),
	];
	const addon = findFiles(["addon/src"], ".c").map(absolute);
	capture([...compile, ...headers, "-c", ...addon], { cwd: folder });
	capture([...compile, "-c", ...coreSources.map(absolute)], { cwd: folder });
	if (!isLinked) return undefined;

	const objects = coreSources.map(
		(source) => `${path.basename(source, ".c")}.o`,
	);
	const link = [`-I${absolute("core/src")}`, "-static", "-pthread", "-o"];
	const commands = {};
	for (const program of Object.keys(programs)) {
		const file = path.join(folder, program + (machine.ending ?? ""));
		const command = [...compile, ...link, file, ...testSources(program)];
		capture([...command, ...objects], { cwd: folder });
		commands[program] = [...emulator, file];
	}
	return commands;
}

/** Whether the emulator stops at an instruction that the machine doesn't have. */
function assertEmulatorRefuses(name) {
	const { compiler, emulator, control } = machines[name];
	const program = path.join(folderOf(name), "control");
	const sources = [...testSources("core_digest"), ...coreSources.map(absolute)];
	const flags = [...coreFlags(), `-I${absolute("core/src")}`, "-O3", "-static"];
	capture([compiler, ...flags, ...control, "-o", program, ...sources]);
	if (run([...emulator, program]).status === 0)
		throw new Error(`The emulator of ${name} runs what that machine can't.`);
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
function test(name, commands, options) {
	const digest = capture(commands.core_digest, options);
	const [, symbols, , images] = digest.split(" ");
	capture(commands.core_threads_test, options); // its threads compare their images with one another's
	const ran = paths.filter((engine) => {
		const ofPath = capture([...commands.core_digest, engine], options);
		if (ofPath !== undefined && ofPath !== digest)
			throw new Error(`${name}: ${engine} makes other images.`);
		return ofPath !== undefined;
	});
	const names = ran.map((engine) => engine.replace("fast:", ""));
	printRow(name, symbols, images, "same images", names.join(" "));
	return digest;
}

/** Whether a machine makes the images that are expected. */
function isSame(name, expected) {
	const commands = compileFor(name);
	if (machines[name].control) assertEmulatorRefuses(name);
	if (commands) return test(name, commands, machines[name]) === expected;
	printRow(name, "compiled alone");
	return true;
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
	printRow("machine", "symbols", "images", "8 threads", "paths");
	const expected = test("this one", buildNative());
	const different = names.filter((name) => !isSame(name, expected));
	if (different.length > 0)
		throw new Error(`Not the same as here: ${different.join(", ")}.`);
	console.log("All are the same.");
}

runScript(() => main(process.argv.slice(2)));
