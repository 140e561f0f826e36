// Memory that is short, wherever it is asked for: the server says so or closes a connection, and goes on.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { amountOf } from "../../amount.js";
import { findHost } from "../../contract/hosts.js";
import { within } from "../../contract/http.js";

const root = path.join(import.meta.dirname, "../../..");
const server = path.join(root, "build/Release/qrpng-server");
const directory = mkdtempSync(path.join(os.tmpdir(), "qrpng-memory-"));
const library = path.join(directory, "malloc.so");
const countFile = path.join(directory, "count");
const CONCURRENT = 4;
/** More than there are. */
const NEVER = 1_000_000;

before(() => {
	const source = path.join(import.meta.dirname, "malloc_preload.c");
	execFileSync("cc", ["-shared", "-fPIC", source, "-o", library]);
});
after(() => rmSync(directory, { recursive: true }));

const get = (target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;
const post = (target, type, fields, body) =>
	`POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\n${fields}\r\n\r\n${body}`;
const json = "application/json";
const object = '{"text":"hello","ecl":"M"}';
const array = JSON.stringify(Array(30).fill("x".repeat(1000)));

/** What each connection sends, in pieces, and how many answers there are if nothing fails. */
const conversations = [
	[[get("/qrcode?text=a"), get("/qrcode?text=a&width=0")], 2],
	[[get("/qrcode?text=hello").repeat(3)], 3],
	[[get("/healthz").slice(0, 9), get("/healthz").slice(9)], 1],
	[[post("/qrcode", "text/plain", "Content-Length: 5", "he"), "llo"], 1],
	[
		[
			post(
				"/qrcode",
				"text/plain",
				"Content-Length: 5\r\nExpect: 100-continue",
				"",
			),
			"hello",
		],
		1,
	],
	[
		[
			post(
				"/qrcode",
				json,
				"Transfer-Encoding: chunked",
				`${object.length.toString(16)}\r\n${object}\r\n`,
			),
			"0\r\n\r\n",
		],
		1,
	],
	[[post("/qrcode", json, "Content-Length: 9", '{"a":"b"}')], 1],
	[[post("/qrcodes", json, `Content-Length: ${array.length}`, array)], 1],
	[
		[post("/qrcodes", json, "Content-Length: 6", '["a",]') + get("/healthz")],
		2,
	],
];

const statuses = new Set(["200", "400", "503"]);
/** What is answered if nothing fails, by conversation. */
const rightAnswers = new Map();

/** Sends a conversation, waits for its answers or the end, and checks that they are whole and no others than the right ones. */
async function converse(port, conversation, isRight) {
	const [pieces, answers] = conversation;
	const socket = net.connect({ port, host: "127.0.0.1" });
	let received = "";
	const heads = () => received.match(/HTTP\/1\.1 [2-5]\d\d /g) ?? [];
	const ended = new Promise((resolve) => {
		socket.on("close", resolve).on("error", () => {});
		socket.setEncoding("latin1").on("data", (bytes) => {
			received += bytes;
			if (heads().length >= answers) setTimeout(resolve, 5);
		});
	});
	for (const piece of pieces) {
		if (socket.closed) break;
		await new Promise((resolve) => {
			socket.write(Buffer.from(piece, "latin1"), () => setTimeout(resolve, 2));
		});
	}
	await within("answers or an end", ended);
	socket.destroy();
	for (const head of heads())
		assert.ok(statuses.has(head.slice(9, 12)), `${head} in ${received}`);
	assert.ok(heads().length <= answers, received);
	const incidental = /Date: .*\r\n|HTTP\/1\.1 100 Continue\r\n\r\n/g;
	const said = received.replaceAll(incidental, "");
	if (isRight) rightAnswers.set(conversation, said);
	const isWhole = heads().length === answers && !said.includes("1.1 503 ");
	if (isWhole) assert.equal(said, rightAnswers.get(conversation));
}

/** Runs a server whose allocation number failAt fails. Resolves to its exit, and what it wrote. */
async function run(failAt, { io, flags = [], fromStart, all }) {
	const begin = path.join(directory, `begin-${failAt}-${io}-${all}`);
	const child = spawn(
		server,
		["--port", "0", "--threads", "1", "--io", io, ...flags],
		{
			env: {
				PATH: process.env.PATH,
				LD_PRELOAD: library,
				FAIL_AT: `${failAt}`,
				...(all && { FAIL_ALL: "1" }),
				...(!fromStart && { FAIL_WHEN: begin }),
				...(failAt === NEVER && { FAIL_COUNT: countFile }),
			},
			stdio: ["ignore", "pipe", "pipe"],
		},
	);
	let stdout = "";
	let stderr = "";
	child.stderr.setEncoding("utf8").on("data", (text) => {
		stderr += text;
	});
	const exited = once(child, "close");
	try {
		await Promise.race([
			exited,
			new Promise((resolve) => {
				child.stdout.setEncoding("utf8").on("data", (text) => {
					stdout += text;
					if (stdout.includes("\n")) resolve();
				});
			}),
		]);
		const [, port] = /127\.0\.0\.1:(\d+)\//.exec(stdout) ?? [];
		if (port) {
			writeFileSync(begin, "");
			for (const conversation of conversations)
				await converse(Number(port), conversation, failAt === NEVER);
			if (all) rmSync(begin);
			child.kill("SIGTERM");
		}
		const [code, signal] = await within("the end", exited);
		return { code, signal, stderr, hasStarted: port !== undefined };
	} finally {
		child.kill("SIGKILL");
	}
}

/** Runs check for the numbers up to count, in those steps, several at once. */
async function forEach(count, step, check) {
	let next = 1;
	const work = async () => {
		for (let number = next; number <= count; number = next) {
			next += step;
			await check(number);
		}
	};
	await Promise.all(Array.from({ length: CONCURRENT }, work));
}

async function countOf(how) {
	const { code, stderr } = await run(NEVER, how);
	assert.equal(stderr, "");
	assert.equal(code, 0);
	return Number(readFileSync(countFile, "utf8"));
}

const loops = findHost("server-uring") ? ["epoll", "uring"] : ["epoll"];
for (const io of loops)
	describe(io, () => {
		test("each allocation of a start, with metrics", async () => {
			const how = { io, fromStart: true, flags: ["--metrics-port", "0"] };
			await forEach(await countOf(how), amountOf(3, 1), async (failAt) => {
				const { code, signal, stderr, hasStarted } = await run(failAt, how);
				assert.equal(signal, null, `${failAt}: ${stderr}`);
				if (hasStarted) assert.equal(code, 0, `${failAt}: ${stderr}`);
				else assert.match(stderr, /^qrpng-server: [^\n]+\.\n$/, `${failAt}`);
				if (!hasStarted) assert.equal(code, 1, `${failAt}`);
			});
		});

		for (const all of [false, true])
			test(`${all ? "all from" : "each"} allocation of what is served`, async () => {
				const how = { io, all };
				const count = await countOf({ io });
				await forEach(count, amountOf(7, 1), async (failAt) => {
					const { code, signal, stderr } = await run(failAt, how);
					assert.equal(signal, null, `${failAt}: ${stderr}`);
					assert.equal(code, 0, `${failAt}: ${stderr}`);
				});
			});
	});
