// Builds the addon for the platforms that the npm package has it for, in prebuilds/: see the help below. The fast engine alone, which needs
// no library but the system's own.
import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	readFileSync,
	renameSync,
	statSync,
	writeFileSync,
} from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

const root = path.join(import.meta.dirname, "..");
const headers = "node_modules/node-api-headers";
const unfinishedFolder = "build/prebuilds";

const linkLinux = [
	"-fPIC",
	"-shared",
	"-static-libgcc",
	"-Wl,-z,relro,-z,now,-z,noexecstack",
	"-Wl,--version-script=addon/addon.map",
];

/**
 * compiler: its prefix is that of its tools. oldestGlibc: the newest version of a symbol that may be asked for. Hardened as binding.gyp
 * hardens what is built here, but for what musl doesn't have: fortified functions and, on other machines than x64, the stack's guard.
 */
const targets = {
	"linux-x64": {
		compiler: "x86_64-linux-gnu-gcc",
		flags: [
			...linkLinux,
			"-fstack-protector-strong",
			"-fstack-clash-protection",
			"-fcf-protection",
		],
		oldestGlibc: "2.14",
	},
	"linux-arm64": {
		compiler: "aarch64-linux-gnu-gcc",
		flags: [
			...linkLinux,
			// With them libgcc would ask the C library for what musl doesn't have.
			"-mno-outline-atomics",
			"-fstack-clash-protection",
			"-mbranch-protection=standard",
		],
		oldestGlibc: "2.17", // the first for this CPU
	},
	"linux-arm": {
		compiler: "arm-linux-gnueabihf-gcc",
		flags: linkLinux,
		oldestGlibc: "2.14",
	},
	"win32-x64": {
		compiler: "x86_64-w64-mingw32-gcc",
		flags: [
			"-shared",
			"-static-libgcc",
			"-Wl,--no-insert-timestamp",
			// Its gcc leaves the stack less aligned than its own moves of wide vectors ask for (gcc's bug 54412). The assembler makes others of them.
			"-Wa,-muse-unaligned-vector-move",
		],
		sources: ["addon/windows/host.c"],
	},
	"darwin-arm64": mac("arm64"),
	"darwin-x64": mac("x86_64"),
};

function mac(architecture) {
	return {
		compiler: "cc",
		flags: [
			"-arch",
			architecture,
			"-mmacosx-version-min=11.0",
			"-bundle",
			"-undefined",
			"dynamic_lookup",
		],
	};
}

const isMac = (target) => target.startsWith("darwin-");
const isMadeHere = (target) =>
	isMac(target) === (process.platform === "darwin");
const madeHere = Object.keys(targets).filter(isMadeHere);

const help = `Usage: npm run prebuilds -- [--target TARGET]... [--quiet]

Builds the addon for other machines, in prebuilds/, and checks what it needs
there. Installs the compilers that are missing, or names their packages.

  --target  ${Object.keys(targets).slice(0, 4).join(", ")};
            on a Mac darwin-arm64, darwin-x64. Default: all of these
  --quiet   prints nothing unless something fails
  --help    shows this help
`;

/** Returns what it printed. */
function run(command, args) {
	const options = { cwd: root, encoding: "utf8" };
	const { error, status, stdout, stderr } = spawnSync(command, args, options);
	if (error) throw new Error(`${command} can't be started: ${error.message}`);
	if (status === 0) return stdout;
	process.stderr.write(stdout + stderr);
	throw new Error(`${command} failed with exit code ${status}.`);
}

/** A library that says which functions "node.exe" has, each to be looked for when it is first called. */
function makeNodeLibrary(tool) {
	const names = ["js_native_api", "node_api"].flatMap((name) =>
		readFileSync(path.join(root, headers, `def/${name}.def`), "utf8").match(
			/^(?:napi|node_api)_\w+$/gm,
		),
	);
	const definition = path.join(unfinishedFolder, "node.def");
	writeFileSync(
		path.join(root, definition),
		`LIBRARY node.exe\nEXPORTS\n${names.join("\n")}\n`,
	);
	const library = path.join(unfinishedFolder, "libnode.a");
	run(tool, ["-d", definition, "-y", library]);
	return [library, "-ldelayimp"];
}

/** Throws unless a file asks for nothing that a system it is for may lack. */
function check(name, file) {
	const { compiler, oldestGlibc } = targets[name];
	const tool = (which) => compiler.replace(/gcc$/, which);
	if (oldestGlibc !== undefined) {
		// Of musl's loader, too, "libc.so.6" is its own library.
		const needed = run(tool("readelf"), ["-dW", file]).matchAll(
			/\(NEEDED\).*\[(.*)\]/g,
		);
		assertOnly(name, needed, ["libc.so.6"]);
		const versions = run(tool("objdump"), ["-T", file]).matchAll(
			/GLIBC_([\d.]+)/g,
		);
		const minor = (version) => Number(version.split(".")[1]);
		const newer = [...versions].find(
			([, version]) => minor(version) > minor(oldestGlibc),
		);
		if (newer)
			throw new Error(`${name} needs ${newer[0]}, newer than ${oldestGlibc}.`);
	}
	if (name === "win32-x64") {
		const needed = run(tool("objdump"), ["-p", file]).matchAll(
			/DLL Name: (.*)/g,
		);
		assertOnly(name, needed, ["KERNEL32.dll", "msvcrt.dll"]);
	}
}

function assertOnly(name, matches, allowed) {
	const other = [...matches].find(([, library]) => !allowed.includes(library));
	if (other) throw new Error(`${name} needs the library ${other[1]}.`);
}

/** Builds one of them, unless that is done. */
export async function prebuild(name, { quiet = false } = {}) {
	// It needs a package of npm's, which is there only now.
	const { coreFlags, coreSources, findFiles, inputs, isUpToDate } =
		await import("./build-wasm.js");
	const { compiler, flags, sources = [] } = targets[name];
	const target = `prebuilds/${name}.node`;
	const addonSources = [...findFiles(["addon/src"], ".c"), ...sources];
	const ownInputs = [
		...inputs,
		...addonSources,
		...findFiles(["addon/src"], ".h"),
		"addon/addon.map",
		"scripts/prebuild.js",
	];
	if (!isUpToDate(target, ownInputs)) {
		const unfinished = `${unfinishedFolder}/${name}.${process.pid}.node`;
		for (const folder of [unfinishedFolder, "prebuilds"])
			mkdirSync(path.join(root, folder), { recursive: true });
		run(compiler, [
			...coreFlags(),
			"-DNAPI_VERSION=8",
			"-isystem",
			`${headers}/include`,
			"-O3",
			"-fvisibility=hidden",
			...flags,
			...(isMac(name) ? [] : ["-s"]),
			"-o",
			unfinished,
			...addonSources,
			...coreSources,
			...(name.startsWith("win32-")
				? makeNodeLibrary(compiler.replace(/gcc$/, "dlltool"))
				: []),
		]);
		check(name, unfinished);
		renameSync(path.join(root, unfinished), path.join(root, target));
	}
	const { size } = statSync(path.join(root, target));
	if (!quiet) console.log(`${target}: ${Math.round(size / 1024)} KB`);
}

function parseTargets(args) {
	const { values } = parseArgs({
		args,
		options: {
			target: { type: "string", multiple: true },
			quiet: { type: "boolean" },
			help: { type: "boolean" },
		},
	});
	const asked = values.target ?? ["all"];
	const names = asked.includes("all") ? madeHere : asked;
	for (const name of names) {
		if (!(name in targets))
			throw new Error(
				`--target must be ${Object.keys(targets).join(", ")} or all, not ${name}.`,
			);
		if (!isMadeHere(name))
			throw new Error(
				`${name} is built on ${isMac(name) ? "a Mac" : "Linux"} alone: run this command there.`,
			);
	}
	return { ...values, names };
}

function setUp(names) {
	if (process.platform === "darwin") {
		if (!existsSync(path.join(root, headers)))
			run("npm", ["ci", "--ignore-scripts"]);
		return true;
	}
	const groups = names.map((name) => `prebuilt-${name}`);
	const script = path.join(root, "scripts/setup.sh");
	return (
		spawnSync("sh", [script, ...groups], { stdio: "inherit" }).status === 0
	);
}

async function main(args) {
	const { names, quiet, help: isHelpAsked } = parseTargets(args);
	if (isHelpAsked) {
		process.stdout.write(help);
		return;
	}
	if (!setUp(names)) {
		process.exitCode = 1;
		return;
	}
	for (const name of names) await prebuild(name, { quiet });
}

if (process.argv[1] === import.meta.filename) {
	main(process.argv.slice(2)).catch((error) => {
		console.error(error.message);
		process.exitCode = 1;
	});
}
