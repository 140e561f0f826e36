// Packs the package and looks at it as its users will get it. Publishes nothing: see the help below.
import { spawnSync } from "node:child_process";
import {
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

const root = path.join(import.meta.dirname, "..");
const modules = path.join(root, "node_modules");

const help = `Usage: npm run release:check -- [OPTION]...
Packs the package and checks it: versions, changelog, contents, types, an
install in an empty project without a compiler, and the dry run of a
publication. Publishes nothing.

  --all-platforms  fail if the addon for a platform is missing, such as those
                   that only a Mac can build
  --out FOLDER     keep the package there
  -h, --help       show this help and exit
`;

const MAX_PACKED_BYTES = 1_000_000;
const EVERYWHERE = ["linux-arm", "linux-arm64", "linux-x64", "win32-x64"];
const BY_A_MAC = ["darwin-arm64", "darwin-x64"];
const needed = [
	"package/LICENSE",
	"package/README.md",
	"package/THIRD_PARTY_NOTICES.md",
	"package/build/Release/browser.js",
	"package/build/Release/qrpng.wasm",
	"package/cli/node/main.js",
	"package/cli/options.js",
	"package/lib/index.cjs",
	"package/lib/index.d.cts",
	"package/lib/index.d.ts",
	"package/lib/index.js",
];
/** What only those need who build it. */
const unwanted =
	/^package\/(?:(?:addon|bench|core|deploy|docs|node_modules|scripts|server|tests)\/|binding\.gyp|cli\/generated\/|.*\.[ch]$|build\/Release\/.*\.node$)/;
const installScripts = ["preinstall", "install", "postinstall"];

/** @type {(command: string, args: string[], options?: object) => string} */
function run(command, args, options) {
	const { status, stdout, stderr, error } = spawnSync(command, args, {
		cwd: root,
		encoding: "utf8",
		...options,
	});
	if (status === 0) return stdout;
	const output = `${stdout ?? ""}${stderr ?? error}`.trim();
	throw new Error(`${path.basename(command)} ${args.join(" ")}:\n${output}`);
}

const read = (name) => readFileSync(path.join(root, name), "utf8");

/** @type {(condition: unknown, sentence: string) => void} */
function demand(condition, sentence) {
	if (!condition) throw new Error(sentence);
}

function checkTree() {
	const changed = run("git", ["status", "--porcelain"]).trim();
	demand(!changed, `Commit or put away what is changed:\n${changed}`);
}

function checkVersions({ manifest: { version } }) {
	const lock = JSON.parse(read("package-lock.json"));
	demand(
		lock.version === version && lock.packages[""].version === version,
		`package-lock.json must have version ${version}: npm install --package-lock-only`,
	);
	const [, page] =
		/^\.TH QRPNG 1 "" "qrpng (.*?)"/m.exec(read("cli/generated/qrpng.1")) ?? [];
	demand(
		page === version,
		`The man page must have version ${version}: node cli/generate.js`,
	);
}

function checkChangelog({ manifest: { version } }) {
	const heading = new RegExp(
		`^## ${version.replaceAll(".", "\\.")} - \\d{4}-\\d{2}-\\d{2}$`,
		"m",
	);
	const changelog = read("CHANGELOG.md");
	demand(
		heading.test(changelog),
		`CHANGELOG.md must have a heading "## ${version} - YYYY-MM-DD".`,
	);
	const [, unreleased = ""] =
		/^## Unreleased\n([\s\S]*?)^## /m.exec(changelog) ?? [];
	demand(
		!unreleased.trim(),
		`What stands under "Unreleased" in CHANGELOG.md belongs to ${version}.`,
	);
}

function pack(folder) {
	const args = ["pack", "--json", "--foreground-scripts=false"];
	const output = run("npm", [...args, "--pack-destination", folder]);
	const [{ filename }] = JSON.parse(output.slice(output.search(/^\[/m)));
	return path.join(folder, filename);
}

function checkContents({ tarball, isForAll }) {
	const names = run("tar", ["-tzf", tarball]).trim().split("\n");
	const platforms = isForAll ? [...EVERYWHERE, ...BY_A_MAC] : EVERYWHERE;
	const prebuilds = platforms.map((name) => `package/prebuilds/${name}.node`);
	const missing = [...needed, ...prebuilds].filter(
		(name) => !names.includes(name),
	);
	demand(missing.length === 0, `The package lacks ${missing.join(", ")}.`);
	const found = names.filter((name) => unwanted.test(name));
	demand(found.length === 0, `The package must not have ${found.join(", ")}.`);
	const { size } = statSync(tarball);
	demand(
		size <= MAX_PACKED_BYTES,
		`The package has ${size} bytes: at most ${MAX_PACKED_BYTES} are allowed.`,
	);
}

function checkManifest({ tarball, manifest }) {
	const text = run("tar", ["-xzOf", tarball, "package/package.json"]);
	const packed = JSON.parse(text);
	demand(
		packed.version === manifest.version,
		"The package has another version.",
	);
	demand(
		!packed.dependencies && !packed.optionalDependencies,
		"The package must have no dependencies.",
	);
	const found = installScripts.filter((name) => packed.scripts?.[name]);
	demand(
		found.length === 0,
		`The package must have no script ${found.join(", ")}.`,
	);
	demand(
		packed.gypfile === false,
		"gypfile must be false, or npm adds a script.",
	);
}

function checkTypes({ tarball }) {
	const publint = path.join(modules, "publint/src/cli.js");
	run(process.execPath, [publint, "--strict", tarball]);
	const attw = path.join(modules, "@arethetypeswrong/cli/dist/index.js");
	const common = [attw, tarball, "--format", "ascii", "--no-definitely-typed"];
	const ofWasm = ["wasm", "qrpng.wasm"];
	run(process.execPath, [...common, "--exclude-entrypoints", ...ofWasm]);
	// An ES module, which Node can require() from 20.19 on.
	const rule = ["--ignore-rules", "cjs-resolves-to-esm"];
	run(process.execPath, [...common, "--entrypoints", ...ofWasm, ...rule]);
}

/** In an empty project, with nothing but Node and npm on the path. */
function checkInstall({ tarball, folder, manifest }) {
	const project = path.join(folder, "project");
	mkdirSync(project);
	writeFileSync(path.join(project, "package.json"), "{}");
	const binaries = path.dirname(process.execPath);
	const env = { ...process.env, CC: "/bin/false", CXX: "/bin/false" };
	const runThere = (command, args) => run(command, args, { cwd: project, env });
	const flags = ["--offline", "--no-audit", "--no-fund", "--ignore-scripts"];
	runThere("npm", ["install", ...flags, tarball]);
	const call =
		'const { backend, toBufferSync, version } = require("qr-tiers"); toBufferSync("text"); console.log(version, backend);';
	const output = runThere(path.join(binaries, "node"), ["--eval", call]);
	demand(
		output.trim() === `${manifest.version} prebuilt`,
		`The installed package says ${output.trim()}.`,
	);
	const svg = runThere("npx", [
		"--no",
		"--",
		"qr-tiers",
		"--type",
		"svg",
		"text",
	]);
	demand(svg.startsWith("<svg"), "npx qr-tiers wrote no SVG.");
}

function checkPublication({ tarball, folder }) {
	run("npm", ["publish", "--dry-run", "--offline", tarball], { cwd: folder });
}

const stepsOfSources = [
	["nothing is left to commit", checkTree],
	["package.json, package-lock.json and man page agree", checkVersions],
	["the changelog has the version", checkChangelog],
];
const stepsOfPackage = [
	["what is in the package", checkContents],
	["its package.json", checkManifest],
	["publint and are-the-types-wrong", checkTypes],
	["installed and called without a compiler", checkInstall],
	["npm publish --dry-run", checkPublication],
];

/** Goes through all, so that one run says all that is wrong. Returns whether nothing is. */
function runSteps(steps, release) {
	const results = steps.map(([name, check]) => {
		try {
			check(release);
			console.log(`✔ ${name}`);
			return true;
		} catch (error) {
			console.log(`✖ ${name}\n${error.message.replace(/^/gm, "    ")}`);
			return false;
		}
	});
	return results.every(Boolean);
}

function packAndCheck({ folder, isForAll, out }) {
	const manifest = JSON.parse(read("package.json"));
	const release = { folder, isForAll, manifest, tarball: "" };
	const areSourcesRight = runSteps(stepsOfSources, release);
	const packing = [
		[
			"npm pack",
			() => {
				release.tarball = pack(folder);
			},
		],
	];
	if (!runSteps(packing, release)) return false;
	const isPackageRight = runSteps(stepsOfPackage, release);
	if (out !== undefined && areSourcesRight && isPackageRight) {
		mkdirSync(out, { recursive: true });
		copyFileSync(
			release.tarball,
			path.join(out, path.basename(release.tarball)),
		);
	}
	return areSourcesRight && isPackageRight;
}

function main() {
	const { values } = parseArgs({
		options: {
			"all-platforms": { type: "boolean", default: false },
			out: { type: "string" },
			help: { type: "boolean", short: "h" },
		},
	});
	if (values.help) {
		process.stdout.write(help);
		return;
	}
	const folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-release-"));
	try {
		const isForAll = values["all-platforms"];
		const isRight = packAndCheck({ folder, isForAll, out: values.out });
		process.exitCode = isRight ? 0 : 1;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

try {
	main();
} catch (error) {
	console.error(error.message);
	process.exitCode = 2;
}
