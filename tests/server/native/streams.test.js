// qrpng-server started with standard streams that are closed: no socket takes their place, and it still ends.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readlinkSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { root } from "../../contract/hosts.js";
import { Connection, eventually, within } from "../../contract/http.js";

const directory = mkdtempSync(path.join(tmpdir(), "qrpng-streams-"));
const live = new Set();
after(() => {
	for (const child of live) child.kill("SIGKILL");
	rmSync(directory, { recursive: true });
});

let paths = 0;

/** redirections: in the words of the shell. */
function start(binary, redirections, ...flags) {
	const socketPath = path.join(directory, `${++paths}.sock`);
	const child = spawn("sh", [
		"-c",
		`exec "$0" "$@" ${redirections}`,
		`${root}${binary}`,
		"--unix",
		socketPath,
		...flags,
	]);
	live.add(child);
	const server = { child, socketPath, stderr: "" };
	child.stdout.resume();
	child.stderr.setEncoding("utf8").on("data", (text) => {
		server.stderr += text;
	});
	server.ended = once(child, "close").then(([code, signal]) => {
		live.delete(child);
		return { code, signal };
	});
	return server;
}

async function finished({ ended, stderr, socketPath }) {
	const exit = await within("its end", ended);
	assert.equal(stderr, "");
	assert.deepEqual(exit, { code: 0, signal: null });
	assert.ok(!existsSync(socketPath));
}

/** Waits until it accepts connections; resolves to the status of an answer. */
async function ask(socketPath) {
	let socket;
	await eventually("a connection", async () => {
		socket = net.connect({ path: socketPath, allowHalfOpen: true });
		return once(socket, "connect").then(
			() => true,
			() => false,
		);
	});
	const connection = new Connection(socket);
	const { status } = await connection.request("/qrcode?text=a");
	connection.destroy();
	return status;
}

for (const build of ["Release", "Sanitize"]) {
	const binary = `build/${build}/qrpng-server`;
	describe(`${build}: closed standard streams`, () => {
		test("it serves, and no socket of its own is one of them", async () => {
			const server = start(binary, "<&- >&- 2>&-");
			assert.equal(await ask(server.socketPath), 200);
			for (const stream of [0, 1, 2])
				assert.equal(
					readlinkSync(`/proc/${server.child.pid}/fd/${stream}`),
					"/dev/null",
				);
			server.child.kill("SIGTERM");
			await finished(server);
		});

		for (const redirections of ["<&-", "<&- >&-", "<&- 2>&-", "<&- >&- 2>&-"])
			test(`--exit-with-stdin ${redirections} ends at once`, async () => {
				await finished(start(binary, redirections, "--exit-with-stdin"));
			});

		test("--exit-with-stdin >&- 2>&- ends with standard input", async () => {
			const server = start(binary, ">&- 2>&-", "--exit-with-stdin");
			assert.equal(await ask(server.socketPath), 200);
			server.child.stdin.end();
			await finished(server);
		});

		test("what is to be printed on a closed one is an error", async () => {
			const server = start(binary, ">&-", "--help");
			const exit = await within("its end", server.ended);
			assert.match(server.stderr, /^qrpng-server: Standard output can't be /);
			assert.deepEqual(exit, { code: 1, signal: null });
		});
	});
}
