// POST /qrcode and POST /qrcodes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { decodeQrCode } from "../../bench/subjects/decode.js";
import {
	checkRows,
	childrenOf,
	describeHosts,
	encodingHosts,
	findHost,
	hosts,
	kindsOfHosts,
	runToExit,
	withHost,
} from "./hosts.js";
import { connect, eventually, formatRequest, request, sleep } from "./http.js";
import { refusedBatches, refusedPosts, sentences } from "./refusals.js";

const plain = "text/plain";
const binary = "application/octet-stream";
const json = "application/json";

/** The bytes of a POST; a string is one byte per character. */
function formatPost(target, mediaType, body, headers = []) {
	const bytes = Buffer.from(body, "latin1");
	const type = mediaType === undefined ? [] : [`Content-Type: ${mediaType}`];
	const length = `Content-Length: ${bytes.length}`;
	const head = formatRequest(target, {
		method: "POST",
		headers: [...type, length, ...headers],
	});
	return Buffer.concat([head, bytes]);
}

async function post(connection, ...args) {
	await connection.send(formatPost(...args));
	return connection.read();
}

/** The same on a connection of its own. */
async function postOnce({ port }, ...args) {
	const connection = await connect(port);
	try {
		return await post(connection, ...args);
	} finally {
		connection.destroy();
	}
}

async function open(t, { port }) {
	const connection = await connect(port);
	t.after(() => connection.destroy());
	return connection;
}

const utf8 = (text) => Buffer.from(text).toString("latin1");

/** A JSON string with nothing but escapes. */
function escaped(text) {
	const units = Array.from({ length: text.length }, (_, i) =>
		text.charCodeAt(i).toString(16).padStart(4, "0"),
	);
	return `"${units.map((unit) => `\\u${unit}`).join("")}"`;
}

const texts = [
	"a",
	"hello, world & more + 100%",
	"é ✓ 𝄞",
	"\u0000 NUL and\r\nlines",
	"\ufeffa byte order mark",
	"1".repeat(7089),
	"A".repeat(4296),
	"x".repeat(2953),
];

function assertMade({ status, headers }, contentType) {
	assert.equal(status, 200);
	assert.equal(headers["content-type"], contentType);
	assert.equal(headers["cache-control"], "no-store");
	assert.equal(headers["x-content-type-options"], "nosniff");
	assert.equal(headers.etag, undefined);
}

function assertRefused(response, status, sentence) {
	assert.equal(response.body.toString(), `${sentence}\n`);
	assert.equal(response.status, status);
	assert.equal(response.headers["content-type"], "text/plain; charset=utf-8");
	assert.equal(response.headers["cache-control"], "no-store");
	assert.equal(response.headers["x-content-type-options"], "nosniff");
}

describeHosts(encodingHosts, (host, server) => {
	const get = async (text, query = "") => {
		const target = `/qrcode?text=${encodeURIComponent(text)}${query}`;
		return (await request(server.port, target)).body;
	};

	test("bytes that are no UTF-8", async (t) => {
		const connection = await open(t, server);
		const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
		const samples = [[0xff], [0], [0xed, 0xa0, 0x80], all, [0x31, 0xe9, 0x32]];
		await checkRows(samples, async (sample) => {
			const bytes = Buffer.from(sample);
			const response = await post(connection, "/qrcode", binary, bytes);
			assertMade(response, "image/png");
			const decoded = await decodeQrCode(response.body);
			assert.deepEqual(decoded.bytes, bytes);
		});
	});

	test("a batch has the images that its texts have alone, in their order", async () => {
		const batch = [
			...texts,
			...Array.from({ length: 40 }, (_, i) => `no. ${i}`),
		];
		const target = "/qrcodes?width=600&margin=2";
		const body = utf8(JSON.stringify(batch));
		const response = await postOnce(server, target, json, body);
		assertMade(response, json);
		const images = JSON.parse(response.body);
		assert.equal(images.length, batch.length);
		for (const [i, text] of batch.entries())
			assert.deepEqual(
				Buffer.from(images[i], "base64"),
				await get(text, "&width=600&margin=2"),
			);
	});

	// What follows is judged before a tier is asked, or said in two ways.
	if (!kindsOfHosts.includes(host)) return;

	test("a text in the body has the image that it has in the query", async (t) => {
		const connection = await open(t, server);
		await checkRows(texts, async (text) => {
			const image = await get(text);
			const bodies = [
				[plain, utf8(text)],
				["Text/Plain; charset=UTF-8", utf8(text)],
				[binary, utf8(text)],
				[json, utf8(JSON.stringify({ text }))],
				['application/json;charset="utf-8"', `{"text":${escaped(text)}}`],
			];
			for (const [mediaType, body] of bodies) {
				const response = await post(connection, "/qrcode", mediaType, body);
				assertMade(response, "image/png");
				assert.deepEqual(response.body, image, mediaType);
			}
		});
	});

	test("options in the query and in JSON", async (t) => {
		const connection = await open(t, server);
		const image = await get("a", "&ecl=H&width=300&margin=1");
		const rows = [
			["?ecl=H&width=300&margin=1", plain, "a"],
			["?&margin=1&&%65cl=%48&width=300", binary, "a"],
			["", json, '{"width":3e2,"margin":1,"ecl":"H","text":"a"}'],
			["?width=300", json, '{"text":"a","margin":1,"ecl":"H"}'],
		];
		await checkRows(rows, async ([query, mediaType, body]) => {
			const target = `/qrcode${query}`;
			const response = await post(connection, target, mediaType, body);
			assertMade(response, "image/png");
			assert.deepEqual(response.body, image);
		});
	});

	test("every refused POST", async () => {
		await checkRows(
			refusedPosts,
			async ([query, mediaType, body, ...refusal]) => {
				const target = `/qrcode${query}`;
				const response = await postOnce(server, target, mediaType, body);
				assertRefused(response, ...refusal);
			},
		);
	});

	test("every refused batch", async () => {
		await checkRows(
			refusedBatches,
			async ([query, mediaType, body, ...refusal]) => {
				const target = `/qrcodes${query}`;
				const response = await postOnce(server, target, mediaType, body);
				assertRefused(response, ...refusal);
			},
		);
	});
});

const addon = findHost("addon");
/** Those whose connections are the client's own; nginx reads bodies before it passes them on. */
const directHosts = hosts.filter(
	({ name, native }) => name === "addon" || native,
);

describeHosts(directHosts, (host, server) => {
	test("a refusal of what is in the body leaves the connection open", async (t) => {
		const connection = await open(t, server);
		for (const body of ["", "\xff", "a".repeat(2954)])
			assert.equal(
				(await post(connection, "/qrcode", plain, body)).status,
				400,
			);
		assert.equal((await post(connection, "/qrcode", plain, "a")).status, 200);
		assert.equal((await connection.request("/qrcode?text=a")).status, 200);
	});

	test("a refusal of a body that is not read closes the connection", async (t) => {
		const tooLarge = sentences.bodyTooLarge(65_536);
		const rows = [
			[
				formatPost("/qrcode", "text/html", "a".repeat(200_000)),
				415,
				sentences.mediaType,
			],
			[formatPost("/qrcode", plain, "a".repeat(65_537)), 413, tooLarge],
			[head("/qrcode", ["Content-Length: 99999999999"]), 413, tooLarge],
			[
				chunked("/qrcode", ["a".repeat(40_000), "a".repeat(40_000)]),
				413,
				tooLarge,
			],
			[
				formatPost("/qrcodes", json, JSON.stringify(["a".repeat(4_096_000)])),
				413,
				sentences.bodyTooLarge(4_096_000),
			],
		];
		await checkRows(rows, async ([bytes, ...refusal]) => {
			const connection = await open(t, server);
			await connection.send(bytes);
			const response = await connection.read();
			assertRefused(response, ...refusal);
			assert.equal(response.headers.connection, "close");
			await connection.readEnd();
		});
	});

	test("a body that never ends is refused at its limit", async (t) => {
		const connection = await open(t, server);
		await connection.send(head("/qrcode", ["Transfer-Encoding: chunked"]));
		for (let i = 0; i < 200 && !connection.ended; i++)
			await connection.send(chunk("a".repeat(64 * 1024)));
		assertRefused(await connection.read(), 413, sentences.bodyTooLarge(65_536));
		await connection.readEnd();
	});

	test("encoded bodies are refused", async (t) => {
		const zipped = gzipSync("a");
		await checkRows(
			[
				formatPost("/qrcode", plain, zipped, ["Content-Encoding: gzip"]),
				formatPost("/qrcode", plain, "a", ["Content-Encoding: identity, br"]),
				formatPost("/qrcodes", json, '["a"]', ["Content-Encoding: deflate"]),
			],
			async (bytes) => {
				const connection = await open(t, server);
				await connection.send(bytes);
				assertRefused(await connection.read(), 415, sentences.bodyCoding);
			},
		);
		const connection = await open(t, server);
		const headers = ["Content-Encoding: Identity"];
		await connection.send(formatPost("/qrcode", plain, "a", headers));
		assert.equal((await connection.read()).status, 200);
		// Node's parser refuses this one itself where it can, the C server by 501.
		const gzip = head("/qrcode", ["Transfer-Encoding: gzip, chunked"]);
		const coded = await open(t, server);
		await coded.send(
			Buffer.concat([gzip, Buffer.from(`${chunk("a")}${chunk("")}`)]),
		);
		const { status } = await coded.read();
		const allowed = host.native ? [501] : [400, 415];
		assert.ok(allowed.includes(status), `status ${status}`);
	});

	test("chunks, and bytes one by one", async (t) => {
		const connection = await open(t, server);
		const { body: image } = await connection.request("/qrcode?text=hello");
		await connection.send(chunked("/qrcode", ["h", "ell", "o"]));
		assert.deepEqual((await connection.read()).body, image);
		for (const byte of formatPost("/qrcode", plain, "hello"))
			await connection.send(Buffer.of(byte));
		assert.deepEqual((await connection.read()).body, image);
	});

	test("GET and POST on one connection, without waiting", async (t) => {
		const connection = await open(t, server);
		await connection.send(
			Buffer.concat([
				formatPost("/qrcode", plain, "a"),
				formatRequest("/qrcode?text=a"),
				formatPost("/qrcode", plain, ""),
				formatPost("/qrcodes", json, '["a"]'),
				formatRequest("/healthz"),
			]),
		);
		const { body: image } = await connection.read();
		assert.deepEqual((await connection.read()).body, image);
		assert.equal((await connection.read()).status, 400);
		const batch = JSON.parse((await connection.read()).body);
		assert.deepEqual(Buffer.from(batch[0], "base64"), image);
		assert.equal((await connection.read()).body.toString(), "ok\n");
	});

	test("Expect: 100-continue", async (t) => {
		const expect = ["Content-Length: 1", "Expect: 100-continue"];
		const connection = await open(t, server);
		await connection.send(head("/qrcode", expect));
		assert.match(await connection.readAny(), /^HTTP\/1.1 100 /);
		await connection.send("a");
		assert.equal((await connection.read()).status, 200);

		const refused = [
			[head("/qrcode", expect, "text/html"), 415, sentences.mediaType],
			[
				head("/qrcode", ["Content-Length: 65537", expect[1]]),
				413,
				sentences.bodyTooLarge(65_536),
			],
		];
		await checkRows(refused, async ([bytes, ...refusal]) => {
			const other = await open(t, server);
			await other.send(bytes);
			assertRefused(await other.read(), ...refusal);
			other.end();
			await other.readEnd();
		});
	});
});

const addonHttp = findHost("addon-http");
for (const host of [...directHosts, addonHttp])
	test(`${host.name}: pages of other sites can't POST`, () =>
		withHost(host, ["--allowed-hosts", "QR.example"], async (running) => {
			const own = `127.0.0.1:${running.port}`;
			const foreign = [
				["Origin: https://evil.example"],
				["Origin: null"],
				["Origin: http://localhost:8080"],
				["Origin: http://localhost.evil.example"],
				["Sec-Fetch-Site: cross-site", `Origin: http://${own}`],
				["Sec-Fetch-Site: same-site", "Origin: https://evil.qr.example"],
			];
			const allowed = [
				["Origin: http://localhost"], // the Host of these requests
				["Sec-Fetch-Site: same-origin", "Origin: https://proxied.example"],
				["Sec-Fetch-Site: none"],
				["Origin: http://LOCALHOST:80"],
				["Sec-Fetch-Site: cross-site", "Origin: https://qr.example:8443"],
				["Origin: https://qr.example"],
			];
			const targets = [
				["/qrcode", plain, "a"],
				["/qrcodes", json, '["a"]'],
			];
			for (const post of targets) {
				await checkRows(foreign, async (headers) => {
					const response = await postOnce(running, ...post, headers);
					assertRefused(response, 403, sentences.site);
				});
				await checkRows(allowed, async (headers) => {
					const { status } = await postOnce(running, ...post, headers);
					assert.equal(status, 200);
				});
			}
			// To read is free to all: images on other sites' pages.
			const image = await request(running.port, "/qrcode?text=a", {
				headers: foreign[0],
			});
			assert.equal(image.status, 200);
		}));

/** The head of a POST whose body comes afterwards. */
function head(target, headers, mediaType = plain) {
	const type = `Content-Type: ${mediaType}`;
	return formatRequest(target, { method: "POST", headers: [type, ...headers] });
}

const chunk = (data) => `${data.length.toString(16)}\r\n${data}\r\n`;

function chunked(target, parts) {
	const body = [...parts, ""].map(chunk).join("");
	const bytes = head(target, ["Transfer-Encoding: chunked"]);
	return Buffer.concat([bytes, Buffer.from(body)]);
}

for (const host of directHosts)
	test(`${host.name}: a body that stops arriving is given up`, () =>
		withHost(host, ["--request-timeout-ms", "300"], async ({ port }) => {
			const beginnings = [
				[head("/qrcode", ["Content-Length: 10"]), "hello"],
				[head("/qrcode", ["Transfer-Encoding: chunked"]), chunk("hello")],
				[head("/qrcodes", ["Content-Length: 10"], json), '["a'],
			];
			await Promise.all(
				beginnings.map(async ([bytes, part]) => {
					const connection = await connect(port);
					await connection.send(Buffer.concat([bytes, Buffer.from(part)]));
					assert.match(await connection.readRest(), /^HTTP\/1.1 408 /);
				}),
			);
			assert.equal((await request(port, "/healthz")).status, 200);
		}));

/** Vanishes before its POST is complete, or before it is answered. */
async function abort(port, i) {
	const whole = [
		formatPost("/qrcode", plain, "hello"),
		formatPost("/qrcode", json, '{"text":"hello"}'),
		formatPost("/qrcodes", json, JSON.stringify(Array(200).fill("hello"))),
	][i % 3];
	const sent = i % 4 ? whole.subarray(0, whole.length - (i % 5)) : whole;
	const connection = await connect(port);
	await connection.send(sent);
	if (i % 2) await sleep(i % 4);
	if (i % 7) connection.reset();
	else connection.destroy();
}

const vanishedFrom = ["js-best", "cli", "addon-async"].map(findHost);
for (const host of [...vanishedFrom, ...hosts.filter(({ native }) => native)])
	test(`${host.name}: POSTs of clients that vanish do no harm`, () =>
		withHost(host, [], async (running) => {
			for (let i = 0; i < 200; i += 20)
				await Promise.all(
					Array.from({ length: 20 }, (_, j) => abort(running.port, i + j)),
				);
			const response = await postOnce(running, "/qrcode", plain, "a");
			assert.equal(response.status, 200);
			await eventually(
				"no children",
				() => childrenOf(running.pid).length === 0,
			);
		}));

const sharing = [findHost("js-best"), ...hosts.filter(({ native }) => native)];
for (const host of sharing)
	test(`${host.name}: a batch lets others through`, () =>
		withHost(
			host,
			host.native ? ["--threads", "1", "--max-width", "4096"] : [],
			async (running) => {
				const batch = JSON.stringify(Array(1000).fill("x".repeat(2000)));
				const connection = await connect(running.port);
				const width = host.native ? 4096 : 1024;
				let done = false;
				await connection.send(
					formatPost(`/qrcodes?width=${width}`, json, batch),
				);
				const answer = connection.read("POST").finally(() => {
					done = true;
				});
				for (let i = 0; i < 5; i++)
					assert.equal((await request(running.port, "/healthz")).status, 200);
				assert.equal(done, false, "the batch was done first");
				// It is given up with its client, or the process would be busy with it for seconds.
				connection.destroy();
				await assert.rejects(answer);
			},
		));

test("cli: a batch whose client goes away stops", () =>
	withHost(findHost("cli"), [], async ({ pid, port }) => {
		const connection = await connect(port);
		const batch = JSON.stringify(Array(1000).fill("a"));
		await connection.send(formatPost("/qrcodes", json, batch));
		await eventually("a child", () => childrenOf(pid).length > 0);
		connection.destroy();
		await eventually("no children", async () => {
			if (childrenOf(pid).length > 0) return false;
			await sleep(50);
			return childrenOf(pid).length === 0;
		});
	}));

test("cli: a batch that finds the queue full is refused as a whole", () => {
	const flags = ["--max-concurrency", "1", "--max-queue", "1"];
	return withHost(findHost("cli"), flags, async (running) => {
		const batch = JSON.stringify(Array(20).fill("a"));
		const response = await postOnce(running, "/qrcodes", json, batch);
		assertRefused(response, 503, sentences.busy);
		assert.equal(response.headers["retry-after"], "1");
		assert.equal((await request(running.port, "/qrcode?text=a")).status, 200);
	});
});

for (const host of directHosts)
	test(`${host.name}: --max-batch sets the limit and its sentence`, async () => {
		await withHost(host, ["--max-batch", "2"], async (running) => {
			const ask = (body) => postOnce(running, "/qrcodes", json, body);
			assert.equal((await ask('["a","b"]')).status, 200);
			assert.equal((await ask(`["${"1".repeat(7089)}"]`)).status, 200);
			assertRefused(await ask('["a","b","c"]'), 413, sentences.batchSize(2));
			assertRefused(
				await ask(`["${"a".repeat(65_536)}"]`),
				413,
				sentences.bodyTooLarge(65_536),
			);
		});
		for (const value of ["0", "10001", "many"]) {
			const { code } = await runToExit(host, ["--max-batch", value]);
			assert.equal(code, 2);
		}
	});

test("--tiers: the tier of a POST, in the query or in JSON", () => {
	const flags = ["server/app.js", "--tiers", "addon,js-best"];
	return withHost({ ...addon, flags }, [], async (running) => {
		const imageOf = async (tier) =>
			(await request(running.port, `/qrcode?text=a&tier=${tier}`)).body;
		const jsBest = await imageOf("js-best");
		assert.notDeepEqual(jsBest, await imageOf("addon"));
		const rows = [
			["?tier=js-best", plain, "a"],
			["", json, '{"text":"a","tier":"js-best"}'],
			["?tier=js-best", json, '{"text":"a"}'],
		];
		await checkRows(rows, async ([query, mediaType, body]) => {
			const target = `/qrcode${query}`;
			const response = await postOnce(running, target, mediaType, body);
			assert.deepEqual(response.body, jsBest);
		});
		const refused = await postOnce(running, "/qrcode?tier=js", plain, "a");
		assertRefused(refused, 400, "tier must be one of addon and js-best.");
	});
});

test("POSTs sent before SIGTERM are answered", async (t) => {
	const names = ["js", "addon", "addon, 2 processes", "worker"];
	const proxied = findHost("server-nginx");
	const drained = [...names.map(findHost), ...directHosts, proxied];
	for (const host of new Set(drained))
		await t.test(host.name, () =>
			withHost(host, [], async (running) => {
				const batch = JSON.stringify(Array(100).fill("hello"));
				const bytes = [
					formatPost("/qrcode", plain, "hello"),
					formatPost("/qrcodes", json, batch),
				];
				const connections = await Promise.all(
					Array.from({ length: 8 }, () => connect(running.port)),
				);
				for (const [i, connection] of connections.entries())
					await connection.send(bytes[i % 2]);
				process.kill(running.pid, "SIGTERM");
				for (const connection of connections) {
					assert.equal((await connection.read()).status, 200);
					await connection.readEnd();
				}
				await running.finished();
			}),
		);
});
