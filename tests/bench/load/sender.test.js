// The sender itself, built with sanitizers, against servers that do as they are told.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import test from "node:test";
import { withDirectory } from "../helpers.js";

const program = path.join(
	import.meta.dirname,
	"../../../build/Sanitize/open-loop-sender",
);

/** A process that ends with a sentence leaves its memory to the system. */
const withoutLeakCheck = { ...process.env, ASAN_OPTIONS: "detect_leaks=0" };

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

function writeRequests(file, requests) {
	const parts = requests.flatMap((request) => [
		Buffer.from(new Uint32Array([request.length]).buffer),
		Buffer.from(request),
	]);
	writeFileSync(file, Buffer.concat(parts));
}

const requestFor = (name) => `GET /${name} HTTP/1.1\r\nHost: a\r\n\r\n`;

/** use(port, connections so far) with a server that does for each request what `answers` has for its name: answer(socket). */
async function withServer(answers, use) {
	const sockets = new Set();
	let count = 0;
	const server = net.createServer((socket) => {
		count += 1;
		sockets.add(socket);
		socket.on("error", () => {});
		socket.on("data", (bytes) => {
			const [, name] = /^GET \/(\S*)/.exec(bytes.toString("latin1")) ?? [];
			if (name !== undefined) answers[name](socket);
		});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	try {
		const { port } = /** @type {net.AddressInfo} */ (server.address());
		return await use(port, () => count);
	} finally {
		for (const socket of sockets) socket.destroy();
		server.close();
	}
}

async function run(args, onStart = (_child) => {}, env = process.env) {
	const child = spawn(program, args, { env });
	onStart(child);
	let stdout = "";
	let stderr = "";
	child.stdout.on("data", (bytes) => {
		stdout += bytes;
	});
	child.stderr.on("data", (bytes) => {
		stderr += bytes;
	});
	const [code, signal] = await once(child, "close");
	return { code, signal, stdout, stderr };
}

const valuesOf = ({ port, directory, ...more }) => ({
	host: "127.0.0.1",
	port,
	requests: path.join(directory, "requests"),
	schedule: path.join(directory, "schedule"),
	records: path.join(directory, "records"),
	connections: 1,
	"max-connections": 1,
	"timeout-ms": 5000,
	...more,
});

const asArguments = (values) =>
	Object.entries(values).map(([name, value]) => `--${name}=${value}`);

/** Sends requests of those names at those times. Fulfils with the records, as [called, sent, done, status], and what the program said. */
const send = (names, dueMs, { port, ...more }) =>
	withDirectory(async (directory) => {
		const values = valuesOf({ port, directory, ...more });
		writeRequests(values.requests, names.map(requestFor));
		writeFileSync(values.schedule, Float64Array.from(dueMs));
		const result = await run(asArguments(values));
		assert.deepEqual([result.code, result.stderr], [0, ""]);
		const { buffer, byteOffset, length } = readFileSync(values.records);
		const all = [...new Float64Array(buffer, byteOffset, length / 8)];
		const records = dueMs.map((_, i) => all.slice(4 * i, 4 * i + 4));
		return { records, ...result };
	});

const statusesOf = ({ records }) => records.map(([, , , status]) => status);

const large = Buffer.alloc(3_000_000, "x");

/** What servers may do, and what status it makes; the load goes on after each. */
const cases = {
	plain: [(socket) => socket.write(ok), 200],
	missing: [
		(socket) => socket.write("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"),
		404,
	],
	"no-content": [(socket) => socket.write("HTTP/1.1 204 None\r\n\r\n"), 204],
	chunked: [
		(socket) =>
			socket.write(
				"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
			),
		200,
	],
	continued: [
		(socket) => socket.write(`HTTP/1.1 100 Continue\r\n\r\n${ok}`),
		200,
	],
	large: [
		(socket) => {
			socket.write(
				`HTTP/1.1 200 OK\r\nContent-Length: ${large.length}\r\n\r\n`,
			);
			socket.write(large);
		},
		200,
	],
	closed: [
		(socket) =>
			socket.end(
				"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
			),
		200,
	],
	twice: [(socket) => socket.write(ok + ok), 200],
	cut: [
		(socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"),
		-2,
	],
	reset: [(socket) => socket.resetAndDestroy(), -2],
	nonsense: [(socket) => socket.write("SSH-2.0-server\r\n"), -2],
};

test("each answer is told apart, and a lost connection is replaced", () => {
	const answers = Object.fromEntries(
		Object.entries(cases).map(([name, [answer]]) => [name, answer]),
	);
	const names = Object.keys(cases).flatMap((name) => [name, "plain"]);
	const dueMs = names.map((_, i) => i);
	return withServer(answers, async (port) => {
		const result = await send(names, dueMs, { port });
		const expected = names.map((name) => cases[name][1]);
		assert.deepEqual(statusesOf(result), expected);
		assert.match(
			result.stdout,
			/^load ended\n\{"received":\d+,"sent":\d+\}\n$/,
		);
		for (const [
			i,
			[calledMs, sentMs, doneMs, status],
		] of result.records.entries()) {
			assert.ok(calledMs >= dueMs[i] && sentMs >= calledMs, names[i]);
			assert.ok(status > 0 ? doneMs >= sentMs : doneMs === 0, names[i]);
		}
	});
});

test("a connection that ends without a word is replaced; what was sent on it meanwhile is lost", () => {
	const answers = {
		ended: (socket) => socket.end(ok),
		plain: cases.plain[0],
	};
	return withServer(answers, async (port, count) => {
		const names = ["ended", "plain", "plain"];
		const result = await send(names, [0, 1, 2], { port });
		const [first, second, third] = statusesOf(result);
		assert.deepEqual([first, third], [200, 200]);
		assert.ok([200, -2].includes(second), `${second}`);
		assert.equal(count(), 3, "the warm-up's, the first, and the one after it");
	});
});

test("what finds no idle connection waits for one, in the order in which it was due", () => {
	const slow = (socket) => setTimeout(() => socket.write(ok), 20);
	return withServer({ slow }, async (port, count) => {
		const dueMs = [0, 0, 0, 0, 0, 0];
		const two = { connections: 2, "max-connections": 2 };
		const { records } = await send(["slow"], dueMs, { port, ...two });
		assert.equal(count(), 2);
		const sent = records.map(([, sentMs]) => sentMs);
		assert.deepEqual(
			sent,
			sent.toSorted((a, b) => a - b),
		);
		assert.ok(sent[2] >= Math.min(records[0][2], records[1][2]));
	});
});

test("without an answer in time a request has none, and the program ends all the same", () => {
	let isWarm = false;
	const never = (socket) => {
		if (!isWarm) cases.closed[0](socket);
		isWarm = true;
	};
	return withServer({ never }, async (port) => {
		const { records } = await send(["never"], [0, 1, 2], {
			port,
			"timeout-ms": 200,
		});
		// The first has the only connection, and the others wait for it.
		const sent = records.map(([, sentMs]) => sentMs > 0);
		assert.deepEqual(sent, [true, false, false]);
		for (const [, , doneMs, status] of records)
			assert.deepEqual([doneMs, status], [0, 0]);
	});
});

test("nobody there: each request fails to connect", async () => {
	const port = await withServer({}, (port) => port);
	const result = await send(["a"], [0, 1, 2], { port });
	assert.deepEqual(statusesOf(result), [-1, -1, -1]);
});

test("SIGINT ends it at once, without a file of records", () => {
	const end = {};
	const answer = (socket) => {
		socket.write(ok);
		end.now();
	};
	return withServer({ a: answer }, (port) =>
		withDirectory(async (directory) => {
			const values = valuesOf({ port, directory });
			writeRequests(values.requests, [requestFor("a")]);
			writeFileSync(values.schedule, Float64Array.from([0, 3_600_000]));
			const { code, signal, stdout } = await run(
				asArguments(values),
				(child) => {
					end.now = () => child.kill("SIGINT");
				},
			);
			assert.deepEqual([code, signal, stdout], [null, "SIGINT", ""]);
			assert.equal(existsSync(values.records), false);
		}),
	);
});

test("wrong files and options are refused in a sentence", () =>
	withDirectory(async (directory) => {
		const values = valuesOf({ port: 1, directory });
		writeRequests(values.requests, [requestFor("a")]);
		const schedule = (times) =>
			writeFileSync(values.schedule, Float64Array.from(times));
		schedule([0, 1]);
		const refuse = async (change, sentence) => {
			const all = asArguments({ ...values, ...change });
			const result = await run(all, undefined, withoutLeakCheck);
			assert.deepEqual([result.code, result.stdout], [1, ""]);
			assert.match(result.stderr, sentence);
			assert.equal(result.stderr.split("\n").length, 2);
		};
		await refuse(
			{ port: 0 },
			/--port must be a whole number from 1 to 65535\./,
		);
		await refuse(
			{ connections: 2 },
			/--max-connections must be at least --conn/,
		);
		await refuse({ host: "no.invalid" }, /no\.invalid has no address: /);
		await refuse({ requests: "/nowhere" }, /\/nowhere can't be read: No such/);
		await refuse({ requests: directory }, /must be a file of 1 byte to 1 GiB/);
		await refuse({ requests: values.schedule }, /doesn't hold whole requests/);
		schedule([1, 0.5]);
		await refuse({}, /must ascend from 0 to at most 1000000000 ms\./);
		for (const wrong of [Number.NaN, 1e300, Number.POSITIVE_INFINITY]) {
			schedule([0, wrong]);
			await refuse({}, /must ascend from 0 to at most 1000000000 ms\./);
		}
		writeFileSync(values.schedule, "123");
		await refuse({}, /must hold whole doubles\./);
		const result = await run(["--port=1"], undefined, withoutLeakCheck);
		assert.match(result.stderr, /it needs --host, --port, --requests, /);
		const help = await run(["--help"]);
		assert.match(help.stdout, /^usage: open-loop-sender /);
	}));
