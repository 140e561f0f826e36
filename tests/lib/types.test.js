// The types as users of the packed package meet them: in the place of @types/qrcode, in CommonJS and ES modules, and as publint and
// are-the-types-wrong judge them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";

const root = path.join(import.meta.dirname, "../..");
const modules = path.join(root, "node_modules");
const sources = path.join(import.meta.dirname, "types");

const project = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-types-"));
after(() => rmSync(project, { recursive: true }));

function run(command, args, cwd = project) {
	const { status, stdout, stderr } = spawnSync(command, args, {
		cwd,
		encoding: "utf8",
	});
	return { status, output: stdout + stderr };
}

/** The packed package, installed into the project beside the types of qrcode. */
function install() {
	const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination"];
	const { stdout } = spawnSync("npm", [...pack, project], {
		cwd: root,
		encoding: "utf8",
	});
	const tarball = path.join(project, JSON.parse(stdout)[0].filename);
	const folder = path.join(project, "node_modules");
	mkdirSync(path.join(folder, "@types"), { recursive: true });
	for (const name of ["@types/node", "@types/qrcode", "undici-types", "qrcode"])
		symlinkSync(path.join(modules, name), path.join(folder, name));
	run("tar", ["-xzf", tarball, "-C", folder]);
	cpSync(path.join(folder, "package"), path.join(folder, "qr-tiers"), {
		recursive: true,
	});
	return tarball;
}

const tarball = install();

/** Compiles some of types/ for a package, each as if it were a file with that extension. */
function compile(files, packageName, options) {
	const folder = mkdtempSync(path.join(project, "code-"));
	for (const file of files) {
		const source = path.join(sources, `${path.parse(file).name}.ts.txt`);
		const code = readFileSync(source, "utf8");
		writeFileSync(
			path.join(folder, file),
			code.replaceAll("PACKAGE", packageName),
		);
	}
	const compilerOptions = {
		strict: true,
		noEmit: true,
		target: "es2022",
		types: ["node"],
		esModuleInterop: true,
		...options,
	};
	writeFileSync(
		path.join(folder, "tsconfig.json"),
		JSON.stringify({ compilerOptions, files }),
	);
	const tsc = path.join(modules, "typescript/bin/tsc");
	return run(process.execPath, [tsc, "--project", folder]);
}

/** [files for either package, files for this one alone, options]. */
const programs = [
	[
		["service.mts", "service.cts", "script.cts", "canvas.mts"],
		["new.mts", "new.cts"],
		{ module: "node16", lib: ["es2022", "dom"] },
	],
	[
		["service.mts", "service.cts"],
		["new.mts"],
		{ module: "node16", lib: ["es2022"] },
	],
	[
		["service.ts", "canvas.ts"],
		["new.ts"],
		{ module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"] },
	],
];

for (const [either, own, options] of programs) {
	const { module, moduleResolution = module, lib } = options;
	test(`${moduleResolution}, ${lib.join(" and ")}: what compiles with @types/qrcode compiles with ours`, () => {
		// Without "dom", the types of qrcode themselves lack a name.
		const lax = { ...options, skipLibCheck: true };
		const control = compile(either, "qrcode", lax);
		assert.equal(control.status, 0, control.output);
		const { status, output } = compile(
			[...either, ...own],
			"qr-tiers",
			options,
		);
		assert.equal(status, 0, output);
	});
}

test("publint has no remark", () => {
	const publint = path.join(modules, "publint/src/cli.js");
	const args = [publint, "--strict", tarball];
	const { status, output } = run(process.execPath, args);
	assert.equal(status, 0, output);
	assert.match(output, /All good/);
});

const ofWasm = ["wasm", "qrpng.wasm"];

/** What are-the-types-wrong says of some entry points: nothing, if its exit code is 0. */
function findWrongTypes(...args) {
	const attw = path.join(modules, "@arethetypeswrong/cli/dist/index.js");
	const common = [tarball, "--format", "ascii", "--no-definitely-typed"];
	return run(process.execPath, [attw, ...common, ...args]);
}

test("are-the-types-wrong has no remark", () => {
	const { status, output } = findWrongTypes("--exclude-entrypoints", ...ofWasm);
	assert.equal(status, 0, output);
});

test("nor on the WebAssembly module, an ES module, which Node can require() from 20.19 on", () => {
	const rule = ["--ignore-rules", "cjs-resolves-to-esm"];
	const { status, output } = findWrongTypes(
		"--entrypoints",
		...ofWasm,
		...rule,
	);
	assert.equal(status, 0, output);
});
