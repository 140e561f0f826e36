// Clients that send batches and don't take the answers, or don't send all of them: the process stays small, and serves others.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import http2 from "node:http2";
import { test } from "node:test";
import { parseMetrics } from "../prometheus.js";
import { findHost, hosts, withHost } from "./hosts.js";
import { connect, eventually, formatRequest, request, within } from "./http.js";
import { sentences } from "./refusals.js";

const addon = findHost("addon");
const batchHosts = hosts.filter(
	({ name, native }) => name === "addon" || native,
);
/** docs/http.md promises that much of a process with default limits; a sanitizer keeps what was freed. */
const maxResidentMb = ({ native, sanitized }) =>
	sanitized ? Number.POSITIVE_INFINITY : native ? 130 : 400;

/** A batch whose answer is some 11 MB, much more than what a kernel takes for a client that doesn't read. */
const texts = Array.from({ length: 1000 }, (_, i) => i + "x".repeat(2000));

function formatBatch(batch) {
	const body = JSON.stringify(batch);
	const head = formatRequest("/qrcodes?width=1000", {
		method: "POST",
		headers: [
			"Content-Type: application/json",
			`Content-Length: ${body.length}`,
		],
	});
	return Buffer.concat([head, Buffer.from(body)]);
}

function mostResidentMb(pid) {
	const status = readFileSync(`/proc/${pid}/status`, "latin1");
	return Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024;
}

/** Sends as many batches, each on a connection of its own that reads nothing. */
async function sendUnread(port, count) {
	const batch = formatBatch(texts);
	return Promise.all(
		Array.from({ length: count }, async () => {
			const connection = await connect(port);
			connection.pause();
			connection.send(batch); // not awaited: nobody may read it for a while
			return connection;
		}),
	);
}

/** Answers and ends of connections by now: a status, or "cut off" for an answer that was not taken in time. */
async function outcomeOf(attacker) {
	attacker.resume();
	const answer = await attacker.read("POST").catch(() => undefined);
	attacker.destroy();
	if (answer?.status === 503) {
		assert.equal(answer.body.toString(), `${sentences.busy}\n`);
		assert.equal(answer.headers["retry-after"], "1");
		assert.equal(answer.headers.connection, "close");
	} else if (answer !== undefined) {
		assert.equal(answer.status, 200);
		assert.equal(JSON.parse(answer.body).length, texts.length);
	}
	return answer?.status ?? "cut off";
}

for (const host of batchHosts)
	test(`${host.name}: 100 batches that nobody takes: bounded memory, and others are served`, () =>
		withHost(host, [], async ({ pid, port }) => {
			const attackers = await sendUnread(port, 100);
			for (let i = 0; i < 20; i++)
				assert.equal((await request(port, "/qrcode?text=a")).status, 200);
			const outcomes = await Promise.all(attackers.map(outcomeOf));
			assert.ok(outcomes.includes(200), "none was answered");
			const mb = mostResidentMb(pid);
			assert.ok(mb < maxResidentMb(host), `${mb} MB`);
		}));

/** That of --send-timeout-ms, which would pass for a shorter one that had no effect. */
const defaultMs = 30_000;

/** The value of a gauge of the host. */
async function readGauge({ stdout }, name) {
	const [, port] = /metrics on [^:]+:(\d+)/.exec(stdout);
	const { body } = await request(Number(port), "/metrics");
	const families = parseMetrics(body.toString());
	return families.get(name).samples[0].value;
}

for (const host of batchHosts)
	test(`${host.name}: an answer that is not taken in time ends its connection`, () => {
		const flags = ["--send-timeout-ms", "300", "--metrics-port", "0"];
		return withHost(host, flags, async (running) => {
			const attackers = await sendUnread(running.port, 3);
			const isOver = async () =>
				(await readGauge(running, "http_connections")) === 0;
			await eventually("the end of the connections", isOver, defaultMs);
			for (const attacker of attackers)
				assert.equal(await outcomeOf(attacker), "cut off");
		});
	});

for (const host of batchHosts)
	test(`${host.name}: a batch waits for room, and is refused when that takes too long`, () => {
		const flags = ["--max-batch-memory-mb", "1"];
		if (host.native) flags.push("--threads", "1");
		return withHost(host, flags, async ({ port }) => {
			const [first] = await sendUnread(port, 1);
			first.resume();
			await first.readAny();
			first.pause(); // its answer takes all the room that there is for answers
			const [second] = await sendUnread(port, 1);
			assert.equal(await outcomeOf(second), 503);
			first.destroy();
			const [third] = await sendUnread(port, 1);
			assert.equal(await outcomeOf(third), 200);
		});
	});

/** A connection of HTTP/2 to the gRPC port. */
async function withSession(running, settings, use) {
	const [, address] = /, grpc on (127\.0\.0\.1:\d+), /.exec(running.stdout);
	const session = http2.connect(`http://${address}`, { settings });
	session.on("error", () => {}); // a reset is an end, too
	const closed = once(session, "close");
	try {
		await use(session, closed);
	} finally {
		session.destroy();
	}
}

const grpcHead = {
	":method": "POST",
	":path": "/qrtiers.v1.QrCodes/EncodeBatch",
	"content-type": "application/grpc",
	te: "trailers",
};

/** Begins a call, and sends those bytes of it. */
function beginCall(session, bytes) {
	const stream = session.request(grpcHead);
	stream.on("error", () => {});
	stream.write(bytes);
	return stream;
}

/** A message of EncodeBatch: texts of up to 127 bytes. */
function formatMessage(batch) {
	const fields = batch.map((text) =>
		Buffer.concat([Buffer.of(0x0a, text.length), Buffer.from(text)]),
	);
	const prefix = Buffer.alloc(5);
	const content = Buffer.concat(fields);
	prefix.writeUInt32BE(content.length, 1);
	return Buffer.concat([prefix, content]);
}

const message = formatMessage(Array(1000).fill("x".repeat(100)));

test("gRPC: a connection has at most 100 calls at once", () =>
	withHost(addon, ["--grpc-port", "0"], (running) =>
		withSession(running, {}, async (session) => {
			await within("settings", once(session, "remoteSettings"));
			assert.equal(session.remoteSettings.maxConcurrentStreams, 100);
		}),
	));

test("gRPC: a message that stops arriving ends its connection", () => {
	const flags = ["--grpc-port", "0", "--request-timeout-ms", "300"];
	return withHost(addon, flags, (running) =>
		withSession(running, {}, async (session, closed) => {
			beginCall(session, message.subarray(0, 10_000));
			await within("the end of the connection", closed);
		}),
	);
});

test("gRPC: an answer that is not taken in time ends its connection", () => {
	const flags = ["--grpc-port", "0", "--send-timeout-ms", "300"];
	return withHost(addon, flags, (running) =>
		withSession(running, { initialWindowSize: 0 }, async (session, closed) => {
			beginCall(session, message).end();
			await within("the end of the connection", closed, defaultMs);
		}),
	);
});

test("gRPC: batches that find no room in time are RESOURCE_EXHAUSTED", () => {
	const flags = ["--grpc-port", "0", "--max-batch-memory-mb", "1"];
	return withHost(addon, flags, (running) =>
		withSession(running, {}, async (session) => {
			const stalled = beginCall(session, message.subarray(0, 10_000));
			const refused = beginCall(session, message);
			refused.end();
			const [headers] = await within("headers", once(refused, "response"));
			assert.equal(headers["grpc-status"], "8");
			assert.equal(headers["grpc-message"], encodeURI(sentences.busy));
			stalled.end(message.subarray(10_000));
			const [answered] = await within("headers", once(stalled, "response"));
			assert.equal(answered["grpc-status"], undefined, "no images");
		}),
	);
});
