// Help and versions of every command: printed with success, or an error where they can't be written.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const root = path.join(import.meta.dirname, "..");

const commands = [
	[process.execPath, "server/app.js", "--help"],
	[process.execPath, "server/app.js", "--version"],
	[process.execPath, "server/nginx/run-nginx.js", "--help"],
	[process.execPath, "bench/main.js", "--help"],
	[process.execPath, "bench/main.js", "compare", "--help"],
	[process.execPath, "bench/main.js", "chart", "--help"],
	[process.execPath, "bench/core/main.js", "--help"],
	[process.execPath, "bench/core/package-calls.js", "--help"],
	[process.execPath, "bench/server/main.js", "--help"],
	[process.execPath, "bench/proof/main.js", "--help"],
	...["Release", "Sanitize"]
		.flatMap((build) => [`build/${build}/qrpng`, `build/${build}/qrpng-server`])
		.filter((binary) => existsSync(path.join(root, binary)))
		.flatMap((binary) => [
			[binary, "--help"],
			[binary, "--version"],
		]),
];

/** What serves those who work on it. */
const tools = [
	"scripts/binary-facts.js",
	"scripts/image.js",
	"scripts/coverage.js",
	"scripts/prebuild.js",
	"scripts/release-check.js",
	"scripts/test.js",
	"tests/chaos/main.js",
	"tests/core/main.js",
	"tests/fuzz/main.js",
	"tests/images/main.js",
	"tests/install/main.js",
	"tests/runtimes/main.js",
	"tests/soak/main.js",
].map((script) => [process.execPath, script, "--help"]);

/** Runs a command by a script of the shell. */
function run(command, script = 'exec "$0" "$@"') {
	const args = ["-c", script, ...command];
	const options = { cwd: root, encoding: "utf8", timeout: 300_000 };
	const { status, stdout, stderr } = spawnSync("sh", args, options);
	return { status, stdout, stderr };
}

const nameOf = (command) =>
	command.map((word) => path.basename(word)).join(" ");

for (const command of [...commands, ...tools])
	test(`${nameOf(command)} (${path.dirname(command.at(-2))})`, () => {
		const printed = run(command);
		assert.equal(printed.stderr, "");
		assert.equal(printed.status, 0);
		assert.match(printed.stdout, /\d+\.\d+\.\d+|--help/);
		for (const line of printed.stdout.split("\n"))
			assert.ok(line.length <= 80 || /npm run|[^ ]{50}/.test(line), line);
	});

for (const command of commands)
	test(`${nameOf(command)} (${path.dirname(command.at(-2))}) on a full disk`, () => {
		const onFullDisk = run(command, 'exec "$0" "$@" >/dev/full');
		assert.match(
			onFullDisk.stderr,
			/^[^\n]*standard output can't be written: [^\n]+\.\n$/i,
		);
		assert.equal(onFullDisk.status, 1);
	});
