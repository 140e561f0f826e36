// --access-log of qrpng-server: a line of JSON for each request, without anything of its text, however slow its reader is.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import {
	connect,
	eventually,
	formatRequest,
	request,
} from "../../contract/http.js";
import {
	binaries,
	launch,
	portOf,
	runToEnd,
	startServer,
	stopServer,
} from "./launch.js";

const directory = mkdtempSync(path.join(tmpdir(), "qrpng-log-"));
after(() => rmSync(directory, { recursive: true }));

const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const linesOf = (text) =>
	text
		.split("\n")
		.filter((line) => line.startsWith("{"))
		.map((line) => JSON.parse(line));

/** Without what differs from one run to the next. */
const withoutTimes = ({ time, us, ...line }) => {
	assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
	assert.equal(us === undefined, line.method === undefined);
	return line;
};

for (const { build, binary } of binaries)
	describe(`${build}: --access-log`, () => {
		test("a file that has reached its limit: the server goes on", async () => {
			const file = path.join(directory, `${build}-limited.log`);
			const args = ["--port", "0", "--threads", "1", "--access-log", file];
			const limit = ["--fsize=10", binary, ...args];
			const server = await startServer("prlimit", limit);
			const { status } = await request(portOf(server), "/qrcode?text=a");
			assert.equal(status, 200);
			await eventually("a sentence", () => server.stderr.includes("\n"));
			assert.match(
				server.stderr,
				/^qrpng-server: The access log can't be written: File too large\.\n$/,
			);
			assert.equal((await request(portOf(server), "/healthz")).status, 200);
			server.child.kill("SIGTERM");
			assert.deepEqual(await server.ended, { code: 0, signal: null });
			assert.equal(statSync(file).size, 10);
		});

		test("a line for each request, without its text", async () => {
			const file = path.join(directory, `${build}.log`);
			const args = ["--port", "0", "--threads", "2", "--access-log", file];
			const server = await startServer(binary, args);
			const port = portOf(server);
			const ask = (target, headers) => request(port, target, { headers });
			const image = await ask("/qrcode?text=secret", [`traceparent: ${trace}`]);
			await ask("/qrcode?text=secret", ["traceparent: secret"]);
			await ask("/qrcode?text=secret", ["If-None-Match: *"]);
			await ask("/qrcode?text=secret&width=secret");
			await ask("/secret");
			const connection = await connect(port);
			await connection.send("GET /secret HTTP/1.1\r\n\r\n");
			await connection.read();
			await connection.readEnd();
			await stopServer(server);
			const text = readFileSync(file, "utf8");
			assert.doesNotMatch(text, /secret/);
			const known = { method: "GET", path: "/qrcode" };
			const imageBytes = image.body.length;
			const bytesOf = (status) =>
				linesOf(text).find((line) => line.status === status).bytes;
			assert.deepEqual(linesOf(text).map(withoutTimes), [
				{ ...known, status: 200, bytes: imageBytes, traceparent: trace },
				{ ...known, status: 200, bytes: imageBytes },
				{ ...known, status: 304, bytes: 0 },
				{ ...known, status: 400, bytes: bytesOf(400) },
				{ method: "GET", status: 404, bytes: bytesOf(404) },
				{ status: 400, bytes: linesOf(text).at(-1).bytes },
			]);
		});

		test("by default there is none", async () => {
			const server = await startServer(binary, ["--port", "0"]);
			await request(portOf(server), "/qrcode?text=a");
			await stopServer(server);
			assert.equal(linesOf(server.stdout).length, 0);
		});

		test("- is standard output, in which all lines of many threads are whole", async () => {
			const args = ["--port", "0", "--threads", "4", "--access-log", "-"];
			const server = await startServer(binary, args);
			const perClient = 200;
			const all = Buffer.concat(
				Array(perClient).fill(formatRequest("/qrcode?text=a")),
			);
			await Promise.all(
				Array.from({ length: 8 }, async () => {
					const connection = await connect(portOf(server));
					connection.send(all);
					for (let i = 0; i < perClient; i++) await connection.read();
					connection.destroy();
				}),
			);
			await stopServer(server);
			assert.equal(linesOf(server.stdout).length, 8 * perClient);
		});

		test("nobody reads it: requests are answered, and the server ends", async () => {
			const pipe = path.join(directory, `${build}.pipe`);
			spawnSync("mkfifo", [pipe]);
			const reader = launch("sh", ["-c", `exec sleep 600 < ${pipe}`]);
			const args = ["--port", "0", "--threads", "1", "--access-log", pipe];
			const server = await startServer(binary, args);
			const connection = await connect(portOf(server));
			const batch = Buffer.concat(
				Array(1000).fill(formatRequest("/qrcode?text=a&width=x")),
			);
			for (let sent = 0; sent < 8000; sent += 1000) {
				connection.send(batch);
				for (let i = 0; i < 1000; i++)
					assert.equal((await connection.read()).status, 400);
			}
			connection.destroy();
			await stopServer(server);
			reader.child.kill("SIGKILL");
			await reader.ended;
		});

		test("what could not be written is counted", async () => {
			const pipe = path.join(directory, `${build}-slow.pipe`);
			spawnSync("mkfifo", [pipe]);
			const file = path.join(directory, `${build}-slow.log`);
			const reader = launch("sh", [
				"-c",
				`exec < ${pipe} > ${file}; while ! [ -e ${file}.go ]; do sleep 0.05; done; exec cat`,
			]);
			const args = ["--port", "0", "--threads", "1", "--access-log", pipe];
			const server = await startServer(binary, args);
			const connection = await connect(portOf(server));
			const count = 16_000;
			const batch = Buffer.concat(
				Array(1000).fill(formatRequest("/qrcode?text=a&width=x")),
			);
			for (let sent = 0; sent < count; sent += 1000) {
				connection.send(batch);
				for (let i = 0; i < 1000; i++) await connection.read();
			}
			connection.destroy();
			spawnSync("touch", [`${file}.go`]);
			await eventually("lines", () => statSync(file).size > 0);
			await stopServer(server);
			await reader.ended;
			const lines = linesOf(readFileSync(file, "utf8"));
			const dropped = lines.reduce((sum, line) => sum + (line.dropped ?? 0), 0);
			const written = lines.filter((line) => line.status).length;
			assert.ok(dropped > 0);
			assert.equal(dropped + written, count);
		});

		test("a file that can't be opened", async () => {
			const args = ["--port", "0", "--access-log", "/nowhere/log"];
			const { code, stderr } = await runToEnd(binary, args);
			assert.equal(code, 1);
			assert.match(stderr, /^qrpng-server: The access log .*\.\n$/);
		});
	});
