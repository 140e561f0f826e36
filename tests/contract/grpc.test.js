// --grpc-port: the service of server/api/qrcode.proto beside HTTP, with the same images, limits and words.
import assert from "node:assert/strict";
import net from "node:net";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { decodeQrCode } from "../../bench/subjects/decode.js";
import { parseMetrics } from "../prometheus.js";
import {
	checkRows,
	childrenOf,
	findHost,
	runToExit,
	startHost,
	withHost,
} from "./hosts.js";
import { eventually, request, within } from "./http.js";
import { sentences } from "./refusals.js";

const {
	INVALID_ARGUMENT,
	DEADLINE_EXCEEDED,
	CANCELLED,
	RESOURCE_EXHAUSTED,
	UNAVAILABLE,
	UNIMPLEMENTED,
} = grpc.status;
const proto = fileURLToPath(
	new URL("../../server/api/qrcode.proto", import.meta.url),
);
const { QrCodes } = grpc.loadPackageDefinition(loadSync(proto)).qrtiers.v1;

/** HOST:PORT in the ready line. */
function addressOf({ stdout }) {
	return /, grpc on (127\.0\.0\.1:\d+), /.exec(stdout)[1];
}

/** A client whose calls are promises that reject with the error of the call. */
class Client {
	#client;

	constructor(running) {
		const credentials = grpc.credentials.createInsecure();
		this.#client = new QrCodes(addressOf(running), credentials, {
			"grpc.max_receive_message_length": -1,
			"grpc.use_local_subchannel_pool": 1, // a connection of its own
		});
	}

	/** metadata: an object of strings. */
	call(method, message, { cancelled, metadata = {}, ...options } = {}) {
		const answer = new Promise((resolve, reject) => {
			const call = this.#client[method](
				message,
				grpc.Metadata.fromHttp2Headers(metadata),
				options,
				(error, value) => (error ? reject(error) : resolve(value)),
			);
			cancelled?.then(() => call.cancel());
		});
		return within("a call", answer);
	}

	/** Sends bytes that need not be a message. */
	sendRaw(method, bytes) {
		const identity = (value) => value;
		return new Promise((resolve, reject) => {
			this.#client.makeUnaryRequest(
				`/qrtiers.v1.QrCodes/${method}`,
				identity,
				identity,
				bytes,
				(error, value) => (error ? reject(error) : resolve(value)),
			);
		});
	}

	async encode(message, options) {
		return (await this.call("Encode", message, options)).png;
	}

	async encodeBatch(message, options) {
		return (await this.call("EncodeBatch", message, options)).pngs;
	}

	close() {
		this.#client.close();
	}
}

async function withGrpc(name, flags, use, stopOptions) {
	const all = ["--grpc-port", "0", ...flags];
	let client;
	try {
		await withHost(
			findHost(name),
			all,
			(running) => {
				client = new Client(running);
				return use(client, running);
			},
			stopOptions,
		);
	} finally {
		client?.close();
	}
}

async function assertFails(promise, code, details) {
	const error = await promise.then(
		() => assert.fail("it did not fail"),
		(reason) => reason,
	);
	assert.equal(error.details, details ?? error.details);
	assert.equal(error.code, code, error.message);
}

const texts = ["a", "é ✓ 𝄞", "NUL \u0000", "1".repeat(7089), "x".repeat(2953)];

async function get({ port }, text, query = "") {
	const target = `/qrcode?text=${encodeURIComponent(text)}${query}`;
	return (await request(port, target)).body;
}

for (const name of ["js", "coprocess", "worker"])
	test(`${name}: the images are those of GET`, () =>
		withGrpc(name, [], async (client, running) => {
			const images = await client.encodeBatch({ texts });
			for (const [i, text] of texts.entries()) {
				const image = await get(running, text);
				assert.deepEqual(await client.encode({ text }), image);
				assert.deepEqual(images[i], image);
			}
			const data = Buffer.from([0xff, 0, 0x80, 0x31]);
			const { bytes } = await decodeQrCode(await client.encode({ data }));
			assert.deepEqual(bytes, data);
		}));

/** [message of Encode, sentence] */
const refused = [
	[{}, "Give either text or data."],
	[{ text: "" }, sentences.empty],
	[{ data: Buffer.alloc(0) }, sentences.empty],
	[{ text: "a", level: 5 }, "level must be L, M, Q or H."],
	[{ text: "a", level: -1 }, "level must be L, M, Q or H."],
	[{ text: "a", width: 0 }, sentences.width],
	[{ text: "a", width: 1025 }, sentences.width],
	[{ text: "a", width: 4_294_967_295 }, sentences.width],
	[{ text: "a", margin: 33 }, sentences.margin],
	[{ text: "a", width: 28 }, sentences.tooSmall(28, 29)],
	[{ text: "a".repeat(2954) }, sentences.tooLong.L],
	[{ text: "a".repeat(1274), level: "H" }, sentences.tooLong.H],
	[{ data: Buffer.alloc(2954, 0xff) }, sentences.tooLong.L],
	[{ text: "1".repeat(1_000_000) }, sentences.tooLong.L],
];

/** [message of EncodeBatch, status, sentence] */
const refusedBatches = [
	[{}, INVALID_ARGUMENT, "The batch is empty: give at least one text."],
	[
		{ texts: ["a", ""] },
		INVALID_ARGUMENT,
		sentences.inBatch(2, sentences.empty),
	],
	[
		{ texts: ["a", "b".repeat(2954), ""] },
		INVALID_ARGUMENT,
		sentences.inBatch(3, sentences.empty),
	],
	[
		{ texts: ["a", "b".repeat(2954), "c".repeat(2954)] },
		INVALID_ARGUMENT,
		sentences.inBatch(2, sentences.tooLong.L),
	],
	[{ texts: ["a"], width: 0 }, INVALID_ARGUMENT, sentences.width],
	[
		{ texts: Array(1001).fill("a") },
		RESOURCE_EXHAUSTED,
		sentences.batchSize(1000),
	],
	[
		{ texts: Array(1_500_000).fill("") },
		RESOURCE_EXHAUSTED,
		sentences.batchSize(1000),
	],
	[{ texts: ["a".repeat(5_000_000)] }, RESOURCE_EXHAUSTED, undefined],
];

const notUtf8 = "The text is not valid UTF-8: send other bytes as data.";
const unreadable = "The message can't be read: encode it as qrcode.proto says.";

/** [method, bytes, sentence] */
const refusedBytes = [
	["Encode", [0x0a, 1, 0xff], notUtf8],
	["Encode", [0x0a, 3, 0xed, 0xa0, 0x80], notUtf8],
	["Encode", [0x0a, 2, 0xc0, 0xaf], notUtf8],
	["Encode", [0x0a, 1, 0x61, 0x12, 1, 0x61], "Give either text or data."],
	["Encode", [0x0a, 100, 0x61], unreadable],
	["Encode", [0xff], unreadable],
	["Encode", [], "Give either text or data."],
	[
		"EncodeBatch",
		[0x0a, 1, 0x61, 0x0a, 1, 0xff],
		sentences.inBatch(2, notUtf8),
	],
	["EncodeBatch", [0x0a, 100], unreadable],
];

describe("addon", () => {
	let running;
	let client;
	before(async () => {
		running = await startHost(findHost("addon"), ["--grpc-port", "0"]);
		client = new Client(running);
	});
	after(() => {
		client?.close();
		running?.kill();
	});

	test("options", async () => {
		const query = "&ecl=H&width=300&margin=1";
		const options = { level: "H", width: 300, margin: 1 };
		const image = await get(running, "a", query);
		assert.deepEqual(await client.encode({ text: "a", ...options }), image);
		const [first] = await client.encodeBatch({ texts: ["a"], ...options });
		assert.deepEqual(first, image);
		for (const level of ["LEVEL_UNSPECIFIED", "L", "M", "Q"]) {
			const png = await client.encode({ text: "a", level, margin: 0 });
			const decoded = await decodeQrCode(png);
			assert.equal(decoded.level, level.length === 1 ? level : "L");
		}
	});

	test("what is refused, and in which words", async () => {
		await checkRows(refused, ([message, sentence]) =>
			assertFails(client.encode(message), INVALID_ARGUMENT, sentence),
		);
		await checkRows(refusedBytes, ([method, bytes, sentence]) =>
			assertFails(
				client.sendRaw(method, Buffer.from(bytes)),
				INVALID_ARGUMENT,
				sentence,
			),
		);
		for (const [message, code, sentence] of refusedBatches)
			await assertFails(client.encodeBatch(message), code, sentence);
	});

	test("unknown methods are UNIMPLEMENTED", () =>
		assertFails(client.sendRaw("Decode", Buffer.alloc(0)), UNIMPLEMENTED));

	test("1,000 texts, and many calls at once", async () => {
		const many = Array.from({ length: 1000 }, (_, i) => `text ${i}`);
		const images = await client.encodeBatch({ texts: many });
		assert.equal(images.length, 1000);
		const singles = await Promise.all(
			many.map((text) => client.encode({ text })),
		);
		assert.deepEqual(singles, images);
	});

	test("what is no HTTP/2 does no harm", async () => {
		const [host, port] = addressOf(running).split(":");
		for (const bytes of ["GET / HTTP/1.1\r\n\r\n", "\0".repeat(100)]) {
			const socket = net.connect({ host, port });
			socket.on("error", () => {});
			socket.end(bytes);
			await new Promise((resolve) => socket.resume().once("close", resolve));
		}
		assert.ok(await client.encode({ text: "a" }));
	});

	test("it ends cleanly beside idle connections", () => running.stop());
});

/** A batch that takes seconds. */
const slowBatch = { texts: Array(1000).fill("a"), width: 1000 };

test("calls that are cancelled or late stop", () =>
	withGrpc("cli", [], async (client, { pid }) => {
		const deadline = Date.now() + 300;
		const late = client.encodeBatch(slowBatch, { deadline });
		await assertFails(late, DEADLINE_EXCEEDED);
		await eventually("no children", () => childrenOf(pid).length === 0);

		const cancelled = eventually("a child", () => childrenOf(pid).length > 0);
		const call = client.encodeBatch(slowBatch, { cancelled });
		await assertFails(call, CANCELLED);
		await eventually("no children", () => childrenOf(pid).length === 0);
		assert.ok(await client.encode({ text: "a" }));
	}));

test("a full queue is RESOURCE_EXHAUSTED", () => {
	const flags = ["--max-concurrency", "1", "--max-queue", "1"];
	return withGrpc("cli", flags, async (client) => {
		const calls = Array.from({ length: 20 }, () =>
			client.encode({ text: "a" }),
		);
		const results = await Promise.allSettled(calls);
		const failures = results.filter(({ status }) => status === "rejected");
		assert.ok(failures.length > 0 && failures.length < 20);
		for (const { reason } of failures) {
			assert.equal(reason.details, sentences.busy);
			assert.equal(reason.code, RESOURCE_EXHAUSTED);
		}
		const batch = client.encodeBatch(slowBatch);
		await assertFails(batch, RESOURCE_EXHAUSTED, sentences.busy);
	});
});

/** All children of a coprocess host stand still: what one of them loses, another one loses, too. */
function stopChildren({ pid }) {
	const children = childrenOf(pid).map(([child]) => child);
	for (const child of children) process.kill(child, "SIGSTOP");
	return children;
}

test("a tier that fails is UNAVAILABLE", () =>
	withGrpc(
		"coprocess",
		["--answer-timeout-ms", "500"],
		async (client, running) => {
			assert.ok(await client.encode({ text: "a" }));
			stopChildren(running);
			const failed = client.encode({ text: "a" });
			await assertFails(failed, UNAVAILABLE, sentences.failed);
			await eventually("an image again", () =>
				client.encode({ text: "a" }).catch(() => false),
			);
		},
		{ stderr: /^([^\n]*qrpng --pipe[^\n]*\n)+$/ },
	));

/** Resolves to the samples of gRPC among the metrics: { name, labels, value }. */
async function readGrpcMetrics({ stdout }) {
	const [, port] = /metrics on [^:]+:(\d+)/.exec(stdout);
	const { body } = await request(Number(port), "/metrics");
	return [...parseMetrics(body.toString()).values()]
		.flatMap(({ samples }) => samples)
		.filter(({ name }) => name.startsWith("grpc_"));
}

/** { "Encode OK": count } of all but zeros, of a metric "grpc_server_NAME". */
function countsOf(samples, name) {
	const counted = samples
		.filter((sample) => sample.name === `grpc_server_${name}`)
		.filter(({ value }) => value > 0)
		.map(({ labels, value }) => {
			const { grpc_type, grpc_service, grpc_method, grpc_code } = labels;
			assert.equal(`${grpc_type} ${grpc_service}`, "unary qrtiers.v1.QrCodes");
			return [grpc_code ? `${grpc_method} ${grpc_code}` : grpc_method, value];
		});
	return Object.fromEntries(counted);
}

async function callsInFlight(running) {
	const samples = await readGrpcMetrics(running);
	return samples.find(({ name }) => name === "grpc_server_in_flight").value;
}

/** Has calls cancelled, late and failed, by children that stand still. */
async function failInThreeWays(client, running) {
	const children = stopChildren(running);
	const inFlight = (count) => async () =>
		(await callsInFlight(running)) === count;
	const cancelled = eventually("a call", inFlight(1));
	const message = { text: "a" };
	await assertFails(client.encode(message, { cancelled }), CANCELLED);
	// What is answered later on the same connection shows that the host has heard of it.
	await assertFails(client.encode({}), INVALID_ARGUMENT);
	const metadata = { "grpc-timeout": "300m" }; // unlike a deadline, kept by the host alone
	await assertFails(client.encode(message, { metadata }), DEADLINE_EXCEEDED);
	for (const child of children) process.kill(child, "SIGCONT");
	await eventually("no calls", inFlight(0));

	stopChildren(running);
	await assertFails(client.encode(message), UNAVAILABLE);
}

test("--metrics-port: calls by code, how long they took, and those in flight", () =>
	withGrpc(
		"coprocess",
		["--metrics-port", "0", "--answer-timeout-ms", "3000"],
		async (client, running) => {
			const before = await readGrpcMetrics(running);
			assert.deepEqual(countsOf(before, "started_total"), {});
			assert.deepEqual(countsOf(before, "handled_total"), {});
			for (const text of texts) await client.encode({ text });
			await client.encodeBatch({ texts });
			const broken = client.sendRaw("EncodeBatch", Buffer.from([0xff]));
			await assertFails(broken, INVALID_ARGUMENT);
			const tooMany = client.encodeBatch({ texts: Array(1001).fill("a") });
			await assertFails(tooMany, RESOURCE_EXHAUSTED);
			const unknown = client.sendRaw("Made/up", Buffer.alloc(0));
			await assertFails(unknown, UNIMPLEMENTED);
			await failInThreeWays(client, running);

			const samples = await readGrpcMetrics(running);
			assert.deepEqual(countsOf(samples, "handled_total"), {
				"Encode OK": 5,
				"Encode InvalidArgument": 1,
				"Encode Canceled": 1,
				"Encode DeadlineExceeded": 1,
				"Encode Unavailable": 1,
				"EncodeBatch OK": 1,
				"EncodeBatch InvalidArgument": 1,
				"EncodeBatch ResourceExhausted": 1,
			});
			const calls = { Encode: 9, EncodeBatch: 3 };
			assert.deepEqual(countsOf(samples, "started_total"), calls);
			assert.deepEqual(countsOf(samples, "handling_seconds_count"), calls);
			const { Encode: seconds } = countsOf(samples, "handling_seconds_sum");
			assert.ok(seconds > 0.3 && seconds < 60, `${seconds} s`);
			assert.equal(await callsInFlight(running), 0);
		},
		{ stderr: /^([^\n]*qrpng --pipe[^\n]*\n)+$/ },
	));

test("calls sent before SIGTERM are answered", async (t) => {
	for (const name of ["js", "worker"])
		await t.test(name, () =>
			withGrpc(name, [], async (client, running) => {
				await client.encode({ text: "a" });
				const calls = [
					client.encodeBatch({ texts: Array(100).fill("hello") }),
					...texts.map((text) => client.encode({ text })),
				];
				process.kill(running.pid, "SIGTERM");
				const [images] = await Promise.all(calls);
				assert.equal(images.length, 100);
				await running.finished();
			}),
		);
});

test("calls that take longer than the drain are ended", () =>
	withGrpc("js", ["--drain-timeout-ms", "300"], async (client, running) => {
		await client.encode({ text: "a" });
		const call = assertFails(client.encodeBatch(slowBatch), UNAVAILABLE);
		process.kill(running.pid, "SIGTERM");
		await Promise.all([running.finished(), call]);
	}));

test("a taken port is one sentence and exit code 1", () =>
	withGrpc("addon", [], async (_client, running) => {
		const [, port] = addressOf(running).split(":");
		const flags = ["--port", "0", "--grpc-port", port];
		const second = await runToExit(findHost("addon"), flags);
		assert.match(second.stderr, /^[^\n]+\.\n$/);
		assert.ok(second.stderr.includes(port));
		assert.equal(second.stdout, "");
		assert.equal(second.code, 1);
	}));

test("wrong flags are one sentence and exit code 2", async () => {
	for (const flags of [["65536"], ["many"], ["0", "--processes", "2"]]) {
		const all = ["--port", "0", "--grpc-port", ...flags];
		const { code, stderr } = await runToExit(findHost("addon"), all);
		assert.match(stderr, /^[^\n]+\n$/);
		assert.equal(code, 2);
	}
});
