// The shared library as a C program gets it: what it exports, and make install.
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

const program = `
#include <qrpng.h>
#include <stdio.h>
int main(void) {
  qrpng_encoder *encoder;
  const uint8_t *png;
  size_t png_nbytes;
  if (qrpng_encoder_create(&encoder) != QRPNG_OK || qrpng_encode(encoder, "hello", 5, NULL, &png, &png_nbytes) != QRPNG_OK)
    return 1;
  fwrite(png, 1, png_nbytes, stdout);
  qrpng_encoder_destroy(encoder);
}
`;

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

for (const build of ["Release", "Debug"])
	test(`${build}: exactly the functions of qrpng.h are exported`, () => {
		const declared = Array.from(
			header.matchAll(/^QRPNG_API [^;(]*?(\w+)\(/gm),
			([, name]) => name,
		);
		assert.ok(declared.includes("qrpng_encode"));
		const library = `build/${build}/libqrpng.so`;
		const exported = run("nm", ["--dynamic", "--defined-only", library]);
		const names = exported.toString().trim().split("\n");
		assert.deepEqual(
			names.map((line) => line.split(" ").at(-1)).sort(),
			declared.sort(),
		);
	});

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
	const binary = path.join(folder, "program");
	writeFileSync(source, program);
	const flags = run("pkg-config", ["--cflags", "--libs", "qrpng"], { env });
	run("cc", [source, "-o", binary, ...flags.toString().trim().split(/ +/)]);
	const png = run(binary, [], { env });
	const command = path.join(stage, prefix, "bin/qrpng");
	assert.deepEqual(png, run(command, ["hello"]));
	assert.deepEqual(png, run("build/Release/qrpng", ["hello"]));
	const server = path.join(stage, prefix, "bin/qrpng-server");
	assert.match(run(server, ["--version"]).toString(), /^qrpng-server /);

	run("make", ["uninstall", ...places]);
	const left = readdirSync(stage, { recursive: true, withFileTypes: true });
	assert.deepEqual(
		left.filter((entry) => !entry.isDirectory()),
		[],
	);
});
