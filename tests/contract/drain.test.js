// SIGTERM: every request that was fully received is answered, and the process ends in time with exit code 0.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { childrenOf, kindsOfHosts, withHost } from "./hosts.js";
import { accepts, connect, eventually, formatRequest, sleep } from "./http.js";

const requests = 32;

/** Tiers that would take too long to fill the buffers of a client that never reads. */
const tooSlow = ["js", "js-best", "cli", "constant"];

/** Of those that are sent on one connection without waiting for answers. */
const pipelined = 16;

/** Others are all of their process group. */
const hasChildren = ({ tier, cluster, proxied }) =>
	cluster || proxied || ["cli", "coprocess", "sidecar"].includes(tier);

const beginning = "GET /qrcode?text=a HTTP/1.1\r\nHost: loc";

const targetOf = (i) => `/qrcode?text=request+${i}`;

function connectMany(count, port) {
	return Promise.all(Array.from({ length: count }, () => connect(port)));
}

/** Connections with a request on each, all of them in the hands of the kernel. */
async function sendFromMany(port) {
	// At once on each: a connection on which nothing comes may have to give way to others.
	return Promise.all(
		Array.from({ length: requests }, async (_, i) => {
			const connection = await connect(port);
			await connection.send(formatRequest(targetOf(i)));
			return connection;
		}),
	);
}

/** Every connection gets its answer and is closed. */
async function assertAllAnswered(connections) {
	const statuses = await Promise.all(
		connections.map(async (connection) => {
			const response = await connection.read();
			await connection.readEnd();
			return response.status;
		}),
	);
	assert.deepEqual(
		statuses.filter((status) => status !== 200),
		[],
	);
}

/** All are answered, or the last answer says close. */
async function assertPipelineAnswered(connection) {
	for (let i = 0; i < pipelined; i++) {
		const { status, headers } = await connection.read();
		assert.equal(status, 200);
		if (headers.connection === "close") break;
	}
	await connection.readEnd();
}

for (const host of kindsOfHosts) {
	test(`${host.name}: requests sent before SIGTERM are answered, pipelined ones, too`, () =>
		withHost(host, [], async (running) => {
			const pipeline = await connect(running.port);
			const all = Array.from({ length: pipelined }, (_, i) =>
				formatRequest(targetOf(i)),
			);
			const connections = await sendFromMany(running.port);
			await pipeline.send(Buffer.concat(all));
			process.kill(running.pid, "SIGTERM");
			await assertAllAnswered(connections);
			await assertPipelineAnswered(pipeline);
			await running.finished();
		}));

	test(`${host.name}: connections that wait in the accept queue at SIGINT are answered`, () =>
		withHost(host, [], async (running) => {
			// The kernel completes connections while the host stands still.
			running.signal("SIGSTOP");
			const connections = await sendFromMany(running.port);
			process.kill(running.pid, "SIGINT");
			running.signal("SIGCONT");
			await assertAllAnswered(connections);
			await running.finished();
		}));

	test(`${host.name}: idle connections are closed, and no more are accepted`, () =>
		withHost(host, [], async (running) => {
			const connections = await connectMany(8, running.port);
			// nginx gives a connection that has had no request the time to send one.
			for (const [i, connection] of connections.entries())
				if (i % 2 || host.proxied) await connection.request("/healthz");
			const slow = await connect(running.port);
			await slow.send(beginning);
			process.kill(running.pid, "SIGTERM");
			for (const connection of connections) await connection.readEnd();
			const refused = async () => !(await accepts(running.port));
			await eventually("refusing connections", refused);
			assert.ok(!running.exit, "it waits for the request that was begun");
			slow.destroy();
			await running.finished();
		}));

	test(`${host.name}: clients that never finish or never read do not hold up the exit`, () => {
		const flags = [
			"--drain-timeout-ms",
			"500",
			"--request-timeout-ms",
			"600000",
		];
		return withHost(host, flags, async (running) => {
			const { port } = running;
			const slow = await connect(port);
			await slow.send(beginning);
			const deaf = await connect(port);
			if (!tooSlow.includes(host.tier)) await sendToTheBrim(deaf, running);
			process.kill(running.pid, "SIGTERM");
			await running.finished({ stderr: /^(.+\n)?$/ });
			slow.destroy();
			deaf.destroy();
		});
	});
}

for (const host of kindsOfHosts.filter(hasChildren))
	test(`${host.name}: a signal to the whole process group`, () =>
		withHost(host, [], async (running) => {
			// Children that the first of these starts are in the group until they leave it.
			const connections = await sendFromMany(running.port);
			process.kill(-running.pid, "SIGTERM");
			await assertAllAnswered(connections);
			// A child that it met is replaced, and asked again.
			const stderr = /^([^\n]+ended \(SIG[^\n]+: starting another\.\n)*$/;
			await running.finished({ stderr });
		}));

for (const host of kindsOfHosts.filter(({ native }) => native))
	test(`${host.name}: at --max-connections, those who wait are answered too`, () =>
		withHost(host, ["--max-connections", "4"], async (running) => {
			// A connection at the limit has to give way if its request doesn't come at once: here all of them are there.
			running.signal("SIGSTOP");
			const connections = await sendFromMany(running.port);
			process.kill(running.pid, "SIGTERM");
			running.signal("SIGCONT");
			await assertAllAnswered(connections);
			await running.finished();
		}));

/** Whether all threads of a process and of its descendants sleep: one that only waits for a CPU does not. */
function isAsleep(pid) {
	const states = readdirSync(`/proc/${pid}/task`).map((thread) => {
		const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "latin1");
		return stat[stat.lastIndexOf(")") + 2];
	});
	const children = childrenOf(pid).map(([child]) => child);
	return states.every((state) => state === "S") && children.every(isAsleep);
}

/**
 * Sends more requests than their answers fit into both socket buffers, and waits until the host has no room for more
 * answers.
 */
async function sendToTheBrim(connection, { pid }) {
	connection.pause();
	// Large, so that it takes few of them.
	const request = formatRequest(`/qrcode?text=${"a".repeat(1500)}`);
	connection.send(Buffer.concat(Array(20_000).fill(request)));
	const isIdle = async () => {
		for (let samples = 0; samples < 5; samples++) {
			await sleep(20);
			if (!isAsleep(pid)) return false;
		}
		return true;
	};
	// A thread or child may end while it is looked at.
	await eventually("being idle", () => isIdle().catch(() => false));
}
