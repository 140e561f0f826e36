// Installs the package as its users do, with every package manager, and runs it on every platform that this machine can be: see the help.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { tryCheckouts } from "./checkouts.js";
import { tryManagers } from "./managers.js";
import { tryPlatforms } from "./platforms.js";
import { startRegistry } from "./registry.js";

const root = path.join(import.meta.dirname, "../..");
const read = (name) => readFileSync(path.join(root, name), "utf8");

const help = `Usage: npm run test:install -- [--only WORDS]

Publishes the package to a registry on loopback, installs it from there into
empty projects with no compiler on PATH, and compares its images with those
of this checkout. Takes a quarter of an hour, and longer when package managers,
versions of Node and small Debian systems are still to be fetched.

  --only WORDS  rows alone whose names contain that, such as "pnpm" or "arm64"
  --help        shows this help
`;

function run(command, args, env) {
	const { error, status, stdout, stderr } = spawnSync(command, args, {
		cwd: root,
		encoding: "utf8",
		env: { ...process.env, ...env },
	});
	if (error) throw error;
	if (status === 0) return stdout;
	throw new Error(`${command} ${args[0]} failed:\n${stdout}${stderr}`);
}

/** Publishes the package. Returns what is to be installed, and how its images must hash. */
async function publish(origin, folder) {
	const userconfig = path.join(folder, "npmrc");
	writeFileSync(userconfig, `${origin.replace("http:", "")}/:_authToken=any\n`);
	const flags = [`--registry=${origin}`, `--userconfig=${userconfig}`];
	run("npm", ["publish", "--loglevel=error", ...flags]);
	const { version } = JSON.parse(read("package.json"));
	const response = await fetch(`${origin}/qr-tiers`);
	const { scripts, dist, dependencies } = (await response.json()).versions[
		version
	];
	for (const name of ["preinstall", "install", "postinstall"])
		if (scripts[name])
			throw new Error(`It was published with a script ${name}.`);
	if (dependencies) throw new Error("It was published with dependencies.");
	const check = path.join(import.meta.dirname, "check.cjs");
	const { digest } = JSON.parse(run(process.execPath, [check]));
	return { origin, version, tarball: dist.tarball, digest };
}

async function main(args) {
	const { values } = parseArgs({
		args,
		options: { only: { type: "string" }, help: { type: "boolean" } },
	});
	if (values.help) {
		process.stdout.write(help);
		return;
	}
	const isWanted = (row) => row.includes(values.only ?? "");
	const folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-registry-"));
	const registry = await startRegistry();
	let failures = 0;
	try {
		const shipped = await publish(registry.origin, folder);
		for (const rows of [tryManagers, tryPlatforms, tryCheckouts])
			for await (const [row, column, cell, expected = "prebuilt"] of rows(
				shipped,
				isWanted,
			)) {
				const isRight = cell === expected;
				if (!isRight) failures++;
				console.log(
					`${isRight ? "✓" : "✗"} ${row.padEnd(30)} ${column.padEnd(20)} ${cell}`,
				);
			}
	} finally {
		await registry.close();
		rmSync(folder, { recursive: true });
	}
	if (failures > 0) throw new Error(`${failures} were not as they should be.`);
	console.log("All are as they should be.");
}

main(process.argv.slice(2)).catch((error) => {
	console.error(error.message);
	process.exitCode = 1;
});
