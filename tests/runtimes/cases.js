// Where the packed package is run: each case is a function of a folder with the package and the tools in node_modules/, which returns what
// the program of program.js printed there, and which version of what has run it.
import { execFileSync } from "node:child_process";
import {
	cpSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { nodeBinary, nodeVersions } from "../../scripts/node-versions.js";
import { browserProgram, program, workerdProgram } from "./program.js";

/** What npm installs for them, beside the package. */
export const tools = [
	"bun@1",
	"deno@2",
	"jest@30",
	"vitest@4",
	"esbuild@0.28",
	"webpack@5",
	"node-loader@2",
	"vite@8",
	"@vercel/nft@1",
	"miniflare@4",
];

/** Nothing of this process's own settings. */
const env = { PATH: process.env.PATH, HOME: process.env.HOME, CI: "1" };

const run = (folder, command, ...args) =>
	execFileSync(command, args, {
		cwd: folder,
		env,
		encoding: "utf8",
		stdio: ["ignore", "pipe", "pipe"],
	}).trim();
const inModules = (folder, ...names) =>
	path.join(folder, "node_modules", ...names);
const versionOf = (folder, name) =>
	JSON.parse(readFileSync(inModules(folder, name, "package.json"), "utf8"))
		.version;
const load = (folder, name) =>
	createRequire(path.join(folder, "package.json"))(name);
/** ES modules alone. */
const loadModule = (folder, name) =>
	import(
		pathToFileURL(
			createRequire(path.join(folder, "package.json")).resolve(name),
		).href
	);

/** A folder inside, so that the package is found from there, with those files. */
function makeInside(folder, name, files) {
	const inside = path.join(folder, name);
	mkdirSync(inside, { recursive: true });
	for (const [file, text] of Object.entries(files))
		writeFileSync(path.join(inside, file), text);
	return inside;
}

/** A folder outside, where nothing is found. */
function makeOutside(folder, name) {
	const outside = path.join(path.dirname(folder), "outside", name);
	mkdirSync(outside, { recursive: true });
	return outside;
}

/** The same from both, as a check of each. */
function oneOf(printed) {
	const [first, ...others] = new Set(printed);
	if (others.length > 0) throw new Error(`Not the same: ${printed}`);
	return first;
}

const programs = {
	"check.cjs": program("require"),
	"check.mjs": program("import"),
	"worker.cjs": `
		const { Worker, isMainThread } = require("node:worker_threads");
		if (isMainThread) { new Worker(__filename); new Worker(__filename); }
		else require("./check.cjs");`,
};

async function node(folder, major) {
	const binary = await nodeBinary(major);
	const inside = makeInside(folder, "node", programs);
	const printed = ["check.cjs", "check.mjs", "worker.cjs"].flatMap((file) =>
		run(inside, binary, file).split("\n"),
	);
	return {
		version: run(inside, binary, "--version").slice(1),
		printed: oneOf(printed),
	};
}

async function bun(folder) {
	const inside = makeInside(folder, "bun", programs);
	// npm brings the builds that fit this machine.
	const builds = readdirSync(inModules(folder, "@oven"));
	const binary = inModules(folder, "@oven", builds[0], "bin/bun");
	const printed = ["check.cjs", "check.mjs"].map((file) =>
		run(inside, binary, file),
	);
	return {
		version: run(inside, binary, "--version"),
		printed: oneOf(printed),
	};
}

async function deno(folder, ...permissions) {
	const inside = makeInside(folder, "deno", programs);
	const binary = inModules(folder, "@deno/linux-x64-glibc/deno");
	return {
		version: run(inside, binary, "--version").split(/\s/)[1],
		printed: run(
			folder,
			binary,
			"run",
			"--no-prompt",
			"--no-lock",
			...permissions,
			path.join(inside, "check.mjs"),
		),
	};
}

const testProgram = (head) => `${head}
test("qr-tiers", async () => {
	const log = console.log;
	const printed = new Promise((resolve) => { console.log = resolve; });
	${program("require")}
	require("node:fs").writeFileSync(__dirname + "/printed", await printed);
	console.log = log;
});`;

async function jest(folder) {
	const inside = makeInside(folder, "jest", {
		"package.json": "{}",
		"check.test.cjs": testProgram(""),
	});
	const config = JSON.stringify({ testMatch: ["**/*.test.cjs"] });
	const script = inModules(folder, "jest/bin/jest.js");
	run(inside, process.execPath, script, "--config", config);
	return {
		version: versionOf(folder, "jest"),
		printed: readFileSync(path.join(inside, "printed"), "utf8"),
	};
}

async function vitest(folder) {
	const inside = makeInside(folder, "vitest", {
		"check.test.js": testProgram(`
			import { createRequire } from "node:module";
			import { test } from "vitest";
			const __dirname = import.meta.dirname;
			const require = createRequire(import.meta.url);`),
	});
	const script = inModules(folder, "vitest/vitest.mjs");
	run(inside, process.execPath, script, "run", "--root", inside);
	return {
		version: versionOf(folder, "vitest"),
		printed: readFileSync(path.join(inside, "printed"), "utf8"),
	};
}

async function esbuildForNode(folder) {
	const inside = makeInside(folder, "esbuild", programs);
	const outdir = makeOutside(folder, "esbuild");
	const esbuild = load(folder, "esbuild");
	await esbuild.build({
		entryPoints: [path.join(inside, "check.cjs")],
		bundle: true,
		platform: "node",
		loader: { ".node": "copy" },
		outdir,
		logLevel: "error",
	});
	return {
		version: esbuild.version,
		printed: run(outdir, process.execPath, "check.js"),
	};
}

function bundleByWebpack(folder, configuration) {
	const webpack = load(folder, "webpack");
	return new Promise((resolve, reject) => {
		webpack({ mode: "production", ...configuration }, (error, stats) => {
			if (error || stats.hasErrors()) reject(error ?? new Error(stats));
			else resolve(webpack.version);
		});
	});
}

async function webpackForNode(folder) {
	const inside = makeInside(folder, "webpack", programs);
	const outside = makeOutside(folder, "webpack");
	const version = await bundleByWebpack(folder, {
		entry: path.join(inside, "check.cjs"),
		target: "node",
		output: { path: outside, filename: "check.cjs" },
		module: {
			rules: [{ test: /\.node$/, loader: inModules(folder, "node-loader") }],
		},
	});
	return { version, printed: run(outside, process.execPath, "check.cjs") };
}

/** As Next.js and hosts of functions do: only the files that the program is found to need. */
async function trace(folder) {
	const inside = makeInside(folder, "nft", programs);
	const outside = makeOutside(folder, "nft");
	const { nodeFileTrace } = load(folder, "@vercel/nft");
	const { fileList } = await nodeFileTrace([path.join(inside, "check.cjs")], {
		base: folder,
	});
	for (const file of fileList)
		cpSync(path.join(folder, file), path.join(outside, file));
	return {
		version: versionOf(folder, "@vercel/nft"),
		printed: run(outside, process.execPath, "nft/check.cjs"),
	};
}

/** The package beside the program, in a folder that is read-only, without an environment. */
async function functionArchive(folder) {
	const outside = makeOutside(folder, "archive");
	writeFileSync(path.join(outside, "check.cjs"), program("require"));
	cpSync(
		inModules(folder, "qr-tiers"),
		path.join(outside, "node_modules/qr-tiers"),
		{ recursive: true },
	);
	run(outside, "chmod", "-R", "a-w", ".");
	const printed = run(outside, "env", "-i", process.execPath, "check.cjs");
	run(outside, "chmod", "-R", "u+w", ".");
	return { version: process.versions.node, printed };
}

const mediaTypes = {
	".html": "text/html",
	".js": "text/javascript",
	".wasm": "application/wasm",
};

/** What the page in a folder says in a real browser. */
async function openPage(site) {
	const server = http.createServer(({ url }, response) => {
		const file = path.join(site, url === "/" ? "index.html" : url);
		try {
			const content = readFileSync(file);
			const type = mediaTypes[path.extname(file)] ?? "text/plain";
			response.writeHead(200, { "content-type": type }).end(content);
		} catch {
			response.writeHead(404).end();
		}
	});
	await new Promise((resolve) =>
		server.listen(0, "127.0.0.1", () => resolve(undefined)),
	);
	const browser = await chromium.launch({
		executablePath: "/usr/bin/chromium",
		args: ["--no-sandbox"],
	});
	try {
		const page = await browser.newPage();
		const { port } = /** @type {import("node:net").AddressInfo} */ (
			server.address()
		);
		await page.goto(`http://127.0.0.1:${port}/`);
		await page.waitForFunction(() => document.title !== "");
		return await page.title();
	} finally {
		await browser.close();
		server.close();
	}
}

const html = (script) =>
	`<!doctype html><script type="module" src="${script}"></script>`;

async function esbuildForBrowsers(folder) {
	const inside = makeInside(folder, "esbuild", { "page.js": browserProgram });
	const site = makeOutside(folder, "esbuild-page");
	const esbuild = load(folder, "esbuild");
	await esbuild.build({
		entryPoints: [path.join(inside, "page.js")],
		bundle: true,
		format: "esm",
		outdir: site,
		logLevel: "error",
	});
	// It doesn't bring along what a URL beside a script leads to.
	cpSync(
		inModules(folder, "qr-tiers/build/Release/qrpng.wasm"),
		path.join(site, "qrpng.wasm"),
	);
	writeFileSync(path.join(site, "index.html"), html("page.js"));
	return { version: esbuild.version, printed: await openPage(site) };
}

async function webpackForBrowsers(folder) {
	const inside = makeInside(folder, "webpack", { "page.js": browserProgram });
	const site = makeOutside(folder, "webpack-page");
	const version = await bundleByWebpack(folder, {
		entry: path.join(inside, "page.js"),
		output: { path: site, filename: "page.js" },
	});
	writeFileSync(path.join(site, "index.html"), html("page.js"));
	return { version, printed: await openPage(site) };
}

async function viteForBrowsers(folder) {
	const inside = makeInside(folder, "vite", {
		"page.js": browserProgram,
		"index.html": html("/page.js"),
	});
	const site = makeOutside(folder, "vite-page");
	const vite = await loadModule(folder, "vite");
	await vite.build({
		root: inside,
		logLevel: "error",
		build: { outDir: site, emptyOutDir: true },
	});
	return { version: vite.version, printed: await openPage(site) };
}

async function viteForNode(folder) {
	const inside = makeInside(folder, "vite-server", programs);
	const vite = await loadModule(folder, "vite");
	await vite.build({
		root: inside,
		logLevel: "error",
		build: { ssr: "check.mjs", outDir: path.join(inside, "dist") },
	});
	const [file] = readdirSync(path.join(inside, "dist"));
	return {
		version: vite.version,
		printed: run(inside, process.execPath, path.join("dist", file)),
	};
}

async function workerd(folder) {
	const inside = makeInside(folder, "workerd", { "worker.js": workerdProgram });
	const esbuild = load(folder, "esbuild");
	const { outputFiles } = await esbuild.build({
		entryPoints: [path.join(inside, "worker.js")],
		bundle: true,
		format: "esm",
		conditions: ["workerd", "worker"],
		external: ["*.wasm"],
		write: false,
		logLevel: "error",
	});
	const { Miniflare } = load(folder, "miniflare");
	const wasm = inModules(folder, "qr-tiers/build/Release/qrpng.wasm");
	const miniflare = new Miniflare({
		compatibilityDate: "2025-01-01",
		modules: [
			{ type: "ESModule", path: "worker.js", contents: outputFiles[0].text },
			{
				type: "CompiledWasm",
				path: "qr-tiers/qrpng.wasm",
				contents: readFileSync(wasm),
			},
		],
	});
	try {
		const response = await miniflare.dispatchFetch("http://localhost/");
		return {
			version: versionOf(folder, "workerd"),
			printed: await response.text(),
		};
	} finally {
		await miniflare.dispose();
	}
}

/** What a row says beside the version: how it was run; and what encodes there. */
export const cases = [
	...nodeVersions.map((major) => ({
		name: `Node ${major}`,
		how: "CommonJS, ES modules, worker threads",
		backend: "prebuilt",
		test: (folder) => node(folder, major),
	})),
	{
		name: "Bun",
		how: "CommonJS and ES modules",
		backend: "prebuilt",
		test: bun,
	},
	{
		name: "Deno",
		how: "`--allow-read --allow-ffi`",
		backend: "prebuilt",
		test: (folder) => deno(folder, "--allow-read", "--allow-ffi"),
	},
	{
		name: "Deno",
		how: "`--allow-read`",
		backend: "wasm",
		test: (folder) => deno(folder, "--allow-read"),
	},
	{
		name: "workerd",
		how: "Cloudflare's, by miniflare; `init()` with `qr-tiers/qrpng.wasm`",
		backend: "wasm",
		test: workerd,
	},
	{ name: "Jest", how: "no settings", backend: "prebuilt", test: jest },
	{ name: "Vitest", how: "no settings", backend: "prebuilt", test: vitest },
	{
		name: "esbuild",
		how: 'for Node, with `loader: { ".node": "copy" }`',
		backend: "prebuilt",
		test: esbuildForNode,
	},
	{
		name: "webpack",
		how: "for Node, with node-loader",
		backend: "prebuilt",
		test: webpackForNode,
	},
	{
		name: "Vite",
		how: "for Node (`build.ssr`), no settings",
		backend: "prebuilt",
		test: viteForNode,
	},
	{
		name: "@vercel/nft",
		how: "traced files alone, as Next.js deploys a server",
		backend: "prebuilt",
		test: trace,
	},
	{
		name: "An archive for AWS Lambda",
		how: "the package beside a function, read-only, empty environment",
		backend: "prebuilt",
		test: functionArchive,
	},
	{
		name: "esbuild",
		how: "for browsers; copy `qrpng.wasm` beside the script",
		backend: "wasm",
		test: esbuildForBrowsers,
	},
	{
		name: "webpack",
		how: "for browsers, no settings",
		backend: "wasm",
		test: webpackForBrowsers,
	},
	{
		name: "Vite",
		how: "for browsers, no settings",
		backend: "wasm",
		test: viteForBrowsers,
	},
];
