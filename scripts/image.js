// Builds an OCI image with the C server and nothing else in it: see the help below.
import { spawnSync } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { coreFlags, coreSources, findFiles } from "./build-wasm.js";
import { describeImage } from "./sbom.js";

const root = path.join(import.meta.dirname, "..");
const folder = "build/image";
const program = `${folder}/qrpng-server`;
const archive = `${folder}/qrpng-server.oci.tar`;
const sbom = `${folder}/sbom.cdx.json`;

const help = `Usage: npm run image

Builds build/image/qrpng-server.oci.tar, an OCI image from scratch: the C server
as one static program, run as user 65532, with --sandbox. Beside it comes
sbom.cdx.json, which lists what is in it. Installs buildah and what is missing.

  --help  shows this help
`;

/** As binding.gyp compiles it, but for what is linked: static, with the engine fast alone. */
const flags = [
	"-O3",
	"-fvisibility=hidden",
	"-fstack-protector-strong",
	"-U_FORTIFY_SOURCE",
	"-D_FORTIFY_SOURCE=3",
	...(process.arch === "x64"
		? ["-fstack-clash-protection", "-fcf-protection"]
		: []),
	"-DHTTP_WITH_URING",
	"-DSERVER_WITH_SECCOMP",
	"-isystem",
	"/usr/share/include/llhttp",
	"-fPIE",
	"-static-pie",
	"-Wl,-z,relro,-z,now,-z,noexecstack",
	"-Wl,--gc-sections",
	"-s",
];

/** A library where the system has one (Debian 13), else its C sources (Debian 12), as in binding.gyp. */
const hasParserLibrary =
	spawnSync("pkg-config", ["--exists", "libllhttp"]).status === 0;

/** What is linked, by its Debian packages. */
const packages = [
	"libc6-dev",
	"libjansson-dev",
	hasParserLibrary ? "libllhttp-dev" : "node-llhttp",
	"libseccomp-dev",
	"liburing-dev",
];

/** Returns what it printed. */
function run(command, ...args) {
	const { error, status, stdout, stderr } = spawnSync(command, args, {
		cwd: root,
		encoding: "utf8",
	});
	if (error) throw new Error(`${command} can't be started: ${error.message}`);
	if (status === 0) return stdout.trim();
	process.stderr.write(stdout + stderr);
	throw new Error(`${command} ${args[0]} failed with exit code ${status}.`);
}

function compile() {
	run(
		"cc",
		...coreFlags(),
		...flags,
		"-I/usr/share",
		"-o",
		program,
		...findFiles(["server/native", "server/native/http"], ".c"),
		...coreSources,
		"-ljansson",
		"-lseccomp",
		"-luring",
		...parser(),
	);
}

/** Not ours: no warnings of ours. */
function parser() {
	if (hasParserLibrary) return ["-lllhttp"];
	const object = (name) => `${folder}/llhttp_${name}.o`;
	for (const name of ["api", "parser"])
		run(
			"cc",
			...["-std=c11", "-O3", "-fPIE", "-w", "-fstack-protector-strong"],
			...["-I/usr/share", "-I/usr/share/include/llhttp", "-c"],
			`server/native/http/llhttp/${name}.c`,
			"-o",
			object(name),
		);
	return ["api", "parser"].map(object);
}

/** The same digest each time: nothing in it says when it was made. */
function pack(version) {
	const container = run("buildah", "from", "scratch");
	try {
		run(
			"buildah",
			"copy",
			"--chmod",
			"555",
			container,
			program,
			"/qrpng-server",
		);
		run(
			"buildah",
			"config",
			"--user=65532:65532",
			'--entrypoint=["/qrpng-server"]',
			"--port=42070",
			"--env=QRPNG_FLAG_BIND=0.0.0.0",
			"--env=QRPNG_FLAG_SANDBOX=1",
			"--label=org.opencontainers.image.title=qrpng-server",
			`--label=org.opencontainers.image.version=${version}`,
			"--label=org.opencontainers.image.licenses=MIT AND LGPL-2.1-or-later",
			container,
		);
		run("rm", "-f", archive);
		run(
			"buildah",
			"commit",
			"--quiet",
			"--timestamp=0",
			container,
			`oci-archive:${archive}`,
		);
	} finally {
		run("buildah", "rm", container);
	}
}

function main(args) {
	const { values } = parseArgs({
		args,
		options: { help: { type: "boolean" } },
	});
	if (values.help) {
		process.stdout.write(help);
		return;
	}
	mkdirSync(path.join(root, folder), { recursive: true });
	compile();
	const [, version] = /^qrpng-server (.*)$/m.exec(run(program, "--version"));
	pack(version);
	writeFileSync(
		path.join(root, sbom),
		describeImage(version, path.join(root, program), packages),
	);
	const kilobytes = (file) =>
		Math.round(statSync(path.join(root, file)).size / 1000);
	console.log(
		`${archive}: ${kilobytes(archive)} KB; the program in it: ${kilobytes(program)} KB`,
	);
	console.log(`${sbom}: what is in it`);
}

if (process.argv[1] === import.meta.filename) {
	try {
		main(process.argv.slice(2));
	} catch (error) {
		console.error(error.message);
		process.exitCode = 1;
	}
}
