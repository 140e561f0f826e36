// The packed package where people run it: npm run test:runtimes -- --help
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import * as checkout from "../../lib/index.js";
import { cases, tools } from "./cases.js";
import { expectedOf } from "./program.js";

const root = path.join(import.meta.dirname, "../..");
const figures = path.join(root, "docs/figures/runtimes.json");

const help = `Usage: npm run test:runtimes -- [OPTION]... [NAME]...
Packs the package, and runs it in each runtime, test runner and bundler, or in
those of that NAME ("Node 20", Bun, webpack ...), which npm installs in a
temporary folder. What is made must be the same everywhere.

  --keep      keep the versions for the table in docs/installing.md
  -h, --help  show this help and exit
`;

const npm = (cwd, ...args) =>
	execFileSync("npm", args, { cwd, encoding: "utf8", stdio: "pipe" });

/** A project with the package, as it is for this platform, and the tools. */
function install(folder) {
	mkdirSync(folder);
	writeFileSync(
		path.join(folder, "package.json"),
		'{ "name": "project", "private": true }',
	);
	for (const script of [
		["prebuild.js", "--target", "linux-x64"],
		["build-wasm.js"],
	])
		execFileSync(
			process.execPath,
			[path.join(root, "scripts", script[0]), "--quiet", ...script.slice(1)],
			{ cwd: root, stdio: "inherit" },
		);
	const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination"];
	const [{ filename }] = JSON.parse(npm(root, ...pack, path.dirname(folder)));
	const tarball = path.join(path.dirname(folder), filename);
	const flags = ["--ignore-scripts", "--no-audit", "--no-fund"];
	npm(folder, "install", ...flags, tarball, ...tools);
}

/** Returns what was run, or undefined. */
async function check({ name, how, backend, test }, folder) {
	const title = `${name}, ${how}`;
	try {
		const { version, printed } = await test(folder);
		if (printed !== expectedOf(backend, checkout))
			throw new Error(`It printed ${printed.slice(0, 300)}`);
		console.log(`✔ ${title}: ${version}, ${backend}`);
		return { name, how, version, backend };
	} catch (error) {
		const reason =
			`${error.stdout ?? ""}${error.stderr ?? ""}` || error.message;
		console.log(`✖ ${title}\n${reason.trim().replace(/^/gm, "    ")}`);
		return undefined;
	}
}

function keep(rows) {
	const date = new Date().toISOString().slice(0, 10);
	const text = JSON.stringify({ date, rows }, null, "\t");
	writeFileSync(figures, `${text}\n`);
}

async function main() {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			keep: { type: "boolean" },
			help: { type: "boolean", short: "h" },
		},
	});
	if (values.help) {
		process.stdout.write(help);
		return;
	}
	const chosen = cases.filter(
		({ name }) => positionals.length === 0 || positionals.includes(name),
	);
	if (chosen.length === 0)
		throw new Error(
			`The names are ${[...new Set(cases.map(({ name }) => name))].join(", ")}.`,
		);
	const temporary = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-runtimes-"));
	try {
		const folder = path.join(temporary, "project");
		install(folder);
		const rows = [];
		for (const one of chosen) rows.push(await check(one, folder));
		const isWhole = rows.every((row) => row !== undefined);
		if (values.keep && isWhole && chosen.length === cases.length) keep(rows);
		process.exitCode = isWhole ? 0 : 1;
	} finally {
		rmSync(temporary, { recursive: true, force: true });
	}
}

try {
	await main();
} catch (error) {
	console.error(error.stderr || error.message);
	process.exitCode = 2;
}
