// --user of qrpng-server: what root alone may do is done first, and then there is no way back.
import assert from "node:assert/strict";
import { lstatSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { binaries, runToEnd, startServer, stopServer } from "./launch.js";

const directory = mkdtempSync(path.join(tmpdir(), "qrpng-user-"));
after(() => rmSync(directory, { recursive: true }));

const isRoot = process.getuid() === 0;
const skip = isRoot ? false : "root alone can become another user";

for (const { build, binary } of binaries)
	describe(`${build}: --user`, () => {
		test("all threads are theirs, and so is the socket", { skip }, async () => {
			const socketPath = path.join(directory, `${build}.sock`);
			const args = ["--unix", socketPath, "--threads", "2", "--user", "nobody"];
			const server = await startServer(binary, args);
			const status = readFileSync(`/proc/${server.child.pid}/status`, "utf8");
			const { uid, gid } = lstatSync(socketPath);
			assert.ok(uid > 0);
			const all = (id) => `\t${Array(4).fill(id).join("\t")}\n`;
			assert.ok(status.includes(`Uid:${all(uid)}`), status);
			assert.ok(status.includes(`Gid:${all(gid)}`), status);
			assert.match(status, /^Groups:\t\d+ ?$/m);
			assert.match(status, /^CapEff:\t0+$/m);
			await stopServer(server);
		});

		test("one who isn't there", async () => {
			const args = ["--port", "0", "--user", "nobody-of-that-name"];
			const { code, stderr } = await runToEnd(binary, args);
			assert.equal(code, 1);
			assert.match(
				stderr,
				/^qrpng-server: The user .* there is none of that name\.\n$/,
			);
		});
	});
