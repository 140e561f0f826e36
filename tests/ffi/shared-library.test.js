// The library as a C program gets it, shared or static: what it exports, and make install.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";

const root = path.join(import.meta.dirname, "../..");
const header = readFileSync(path.join(root, "core/include/qrpng.h"), "utf8");
const { version } = JSON.parse(readFileSync(path.join(root, "package.json")));
const prefix = "/opt/qrpng";

/** The example of qrpng(3), as man shows it. */
function readExample() {
	const page = readFileSync(path.join(root, "core/qrpng.3"), "utf8");
	const [, example] = page.split(".SH EXAMPLES")[1].split(/\.E[XE]\n/);
	return example.replaceAll("\\-", "-").replaceAll("\\e", "\\");
}

function run(command, args, options) {
	return execFileSync(command, args, { cwd: root, stdio: "pipe", ...options });
}

/** What the linker leaves to see of a library, such as [["SONAME", "libqrpng.so.0"]]. */
function dynamicSection(file) {
	const lines = run("readelf", ["--dynamic", "--wide", file]).toString();
	return Array.from(lines.matchAll(/\((\w+)\).*\[(.*)\]/g), (match) =>
		match.slice(1),
	);
}

/** The functions of qrpng.h. */
const declared = Array.from(
	header.matchAll(/^QRPNG_API [^;(]*?(\w+)\(/gm),
	([, name]) => name,
).sort();

/** What nm says of a library: its lines, without addresses. */
function namesIn(...args) {
	const lines = run("nm", ["--defined-only", ...args])
		.toString()
		.split("\n");
	return lines
		.filter((line) => / [A-Z] /.test(line))
		.map((line) => line.slice(17));
}

for (const build of ["Release", "Debug"]) {
	test(`${build}: exactly the functions of qrpng.h are exported, each with a version`, () => {
		assert.ok(declared.includes("qrpng_encode"));
		const names = namesIn("--dynamic", `build/${build}/libqrpng.so`);
		const [abi] = /(?<="abi_version": ")\d+/.exec(
			readFileSync(path.join(root, "binding.gyp"), "utf8"),
		);
		const node = `QRPNG_${abi}`;
		assert.deepEqual(
			names.sort(),
			[`A ${node}`, ...declared.map((name) => `T ${name}@@${node}`)].sort(),
		);
	});

	test(`${build}: the static library has no other names that a program could meet`, () => {
		const names = namesIn(`build/${build}/libqrpng.a`);
		assert.deepEqual(
			names.sort(),
			declared.map((name) => `T ${name}`),
		);
	});
}

test("make install gives what a C program needs, make uninstall takes it away", (t) => {
	const folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-install-"));
	t.after(() => rmSync(folder, { recursive: true }));
	const stage = path.join(folder, "stage");
	const places = [`DESTDIR=${stage}`, `PREFIX=${prefix}`];
	run("make", ["install", ...places]);

	const libraries = path.join(stage, prefix, "lib");
	const [, soname] = dynamicSection(path.join(libraries, "libqrpng.so")).find(
		([tag]) => tag === "SONAME",
	);
	assert.match(soname, /^libqrpng\.so\.\d+$/);
	assert.ok(existsSync(path.join(libraries, soname)));

	const env = {
		...process.env,
		PKG_CONFIG_LIBDIR: path.join(libraries, "pkgconfig"),
		PKG_CONFIG_SYSROOT_DIR: stage,
		LD_LIBRARY_PATH: libraries,
	};
	const asked = run("pkg-config", ["--modversion", "qrpng"], { env });
	assert.equal(asked.toString(), `${version}\n`);
	const source = path.join(folder, "program.c");
	writeFileSync(source, readExample());
	const build = (name, linking, asking) => {
		const args = [...asking, "--cflags", "--libs", "qrpng"];
		const flags = run("pkg-config", args, { env }).toString().trim();
		const binary = path.join(folder, name);
		run("cc", [...linking, source, "-o", binary, ...flags.split(/ +/)]);
		return binary;
	};
	const shared = build("shared", [], []);
	const needed = dynamicSection(shared).filter(([tag]) => tag === "NEEDED");
	assert.ok(needed.some(([, name]) => name === soname));
	const svg = run(shared, ["hello"], { env });
	const whole = build("static", ["-static"], ["--static"]);
	assert.deepEqual(run(whole, ["hello"]), svg);

	const command = path.join(stage, prefix, "bin/qrpng");
	const flags = "--type svg --width 200 --dark 1a237e hello".split(" ");
	assert.deepEqual(run(command, flags), svg);
	assert.deepEqual(run("build/Release/qrpng", flags), svg);
	const pages = path.join(stage, prefix, "share/man");
	for (const page of ["man1/qrpng.1", "man3/qrpng_encode.3"])
		assert.ok(existsSync(path.join(pages, page)), page);
	const server = path.join(stage, prefix, "bin/qrpng-server");
	assert.match(run(server, ["--version"]).toString(), /^qrpng-server /);

	run("make", ["uninstall", ...places]);
	const left = readdirSync(stage, { recursive: true, withFileTypes: true });
	assert.deepEqual(
		left.filter((entry) => !entry.isDirectory()),
		[],
	);
});
