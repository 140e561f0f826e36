// Children, threads and workers that hang: they are noticed and replaced, and every request is answered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { childrenOf, findHost, killIfThere, withHost } from "./hosts.js";
import { connect, eventually, formatRequest, request, sleep } from "./http.js";
import { sentences } from "./refusals.js";

const target = "/qrcode?text=a";
const limitMs = 1_000;
const answerLimit = ["--answer-timeout-ms", `${limitMs}`];
const heartbeatLimit = ["--heartbeat-timeout-ms", `${2 * limitMs}`];
const replaced = { stderr: /^([^\n]+\n)+$/ };

const pidsBelow = (pid) => childrenOf(pid).map(([child]) => child);

/** As many answers as asked for, each on a connection of its own. */
function askMany(port, count) {
	return Promise.all(
		Array.from({ length: count }, () => request(port, target)),
	);
}

async function assertAllImages(port, image, count = 60) {
	for (const { status, body } of await askMany(port, count)) {
		assert.equal(status, 200);
		assert.deepEqual(body, image);
	}
}

/** Asks while those processes stand still for a while: all answers come when they go on. */
async function askWhileStopped(pids, port, image, ms) {
	stopAll(pids.toReversed());
	const answers = assertAllImages(port, image);
	await sleep(ms);
	for (const pid of pids) process.kill(pid, "SIGCONT");
	await answers;
}

function stopAll(pids) {
	for (const pid of pids) process.kill(pid, "SIGSTOP");
}

async function assertReplaced({ pid }, victims) {
	await eventually("all in place again", () => {
		const now = pidsBelow(pid);
		return (
			now.length === victims.length && !now.some((it) => victims.includes(it))
		);
	});
}

for (const tier of ["coprocess", "sidecar"]) {
	test(`${tier}: children that hang are replaced, and what they had is made elsewhere`, () =>
		withHost(
			findHost(tier),
			answerLimit,
			async (running) => {
				const { body: image } = await request(running.port, target);
				const victims = pidsBelow(running.pid);
				stopAll(victims);
				await assertAllImages(running.port, image);
				await assertReplaced(running, victims);
			},
			replaced,
		));

	test(`${tier}: while one child hangs that is then killed, nobody is refused`, () =>
		withHost(
			findHost(tier),
			answerLimit,
			async (running) => {
				const { body: image } = await request(running.port, target);
				const [victim] = pidsBelow(running.pid);
				process.kill(victim, "SIGSTOP");
				const answers = assertAllImages(running.port, image);
				await sleep(limitMs / 4);
				killIfThere(victim);
				await answers;
			},
			replaced,
		));

	test(`${tier}: a host that was itself stopped gives no child up`, () =>
		withHost(findHost(tier), answerLimit, async (running) => {
			const { pid, port } = running;
			const { body: image } = await request(port, target);
			const before = pidsBelow(pid);
			const all = running.pids();
			for (const stopped of [[pid], all])
				await askWhileStopped(stopped, port, image, 2 * limitMs);
			// Stopped amid its work, too.
			const answers = assertAllImages(port, image, 200);
			await sleep(20);
			stopAll(all.toReversed());
			await sleep(2 * limitMs);
			for (const it of all) process.kill(it, "SIGCONT");
			await answers;
			assert.deepEqual(pidsBelow(pid), before);
		}));
}

test("worker: a thread that hangs is replaced, and what it had is made elsewhere", () => {
	const host = findHost("worker");
	const preload = "./tests/contract/fault-preload.js?hang";
	const flags = ["--import", preload, ...host.flags];
	return withHost(
		{ ...host, flags },
		answerLimit,
		async (running) => {
			const { pid, port } = running;
			const { body: image } = await request(port, target);
			for (let i = 1; i <= 2; i++) {
				process.kill(pid, "SIGUSR2");
				const hangs = () => running.stderr.split("fault\n").length - 1;
				await eventually("a thread that hangs", async () => {
					await assertAllImages(port, image, 20);
					return hangs() === i;
				});
			}
		},
		replaced,
	);
});

test("a cluster replaces a worker that hangs, and others take its connections", () =>
	withHost(
		findHost("addon, 2 processes"),
		heartbeatLimit,
		async (running) => {
			const { pid, port } = running;
			const { body: image } = await request(port, target);
			const [victim, other] = pidsBelow(pid);
			process.kill(victim, "SIGSTOP");
			await assertAllImages(port, image);
			await eventually("two workers, one of them another", () => {
				const now = pidsBelow(pid);
				return now.length === 2 && !now.includes(victim);
			});
			assert.ok(pidsBelow(pid).includes(other));
			await assertAllImages(port, image);
		},
		replaced,
	));

test("a cluster that was itself stopped gives no worker up", () =>
	withHost(findHost("addon, 2 processes"), heartbeatLimit, async (running) => {
		const { pid, port } = running;
		const { body: image } = await request(port, target);
		const before = pidsBelow(pid);
		const all = running.pids();
		for (const stopped of [[pid], all])
			await askWhileStopped(stopped, port, image, 4 * limitMs);
		assert.deepEqual(pidsBelow(pid), before);
	}));

test("server-nginx: a server that hangs is replaced", () =>
	withHost(
		findHost("server-nginx"),
		[],
		async ({ pid, port }) => {
			const [server, express] = pidsBelow(pid);
			stopAll([server, express]);
			for (const path of [target, "/healthz"])
				await eventually(path, async () => {
					const { status } = await request(port, path);
					return status === 200;
				});
			assert.ok(!pidsBelow(pid).some((it) => [server, express].includes(it)));
		},
		replaced,
	));

/** Connections that have sent what they want. */
async function sendFromMany(port, count, bytes) {
	const connections = await Promise.all(
		Array.from({ length: count }, () => connect(port)),
	);
	for (const connection of connections) await connection.send(bytes);
	return connections;
}

function assertBusy({ status, headers, body }, method = "GET") {
	assert.equal(status, 503);
	assert.equal(headers.connection, "close");
	assert.equal(headers["retry-after"], "1");
	assert.equal(headers["cache-control"], "no-store");
	assert.equal(headers["content-type"], "text/plain; charset=utf-8");
	const sentence = method === "HEAD" ? "" : `${sentences.busy}\n`;
	assert.equal(body.toString(), sentence);
}

const postBody = "x".repeat(20_000);
const askings = {
	GET: formatRequest(target),
	HEAD: formatRequest(target, { method: "HEAD" }),
	POST: Buffer.concat([
		formatRequest("/qrcode", {
			method: "POST",
			headers: ["Content-Type: text/plain", "Content-Length: 20000"],
		}),
		Buffer.from(postBody),
	]),
};

for (const [method, bytes] of Object.entries(askings))
	test(`a cluster tells ${method} from whom no worker takes a connection to come back`, () =>
		withHost(
			findHost("addon, 2 processes"),
			["--queue-timeout-ms", `${limitMs}`],
			async ({ pid, port }) => {
				const workers = pidsBelow(pid);
				stopAll(workers);
				const connections = await sendFromMany(port, 10, bytes);
				const refused = connections.slice(workers.length); // each has one on its way
				for (const connection of refused) {
					assertBusy(await connection.read(method), method);
					await connection.readEnd();
				}
				for (const worker of workers) process.kill(worker, "SIGCONT");
				for (const connection of connections.slice(0, workers.length)) {
					const { status } = await connection.read(method);
					assert.equal(status, method === "POST" ? 400 : 200);
					connection.destroy();
				}
			},
		));

test("a cluster lets --max-queue connections wait, and no more", () =>
	withHost(
		findHost("addon, 2 processes"),
		["--max-queue", "3", "--queue-timeout-ms", "60000"],
		async ({ pid, port }) => {
			const workers = pidsBelow(pid);
			stopAll(workers);
			const connections = await sendFromMany(port, 20, askings.GET);
			const responses = connections.map((connection) => connection.read());
			const settled = [];
			for (const response of responses)
				response.then(({ status }) => settled.push(status));
			await eventually("refusals", () => settled.length >= 20 - 3 - 2);
			for (const worker of workers) process.kill(worker, "SIGCONT");
			const statuses = (await Promise.all(responses)).map((it) => it.status);
			const count = (wanted) => statuses.filter((it) => it === wanted).length;
			assert.deepEqual([count(200), count(503)], [5, 15]);
			for (const connection of connections) connection.destroy();
		},
	));

test("a cluster whose connections are refused drains", () =>
	withHost(
		findHost("addon, 2 processes"),
		["--queue-timeout-ms", `${limitMs}`],
		async (running) => {
			const workers = pidsBelow(running.pid);
			stopAll(workers);
			const connections = await sendFromMany(running.port, 10, askings.GET);
			running.child.kill("SIGTERM");
			for (const connection of connections.slice(workers.length))
				assertBusy(await connection.read());
			for (const worker of workers) process.kill(worker, "SIGCONT");
			for (const connection of connections.slice(0, workers.length))
				assert.equal((await connection.read()).status, 200);
			await running.finished();
		},
	));

test("a cluster whose workers crash again and again holds no request", () =>
	withHost(
		findHost("addon, 2 processes"),
		["--queue-timeout-ms", `${limitMs}`],
		async (running) => {
			const { pid, port } = running;
			let isOver = false;
			const crashes = (async () => {
				while (!isOver) {
					for (const worker of pidsBelow(pid)) killIfThere(worker);
					await sleep(300);
				}
			})();
			const outcomes = { 200: 0, 503: 0, cut: 0 };
			const ask = async () => {
				const connection = await connect(port);
				await connection.send(askings.GET);
				const answer = await connection.readRest().catch((error) => error);
				assert.equal(typeof answer, "string", "no answer");
				const [, status] = /^HTTP\/1.1 (\d+)/.exec(answer) ?? [];
				outcomes[status ?? "cut"]++;
			};
			await Promise.all(Array.from({ length: 48 }, ask));
			assert.ok(outcomes[503] > 0, JSON.stringify(outcomes));
			isOver = true;
			await crashes;
			await eventually("images again", async () => {
				const response = await request(port, target).catch(() => ({}));
				return response.status === 200;
			});
		},
		replaced,
	));
