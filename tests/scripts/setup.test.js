// scripts/setup.sh, with stand-ins for the system's package manager and a registry of our own.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import test from "node:test";

const root = path.join(import.meta.dirname, "../..");
const programs = ["dirname", "grep", "mktemp", "rm", "sed", "sleep", "cat"];

/** A folder that is removed after the test. */
function makeFolder(t) {
	const folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-setup-"));
	t.after(() => rmSync(folder, { recursive: true }));
	return folder;
}

/** A machine without a compiler, where sudo needs no password and apt-get is that script. */
function makeMachine(t, aptGet) {
	const folder = makeFolder(t);
	const bin = path.join(folder, "bin");
	mkdirSync(bin);
	for (const name of ["sh", ...programs]) {
		const found = execFileSync("sh", ["-c", `command -v ${name}`]);
		symlinkSync(found.toString().trim(), path.join(bin, name));
	}
	const scripts = {
		id: "echo 1000",
		sudo: 'case $1 in apt-get) exec "$@" ;; esac',
		"apt-get": aptGet,
	};
	for (const [name, script] of Object.entries(scripts))
		writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`, {
			mode: 0o755,
		});
	return { folder, bin };
}

function setUp({ folder, bin }, env = {}) {
	return spawnSync("sh", [path.join(root, "scripts/setup.sh"), "build"], {
		encoding: "utf8",
		env: { PATH: bin, folder, ...env },
	});
}

const locked =
	'echo "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt)" >&2; exit 100';

test("while another program holds apt's lock it waits, and says for whom", (t) => {
	const machine = makeMachine(
		t,
		`echo "$@" >>"$folder/calls"; [ -e "$folder/tried" ] || { : >"$folder/tried"; ${locked}; }`,
	);
	const { status, stdout, stderr } = setUp(machine);
	assert.equal(status, 0, stderr);
	assert.match(stdout, /Another program is installing packages; waiting/);
	assert.match(stdout, /held by process 7 \(apt\)/);
	const calls = readFileSync(path.join(machine.folder, "calls"), "utf8");
	assert.match(calls, / update\n.* update\n.* install .* gcc /);
});

test("it does not wait forever", (t) => {
	const machine = makeMachine(t, locked);
	const { status, stderr } = setUp(machine, { SETUP_APT_LOCK_WAIT_S: "1" });
	assert.equal(status, 1);
	assert.match(stderr, /held by process 7/);
	assert.match(stderr, /Installing failed\. Try: sudo apt-get update && sudo/);
});

test("what apt-get says is shown when it fails, with the warnings before", (t) => {
	const machine = makeMachine(
		t,
		'case "$*" in *update) echo W: no route ;; *) echo E: no gcc; exit 100 ;; esac >&2',
	);
	const { status, stdout, stderr } = setUp(machine);
	assert.equal(status, 1);
	assert.match(stdout, /^Installing with apt-get: gcc /);
	assert.match(stderr, /^W: no route\nE: no gcc\nInstalling failed/);
});

test("an unknown group is one sentence", () => {
	const script = path.join(root, "scripts/setup.sh");
	const { status, stderr } = spawnSync("sh", [script, "everything"]);
	assert.equal(status, 2);
	assert.equal(String(stderr), "setup.sh: there is no group everything.\n");
});

test("a registry that does not answer is given up, in a sentence", async (t) => {
	const sockets = [];
	const registry = net.createServer((socket) => sockets.push(socket));
	await once(registry.listen(0, "127.0.0.1"), "listening");
	t.after(() => {
		registry.close();
		for (const socket of sockets) socket.destroy();
	});
	const folder = makeFolder(t);
	mkdirSync(path.join(folder, "scripts"));
	for (const name of ["scripts/setup.sh", "package.json", "package-lock.json"])
		copyFileSync(path.join(root, name), path.join(folder, name));
	const { port } = registry.address();
	const child = spawn("sh", ["scripts/setup.sh"], {
		cwd: folder,
		env: {
			...process.env,
			npm_config_registry: `http://127.0.0.1:${port}/`,
			npm_config_cache: path.join(folder, "cache"),
			SETUP_FETCH_TIMEOUT_S: "1",
		},
	});
	t.after(() => child.kill());
	let said = "";
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (text) => {
			said += text;
		});
	const [status] = await once(child, "close");
	assert.equal(status, 1, said);
	assert.ok(sockets.length < 10, "not hundreds of packages one by one");
	assert.match(said, /^Installing the npm packages of package-lock\.json/);
	assert.match(said, /npm could not install them\. .*: http:.*:\d+\/\?\n$/);
});
