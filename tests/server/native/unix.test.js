// qrpng-server on a Unix socket: the path it takes, leaves and never touches, its threads, and its end.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { readPng } from "../../../bench/subjects/png.js";
import { root } from "../../contract/hosts.js";
import {
	Connection,
	eventually,
	formatRequest,
	within,
} from "../../contract/http.js";
import { sentences } from "../../contract/refusals.js";

const target = "/qrcode?text=a";
const directory = mkdtempSync(path.join(tmpdir(), "qrpng-test-"));
const live = new Set();
after(() => {
	for (const child of live) child.kill("SIGKILL");
	rmSync(directory, { recursive: true });
});

let paths = 0;
const freshPath = () => path.join(directory, `${++paths}.sock`);

function launch(binary, args) {
	const child = spawn(`${root}${binary}`, args);
	live.add(child);
	const server = { child, stdout: "", stderr: "" };
	for (const name of ["stdout", "stderr"])
		child[name].setEncoding("utf8").on("data", (text) => {
			server[name] += text;
		});
	server.ended = once(child, "close").then(([code, signal]) => {
		live.delete(child);
		return { code, signal };
	});
	return server;
}

/** Starts a server and waits for its ready line. */
async function start(binary, socketPath, ...args) {
	const server = launch(binary, ["--unix", socketPath, ...args]);
	const ended = server.ended.then(() => {
		throw new Error(`no start: ${server.stderr}`);
	});
	const ready = eventually("ready line", () => server.stdout.includes("\n"));
	await Promise.race([ready, ended]);
	ended.catch(() => {});
	return server;
}

async function finished(server) {
	const exit = await within("its end", server.ended);
	assert.equal(server.stderr, "");
	assert.deepEqual(exit, { code: 0, signal: null });
}

function stop(server, signal = "SIGTERM") {
	server.child.kill(signal);
	return finished(server);
}

async function connect(socketPath) {
	const socket = net.connect({ path: socketPath, allowHalfOpen: true });
	await within("connecting", once(socket, "connect"));
	return new Connection(socket);
}

async function ask(socketPath, wanted = target) {
	const connection = await connect(socketPath);
	try {
		return await connection.request(wanted);
	} finally {
		connection.destroy();
	}
}

/** Runs a server that is expected to refuse to start. */
async function refusal(binary, args) {
	const server = launch(binary, args);
	const { code } = await within("its end", server.ended);
	assert.equal(server.stdout, "");
	assert.match(server.stderr, /^qrpng-server: [^\n]+\.\n$/);
	return { code, sentence: server.stderr };
}

/** CPU time of each thread, in clock ticks. */
function threadTimes(pid) {
	return readdirSync(`/proc/${pid}/task`).map((thread) => {
		const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "latin1");
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		return Number(fields[11]) + Number(fields[12]);
	});
}

for (const build of ["Release", "Sanitize"]) {
	const binary = `build/${build}/qrpng-server`;
	describe(`${build}: --unix`, () => {
		test("it answers, names the path, and removes it at the end", async () => {
			const socketPath = freshPath();
			const server = await start(binary, socketPath, "--threads", "2");
			const ready = `listening on unix:${socketPath} (2 threads, engine `;
			assert.ok(server.stdout.startsWith(ready), server.stdout);
			assert.equal(lstatSync(socketPath).mode & 0o777, 0o600);
			const { status, body } = await ask(socketPath);
			assert.equal(status, 200);
			readPng(body);
			assert.equal((await ask(socketPath, "/qrcode")).status, 400);
			await stop(server);
			assert.equal(existsSync(socketPath), false);
		});

		test("--unix-mode", async () => {
			const socketPath = freshPath();
			const server = await start(binary, socketPath, "--unix-mode", "660");
			assert.equal(lstatSync(socketPath).mode & 0o777, 0o660);
			await stop(server);
		});

		test("what a killed server leaves is replaced, a live one is not", async () => {
			const socketPath = freshPath();
			const killed = await start(binary, socketPath);
			killed.child.kill("SIGKILL");
			await killed.ended;
			assert.ok(existsSync(socketPath));

			const server = await start(binary, socketPath);
			const { code, sentence } = await refusal(binary, ["--unix", socketPath]);
			assert.equal(code, 1);
			assert.match(sentence, / is in use: /);
			assert.equal((await ask(socketPath)).status, 200);
			await stop(server);
		});

		test("of servers that start at the same moment, one gets the path", async () => {
			const socketPath = freshPath();
			const killed = await start(binary, socketPath);
			killed.child.kill("SIGKILL");
			await killed.ended;
			const servers = Array.from({ length: 6 }, () =>
				launch(binary, ["--unix", socketPath, "--threads", "1"]),
			);
			await eventually(
				"five that gave up",
				() => servers.filter(({ child }) => child.exitCode === 1).length === 5,
			);
			assert.equal((await ask(socketPath)).status, 200);
			await stop(servers.find(({ child }) => child.exitCode === null));
		});

		test("another file is never touched", async () => {
			const file = freshPath();
			writeFileSync(file, "precious");
			const folder = freshPath();
			mkdirSync(folder);
			const link = freshPath();
			symlinkSync(file, link);
			const pathless = path.join(directory, "none", "socket");
			for (const place of [file, folder, link, pathless]) {
				const { code, sentence } = await refusal(binary, ["--unix", place]);
				assert.equal(code, 1);
				assert.ok(sentence.includes(place), sentence);
			}
			assert.equal(readFileSync(file, "utf8"), "precious");
			assert.ok(lstatSync(folder).isDirectory());
			assert.ok(lstatSync(link).isSymbolicLink());
		});

		test("a server that ends leaves the socket of its successor", async () => {
			const socketPath = freshPath();
			const first = await start(binary, socketPath);
			rmSync(socketPath);
			const second = await start(binary, socketPath);
			await stop(first);
			assert.equal((await ask(socketPath)).status, 200);
			await stop(second);
		});

		test("what is sent before the end is answered, also from the accept queue", async () => {
			const socketPath = freshPath();
			const server = await start(binary, socketPath, "--threads", "2");
			server.child.kill("SIGSTOP");
			const connections = await Promise.all(
				Array.from({ length: 32 }, () => connect(socketPath)),
			);
			for (const connection of connections)
				await connection.send(formatRequest(target));
			server.child.kill("SIGTERM");
			server.child.kill("SIGCONT");
			for (const connection of connections) {
				assert.equal((await connection.read()).status, 200);
				await connection.readEnd();
			}
			await finished(server);
		});

		test("connections that keep coming while it drains are answered or refused", async () => {
			const socketPath = freshPath();
			const server = await start(binary, socketPath, "--threads", "2");
			server.child.kill("SIGTERM");
			let answers = 0;
			for (;;) {
				let connection;
				try {
					connection = await connect(socketPath);
				} catch (error) {
					assert.match(error.code, /^(ECONNREFUSED|ENOENT)$/);
					break;
				}
				const { status } = await connection.request(target);
				assert.equal(status, 200);
				connection.destroy();
				answers++;
			}
			assert.ok(answers > 0);
			await finished(server);
		});

		test("idle clients do not hold up the end", async () => {
			const socketPath = freshPath();
			const server = await start(binary, socketPath);
			const silent = await connect(socketPath);
			const idle = await connect(socketPath);
			await idle.request(target);
			server.child.kill("SIGTERM");
			await silent.readEnd();
			await idle.readEnd();
			await finished(server);
		});

		test("at --max-connections the others wait for a place", async () => {
			const socketPath = freshPath();
			const limits = ["--threads", "2", "--max-connections", "4"];
			const server = await start(binary, socketPath, ...limits);
			const answers = Array.from({ length: 24 }, () => ask(socketPath));
			for (const { status } of await Promise.all(answers))
				assert.equal(status, 200);
			await stop(server);
		});

		test("a request must arrive in time", async () => {
			const socketPath = freshPath();
			const timeout = ["--request-timeout-ms", "300"];
			const server = await start(binary, socketPath, ...timeout);
			const slow = await connect(socketPath);
			await slow.send("GET /qrcode?te");
			assert.equal((await slow.read()).status, 408);
			await slow.readEnd();
			await stop(server);
		});

		test("connections are shared out to the threads", async () => {
			const socketPath = freshPath();
			const count = 4;
			const server = await start(binary, socketPath, "--threads", `${count}`);
			const before = threadTimes(server.child.pid);
			const connections = [];
			for (let i = 0; i < count; i++) {
				connections.push(await connect(socketPath));
				await connections[i].request(target);
			}
			const text = "%C3%A9".repeat(1_400);
			const pipelined = Buffer.concat(
				Array(200).fill(formatRequest(`/qrcode?text=${text}&width=1024`)),
			);
			const read = async (connection) => {
				connection.send(pipelined);
				for (let i = 0; i < 200; i++)
					assert.equal((await connection.read()).status, 200);
			};
			// A thread with two of them would leave another one without any.
			const haveWorked = () =>
				threadTimes(server.child.pid).filter((ticks, i) => ticks > before[i])
					.length === count;
			for (let i = 0; i < 20 && !haveWorked(); i++)
				await Promise.all(connections.map(read));
			assert.ok(haveWorked(), "a thread without work");
			for (const connection of connections) connection.destroy();
			await stop(server);
		});

		test("--exit-with-stdin: the end of standard input is one like any other", async () => {
			const socketPath = freshPath();
			const server = await start(binary, socketPath, "--exit-with-stdin");
			server.child.stdin.write("ignored");
			const connection = await connect(socketPath);
			assert.equal((await connection.request(target)).status, 200);
			await connection.send(formatRequest(target));
			server.child.stdin.end();
			assert.equal((await connection.read()).status, 200);
			await finished(server);
			assert.equal(existsSync(socketPath), false);
		});

		test("--raw-text: a text may be any bytes", async () => {
			const [strict, raw] = [freshPath(), freshPath()];
			const servers = [
				await start(binary, strict),
				await start(binary, raw, "--raw-text"),
			];
			const refused = await ask(strict, "/qrcode?text=%FF%00");
			assert.equal(refused.body.toString(), `${sentences.utf8}\n`);
			assert.equal((await ask(raw, "/qrcode?text=%FF%00")).status, 200);
			assert.equal((await ask(raw, "/qrcode?text=%F")).status, 400);
			await Promise.all(servers.map((server) => stop(server)));
		});
	});
}

const socketPath = "socket";
for (const args of [
	["--unix", ""],
	["--unix", "a".repeat(108)],
	["--unix", socketPath, "--port", "0"],
	["--unix", socketPath, "--bind", "127.0.0.1"],
	["--unix", socketPath, "--unix-mode", "0x1"],
	["--unix", socketPath, "--unix-mode", "888"],
	["--unix-mode", "600"],
])
	test(`refused: ${args.join(" ").slice(0, 60)}`, async () => {
		const { code } = await refusal("build/Release/qrpng-server", args);
		assert.equal(code, 2);
	});
