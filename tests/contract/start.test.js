// What a host can't do its work without is looked for when it starts, and not first by its clients.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { findHost, runToExit, withHost } from "./hosts.js";
import { request } from "./http.js";

const MAX_FOLDER_NBYTES = 107 - "/qrpng-0123456789abcdef.sock".length;

const directory = mkdtempSync(path.join(tmpdir(), "qrpng-start-"));
after(() => rmSync(directory, { recursive: true }));

function folderOf(nbytes) {
	const folder = path.join(directory, "x").padEnd(nbytes, "x");
	mkdirSync(folder);
	return folder;
}

/** The same host with another folder for temporary files. */
function withFolder(host, folder) {
	const flags = [`TMPDIR=${folder}`, host.command, ...host.flags];
	return { ...host, command: "env", flags };
}

test("without a folder for its Unix socket nothing starts", async (t) => {
	const tooLong = folderOf(MAX_FOLDER_NBYTES + 1);
	const missing = path.join(directory, "missing");
	const sidecar = findHost("sidecar");
	const cluster = {
		...sidecar,
		flags: ["server/app.js", "--tiers", "addon,sidecar", "--processes", "2"],
	};
	const about107 = /^[^\n]+ at most 107 bytes, .*TMPDIR.*\.\n$/;
	for (const [name, host, folder, sentence] of [
		["sidecar", sidecar, tooLong, about107],
		["sidecar in a cluster", cluster, tooLong, about107],
		["sidecar", sidecar, missing, /^[^\n]+ \(ENOENT\).*TMPDIR.*\.\n$/],
		["server-nginx", findHost("server-nginx"), tooLong, about107],
	])
		await t.test(`${name}: ${path.basename(folder).slice(0, 9)}`, async () => {
			const flags = ["--port", "0"];
			const end = await runToExit(withFolder(host, folder), flags);
			assert.match(end.stderr, sentence);
			assert.equal(end.stdout, "");
			assert.equal(end.code, 1);
		});
});

test("sidecar: the longest folder is long enough", () => {
	const folder = folderOf(MAX_FOLDER_NBYTES);
	const host = withFolder(findHost("sidecar"), folder);
	return withHost(host, [], async ({ port }) => {
		assert.equal((await request(port, "/qrcode?text=a")).status, 200);
	});
});
