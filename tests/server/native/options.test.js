// Options of qrpng-server from the environment, and --check.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { request } from "../../contract/http.js";
import {
	binaries,
	portOf,
	runToEnd,
	startServer,
	stopServer,
} from "./launch.js";

const directory = mkdtempSync(path.join(tmpdir(), "qrpng-options-"));
after(() => rmSync(directory, { recursive: true }));

for (const { build, binary } of binaries) {
	describe(`${build}: the environment`, () => {
		test("it gives options, and the command line wins", async () => {
			const env = {
				QRPNG_FLAG_PORT: "0",
				QRPNG_FLAG_THREADS: "3",
				QRPNG_FLAG_MAX_WIDTH: "100",
				QRPNG_FLAG_RAW_TEXT: "1",
				QRPNG_FLAG_CACHE_CONTROL: "",
			};
			const server = await startServer(binary, ["-t", "1"], { env });
			assert.match(server.stdout, /\(1 thread, /);
			const port = portOf(server);
			const raw = await request(port, "/qrcode?text=%FF");
			assert.equal(raw.status, 200);
			assert.match(raw.headers["cache-control"], /immutable/);
			const wide = await request(port, "/qrcode?text=a&width=101");
			assert.equal(wide.status, 400);
			await stopServer(server);
		});

		for (const [env, args, sentence] of [
			[{ QRPNG_FLAG_PORT: "x" }, [], /^qrpng-server: QRPNG_FLAG_PORT must be /],
			[
				{ QRPNG_FLAG_RAW_TEXT: "yes" },
				[],
				/^qrpng-server: QRPNG_FLAG_RAW_TEXT must be 0 or 1\.\n$/,
			],
			[
				{ QRPNG_FLAG_UNIX: "x", QRPNG_FLAG_PORT: "0" },
				[],
				/--unix must be given without /,
			],
			[{ QRPNG_FLAG_UNIX: "x" }, ["--port", "70000"], /--port must be /],
		])
			test(`refused: ${JSON.stringify(env)} ${args}`, async () => {
				const { code, stdout, stderr } = await runToEnd(binary, args, { env });
				assert.equal(code, 2);
				assert.equal(stdout, "");
				assert.match(stderr, sentence);
			});

		test("a place on the command line goes before one of another kind", async () => {
			const socketPath = path.join(directory, `${build}.sock`);
			const byPath = await startServer(binary, ["--unix", socketPath], {
				env: { QRPNG_FLAG_PORT: "1", QRPNG_FLAG_BIND: "::1" },
			});
			const byPort = await startServer(binary, ["--port", "0"], {
				env: { QRPNG_FLAG_UNIX: socketPath, QRPNG_FLAG_UNIX_MODE: "660" },
			});
			await Promise.all([stopServer(byPath), stopServer(byPort)]);
		});
	});

	describe(`${build}: --check`, () => {
		test("a server that is well, on a port and on a path", async () => {
			const socketPath = path.join(directory, `${build}-check.sock`);
			const byPort = await startServer(binary, ["--port", "0", "--bind", "::"]);
			const byPath = await startServer(binary, ["--unix", socketPath]);
			const port = /:(\d+)\/ /.exec(byPort.stdout)[1];
			const onPort = { QRPNG_FLAG_PORT: port, QRPNG_FLAG_BIND: "::" };
			assert.deepEqual(await runToEnd(binary, ["--check"], { env: onPort }), {
				code: 0,
				stdout: `[::]:${port} answers with images\n`,
				stderr: "",
			});
			const onPath = { QRPNG_FLAG_UNIX: socketPath };
			assert.deepEqual(await runToEnd(binary, ["--check"], { env: onPath }), {
				code: 0,
				stdout: `unix:${socketPath} answers with images\n`,
				stderr: "",
			});
			await Promise.all([stopServer(byPort), stopServer(byPath)]);
		});

		test("one that is not there, or is something else", async () => {
			const answers = ["", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"];
			const other = net.createServer((socket) => {
				socket.on("error", () => {}).resume();
				socket.end(answers.pop());
			});
			other.listen(0, "127.0.0.1");
			await once(other, "listening");
			const { port } = other.address();
			for (let i = 0; i < 2; i++) {
				const odd = await runToEnd(binary, ["--check", "--port", `${port}`]);
				assert.equal(odd.code, 1);
				assert.match(odd.stderr, /^qrpng-server: 127\.0\.0\.1:\d+: .*\.\n$/);
			}
			other.close();
			await once(other, "close");
			const gone = await runToEnd(binary, ["--check", "--port", `${port}`]);
			assert.equal(gone.code, 1);
			assert.match(gone.stderr, /:\d+: Connection refused\.\n$/);
		});

		test("a silent one is given up", async () => {
			const silent = net.createServer((socket) => socket.resume());
			silent.listen(0, "127.0.0.1");
			await once(silent, "listening");
			const { port } = silent.address();
			const { code, stderr } = await runToEnd(binary, [
				"--check",
				"--port",
				`${port}`,
			]);
			assert.equal(code, 1);
			assert.match(stderr, /:\d+: Connection timed out\.\n$/);
			silent.close();
		});

		test("it needs the port", async () => {
			const { code, stderr } = await runToEnd(binary, [
				"--check",
				"--port",
				"0",
			]);
			assert.equal(code, 2);
			assert.match(stderr, /--port must be /);
		});
	});
}
