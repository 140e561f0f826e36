// Which build the hosts run, as QRPNG_BUILD says, and what they say of it.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { root } from "./hosts.js";

function environment(build) {
	const { NODE_TEST_CONTEXT: _, ...env } = process.env; // the runner's, for its own children
	return { ...env, QRPNG_BUILD: build };
}

/** Starts a host; resolves to its ready line and the ETag of an image. */
async function askHost(command, args, build) {
	const host = spawn(command, [...args, "--port", "0"], {
		cwd: root,
		env: environment(build),
		stdio: ["ignore", "pipe", "inherit"],
	});
	try {
		const [chunk] = await once(host.stdout, "data");
		const line = chunk.toString();
		const [url] = /http:\S+/.exec(line);
		const response = await fetch(`${url}qrcode?text=hello`);
		assert.equal(response.status, 200);
		await response.arrayBuffer();
		return { line, etag: response.headers.get("etag") };
	} finally {
		host.kill("SIGKILL");
	}
}

const app = (...flags) => [process.execPath, ["server/app.js", ...flags]];

for (const [name, inBuild] of [
	["addon", () => app("--tier", "addon")],
	["cli", () => app("--tier", "cli")],
	["ffi", () => app("--tier", "ffi")],
	["several tiers", () => app("--tiers", "js,addon")],
	["server", (build) => [`build/${build}/qrpng-server`, []]],
])
	test(`${name}: the ready line names a debug build`, async () => {
		const [debug, release] = await Promise.all(
			["Debug", "Release"].map((build) => askHost(...inBuild(build), build)),
		);
		assert.match(debug.line, /\(.*, Debug build\b.*\)\n$/);
		assert.doesNotMatch(release.line, /build/);
		if (name !== "several tiers") assert.notEqual(debug.etag, release.etag);
	});

test("where nothing is built, nothing is said", async () => {
	const hosts = ["Debug", "Release"].map((build) =>
		askHost(...app("--tier", "js"), build),
	);
	const [debug, release] = await Promise.all(hosts);
	assert.doesNotMatch(debug.line, /build/);
	assert.equal(debug.etag, release.etag);
});

test("a build that there is none of is refused in one sentence", () => {
	for (const tier of ["addon", "js"]) {
		const [command, flags] = app("--tier", tier, "--port", "0");
		const { status, stdout, stderr } = spawnSync(command, flags, {
			cwd: root,
			env: environment("Fast"),
			encoding: "utf8",
		});
		assert.deepEqual(
			[status, stdout, stderr],
			[2, "", "QRPNG_BUILD must be Release or Debug, not Fast.\n"],
		);
	}
});
