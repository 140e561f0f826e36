// --sandbox of qrpng-server: what the server does still works, and what it never does ends it. The release build, since a sanitizer
// needs more of the system. Nothing in it makes such a call by itself: that comes with a library that is preloaded here.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
} from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { eventually, request, within } from "../../contract/http.js";
import { portOf, startServer, stopServer } from "./launch.js";

const directory = mkdtempSync(path.join(tmpdir(), "qrpng-sandbox-"));
after(() => rmSync(directory, { recursive: true }));

const binary = "build/Release/qrpng-server";
const preload = path.join(directory, "forbidden.so");
const source = path.join(import.meta.dirname, "forbidden_preload.c");
const warnings = ["-Wall", "-Wextra", "-Werror"];
execFileSync("cc", [
	...warnings,
	"-shared",
	"-fPIC",
	"-D_GNU_SOURCE",
	source,
	"-o",
	preload,
]);

const forbidden = [
	"run_program",
	"make_process",
	"make_connection",
	"write_file",
	"run_data",
	"map_code",
	"signal_others",
	"trace_others",
	"become_root",
	"make_ring",
];

/** Starts a server, and has it make a call. */
async function startToCall(call, args, env = {}) {
	const server = await startServer(
		binary,
		["--port", "0", "-t", "1", ...args],
		{
			env: { LD_PRELOAD: preload, FORBIDDEN: call, ...env },
		},
	);
	server.child.kill("SIGUSR1");
	return server;
}

/** Ends it, whatever it wrote. */
async function end(server) {
	server.child.kill("SIGTERM");
	return within("its end", server.ended);
}

describe("a call that the server has no use for", () => {
	for (const call of forbidden)
		test(`${call} ends it`, async () => {
			const server = await startToCall(call, ["--sandbox"]);
			const exit = await within("its end", server.ended);
			assert.deepEqual(exit, { code: null, signal: "SIGSYS" });
			assert.equal(server.stderr, "");
		});

	test("without --sandbox it is made", async () => {
		const server = await startToCall("make_process", []);
		await eventually(
			"the call",
			() => server.stderr === "make_process: done\n",
		);
		assert.deepEqual(await end(server), { code: 0, signal: null });
	});
});

describe("files", () => {
	for (const [name, args] of [
		["by the filter of calls", []],
		["by Landlock, where files of its own are needed", ["--metrics-port", "0"]],
	])
		test(`they are out of reach, ${name}`, async (t) => {
			const server = await startToCall("read_file", ["--sandbox", ...args]);
			await eventually("the call", () => server.stderr.includes("read_file: "));
			assert.deepEqual(await end(server), { code: 0, signal: null });
			if (args.length > 0 && server.stderr.includes("no Landlock"))
				t.skip("this kernel has no Landlock");
			else assert.match(server.stderr, /^read_file: EACCES\n$/m);
		});

	test("on a kernel without Landlock it is said once, and the server goes on", async () => {
		const env = { WITHOUT_LANDLOCK: "1" };
		const server = await startToCall("write_file", ["--sandbox"], env);
		const exit = await within("its end", server.ended);
		assert.deepEqual(exit, { code: null, signal: "SIGSYS" });
		assert.match(
			server.stderr,
			/^qrpng-server: This kernel has no Landlock: [^\n]+\.\n$/,
		);
	});
});

/** All threads' lines of that name in /proc. */
const statusOf = (pid, name) =>
	readdirSync(`/proc/${pid}/task`).map(
		(thread) =>
			new RegExp(`^${name}:\\t(.*)$`, "m").exec(
				readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8"),
			)[1],
	);

const getByPath = (socketPath, target) =>
	new Promise((resolve, reject) => {
		http
			.get({ socketPath, path: target, agent: false }, (response) => {
				response.resume().on("end", () => resolve(response.statusCode));
			})
			.on("error", reject);
	});

describe("what the server does", () => {
	test("every thread is filtered, and gains no privileges", async () => {
		const server = await startServer(binary, [
			...["--port", "0", "-t", "3", "--sandbox"],
			...["--metrics-port", "0", "--access-log", "-"],
		]);
		const { pid } = server.child;
		assert.deepEqual(statusOf(pid, "Seccomp"), Array(6).fill("2"));
		assert.deepEqual(statusOf(pid, "NoNewPrivs"), Array(6).fill("1"));
		await stopServer(server);
	});

	test("JSON, batches, metrics, the access log and the drain go on", async () => {
		const log = path.join(directory, "access.log");
		const server = await startServer(binary, [
			...["--port", "0", "--sandbox", "--metrics-port", "0"],
			...["--access-log", log],
		]);
		const port = portOf(server);
		const post = (target, body) =>
			fetch(`http://127.0.0.1:${port}${target}`, {
				method: "POST",
				headers: { "Content-Type": "application/json", Connection: "close" },
				body: JSON.stringify(body),
			});
		assert.equal((await post("/qrcode", { text: "a" })).status, 200);
		assert.equal((await post("/qrcodes", ["a", "b"])).status, 200);
		const metricsPort = Number(/metrics on [^)]*:(\d+)/.exec(server.stdout)[1]);
		const metrics = await request(metricsPort, "/metrics");
		assert.match(String(metrics.body), /^process_open_fds \d+$/m);
		assert.match(String(metrics.body), /^process_resident_memory_bytes \d/m);
		await stopServer(server);
		assert.equal(readFileSync(log, "utf8").match(/"status":200/g).length, 2);
	});

	test("a Unix socket is taken away at the end", async () => {
		const socketPath = path.join(directory, "qrpng.sock");
		const server = await startServer(binary, [
			"--unix",
			socketPath,
			"--sandbox",
		]);
		assert.equal(await getByPath(socketPath, "/qrcode?text=a"), 200);
		await stopServer(server);
		assert.equal(existsSync(socketPath), false);
	});

	test("one that was stopped for a while goes on", async () => {
		const server = await startServer(binary, ["--port", "0", "--sandbox"]);
		server.child.kill("SIGSTOP");
		await eventually("its stop", () =>
			/^T/.test(statusOf(server.child.pid, "State")[0]),
		);
		server.child.kill("SIGCONT");
		assert.equal((await request(portOf(server), "/healthz")).status, 200);
		await stopServer(server);
	});
});
