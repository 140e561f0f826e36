// HTTP itself: methods, bodies, connections, and clients that do not play by the rules.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random.js";
import { checkRows, describeHosts, kindsOfHosts } from "./hosts.js";
import { connect, formatRequest, request, sleep, within } from "./http.js";
import { sentences } from "./refusals.js";

async function open(t, server) {
	const connection = await connect(server.port);
	t.after(() => connection.destroy());
	return connection;
}

async function assertAlive({ port }) {
	const { status, body } = await request(port, "/healthz");
	assert.equal(status, 200);
	assert.equal(body.toString(), "ok\n");
}

const lines = ["GET /qrcode?text=a", "HEAD /qrcode?text=a", "GET /healthz"];
const wholeBodies = [
	[["Content-Length: 5"], "hello"],
	[["Transfer-Encoding: chunked"], "5\r\nhello\r\n0\r\n\r\n"],
	[["Content-Length: 5", "Expect: 100-continue"], "hello"],
];
const bodiesThatNeverCome = [
	[["Content-Length: 100"], ""],
	[["Content-Length: 1000000"], "hello"],
	[["Transfer-Encoding: chunked"], ""],
];
/** [what, request]; nginx waits for a body before it passes a request on. */
const bodies = ({ proxied }) =>
	lines.flatMap((line) =>
		[...wholeBodies, ...(proxied ? [] : bodiesThatNeverCome)].map(
			([headers, body]) => [
				`${line}, ${headers}, ${JSON.stringify(body)}`,
				{ line, headers, body },
			],
		),
	);

/** Heads that a parser may refuse with words of its own, or our code with its sentence. Never an image. */
const ambiguousBodies = [
	["Content-Length: 0", "Content-Length: 5"],
	["Content-Length: 5", "Content-Length: 0"],
	["Content-Length: 5", "Transfer-Encoding: chunked"],
	["Transfer-Encoding: chunked", "Content-Length: 0"],
	["Transfer-Encoding: identity"],
	["Transfer-Encoding: gzip, chunked"],
	["Transfer-Encoding: xchunked"],
	["Content-Length: -1"],
	["Content-Length: +5"],
	["Content-Length: 5x"],
	["Content-Length: 0x5"],
	["Content-Length: 0, 5"],
	["Content-Length: 99999999999999999999999"],
];

/** [what, bytes] that no parser may take for a request. */
const malformed = [
	["bare LF", "GET /qrcode?text=a HTTP/1.1\nHost: a\n\n"],
	["bare LF after one field", head("X: b\nY: c")],
	["a folded line", head("X: b\r\n c")],
	["a folded line at the start", head(" X: b")],
	["a space before the colon", head("Content-Length : 5")],
	["no colon", head("X")],
	["no name", head(": b")],
	["a name that is no token", head("X(: b")],
	["NUL in a name", head("X\0: b")],
	["NUL in a value", head("X: b\0c")],
	["a control character in a value", head("X: b\x01c")],
	["CR in a value", head("X: b\rc")],
	["a space in the target", formatRequest("/qrcode?text=a b")],
	["a tab in the target", formatRequest("/qrcode?text=a\tb")],
	["NUL in the target", formatRequest("/qrcode?text=a\0b")],
];

/** Those that nginx puts right before it passes them on, or leaves to the server behind it. */
const repaired = new Set([
	"bare LF",
	"bare LF after one field",
	"no colon",
	"a name that is no token",
	"a control character in a value",
]);

function head(field) {
	return `GET /qrcode?text=a HTTP/1.1\r\n${field}\r\nHost: a\r\n\r\n`;
}

describeHosts(kindsOfHosts, (host, server) => {
	test("HEAD has the headers of GET and no body", async (t) => {
		const connection = await open(t, server);
		for (const target of ["/qrcode?text=a", "/healthz", "/qrcode", "/x"]) {
			const get = await connection.request(target);
			const head = await connection.request(target, { method: "HEAD" });
			delete get.headers.date;
			delete head.headers.date;
			assert.equal(head.status, get.status);
			assert.deepEqual(head.headers, get.headers);
		}
	});

	test("a body is refused", async (t) => {
		// All at once, since a host may wait for a body that never comes.
		await Promise.all(
			bodies(host).map(async ([what, { line, headers, body }]) => {
				const [method, target] = line.split(" ");
				const connection = await open(t, server);
				await connection.send(formatRequest(target, { method, headers }));
				await connection.send(body);
				const response = await connection.read(method);
				assert.equal(response.status, 400, what);
				const sentence = method === "HEAD" ? "" : `${sentences.body}\n`;
				assert.equal(response.body.toString(), sentence, what);
				if (host.proxied) return; // nginx has read the body, and can keep the connection
				assert.match(response.headers.connection, /^close$/i, what);
				await connection.readEnd();
			}),
		);
	});

	test("path and method are judged before the body", (t) =>
		checkRows(
			[
				["GET", "/nothing", 404],
				["POST", "/nothing", 404],
				["PUT", "/qrcode?text=a", 405],
				["PUT", "/healthz", 405],
			],
			async ([method, target, status]) => {
				const smuggled = formatRequest("/qrcode?text=smuggled");
				const headers = [`Content-Length: ${smuggled.length}`];
				const connection = await open(t, server);
				await connection.send(
					Buffer.concat([formatRequest(target, { method, headers }), smuggled]),
				);
				const response = await connection.read();
				assert.equal(response.status, status);
				// Whether the connection goes on is up to the host; the body must not be taken for a request.
				connection.end();
				await connection.readEnd();
			},
		));

	test("ambiguous body headers never lead to an image", (t) =>
		checkRows(ambiguousBodies, async (headers) => {
			const connection = await open(t, server);
			await connection.send(formatRequest("/qrcode?text=a", { headers }));
			const { status } = await connection.read();
			assert.ok(status === 400 || status === 413 || status === 501, status);
			connection.end();
			assert.doesNotMatch(await connection.readRest(), /HTTP\/1.1 200/);
		}));

	test("malformed requests are refused and the connection closed", (t) =>
		checkRows(malformed, async ([what, bytes]) => {
			const connection = await open(t, server);
			await connection.send(bytes);
			if (host.proxied && repaired.has(what)) {
				const { status } = await connection.read();
				assert.ok(status === 200 || status === 400, `status ${status}`);
				return;
			}
			assert.match(await connection.readRest(), /^HTTP\/1.1 400 /);
		}));

	test("headers that ask for more than there is are ignored", (t) =>
		checkRows(
			["Range: bytes=0-3", "Upgrade: websocket", "Accept: text/html"],
			async (header) => {
				const connection = await open(t, server);
				const headers = [header, "Connection: Upgrade"];
				const plain = await connection.request("/qrcode?text=a");
				const asked = await connection.request("/qrcode?text=a", { headers });
				assert.equal(asked.status, 200);
				assert.deepEqual(asked.body, plain.body);
			},
		));

	test("Content-Length: 0 is no body", async () => {
		const response = await request(server.port, "/qrcode?text=a", {
			headers: ["Content-Length: 0"],
		});
		assert.equal(response.status, 200);
	});

	test("a target in absolute form", async (t) => {
		const connection = await open(t, server);
		const { body } = await connection.request("/qrcode?text=a");
		for (const origin of ["http://localhost", "http://example.com:8080"]) {
			const image = await connection.request(`${origin}/qrcode?text=a`);
			assert.equal(image.status, 200);
			assert.deepEqual(image.body, body);
			const missing = await connection.request(`${origin}/qrcode`);
			assert.equal(missing.body.toString(), `${sentences.missing}\n`);
			assert.equal((await connection.request(`${origin}/x`)).status, 404);
			const query = "/qrcode?text=http://a/qrcode?text=b";
			assert.equal((await connection.request(origin + query)).status, 200);
		}
	});

	test("pipelined requests are answered in order", async (t) => {
		const targets = Array.from({ length: 24 }, (_, i) =>
			i % 6 === 5 ? `/qrcode?text=&n=${i}` : `/qrcode?text=${"x".repeat(i)}y`,
		);
		const single = await open(t, server);
		const expected = [];
		for (const target of targets) expected.push(await single.request(target));

		const connection = await open(t, server);
		await connection.send(
			Buffer.concat(targets.map((target) => formatRequest(target))),
		);
		for (const { status, body } of expected) {
			const response = await connection.read();
			assert.equal(response.status, status);
			assert.deepEqual(response.body, body);
		}
	});

	test("HEAD and 304 keep pipelined responses in step", async (t) => {
		const connection = await open(t, server);
		await connection.send(
			Buffer.concat([
				formatRequest("/qrcode?text=a", { method: "HEAD" }),
				formatRequest("/qrcode?text=a", { headers: ["If-None-Match: *"] }),
				formatRequest("/qrcode?text=", { method: "HEAD" }),
				formatRequest("/healthz"),
			]),
		);
		assert.equal((await connection.read("HEAD")).status, 200);
		assert.equal((await connection.read()).status, 304);
		assert.equal((await connection.read("HEAD")).status, 400);
		assert.equal((await connection.read()).body.toString(), "ok\n");
	});

	test("Connection: close is obeyed", async (t) => {
		for (const target of ["/qrcode?text=a", "/qrcode", "/healthz"]) {
			const connection = await open(t, server);
			const headers = ["Connection: close"];
			const response = await connection.request(target, { headers });
			assert.match(response.headers.connection, /^close$/i);
			await connection.readEnd();
		}
	});

	test("HTTP/1.0 is answered, and the connection closed", async (t) => {
		const connection = await open(t, server);
		await connection.send("GET /qrcode?text=a HTTP/1.0\r\n\r\n");
		assert.equal((await connection.read()).status, 200);
		await connection.readEnd();
	});

	test("clients that close their side are not left waiting", async (t) => {
		const connections = await Promise.all(
			Array.from({ length: 64 }, () => open(t, server)),
		);
		await Promise.all(
			connections.map(async (connection) => {
				await connection.send(formatRequest("/qrcode?text=a"));
				connection.end();
				// Node takes it for one that has gone away, and drops what is not answered at once.
				const response = await connection.read().catch(() => null);
				if (host.native || response) assert.equal(response.status, 200);
				await connection.readEnd();
			}),
		);
	});

	test("a request that comes byte by byte", async (t) => {
		const connection = await open(t, server);
		for (const byte of formatRequest("/qrcode?text=%C3%A9"))
			await connection.send(Buffer.of(byte));
		assert.equal((await connection.read()).status, 200);
	});

	test("garbage is refused and the connection closed", (t) =>
		checkRows(
			["garbage\r\n\r\n", "\x16\x03\x01\x02\x00\x01\r\n\r\n", "GET\r\n\r\n"],
			async (bytes) => {
				const connection = await open(t, server);
				await connection.send(bytes);
				assert.equal((await connection.read()).status, 400);
				await connection.readEnd();
				await assertAlive(server);
			},
		));

	test("a URL that is too large", (t) =>
		checkRows([20, 60], async (kilobytes) => {
			const connection = await open(t, server);
			const text = "%41".repeat((kilobytes * 1024) / 3);
			await connection.send(formatRequest(`/qrcode?text=${text}`));
			const { status } = await connection.read();
			assert.ok(status === 414 || status === 431, `status ${status}`);
			await connection.readEnd();
			await assertAlive(server);
		}));

	test("headers that are too large, or endless", async (t) => {
		const connection = await open(t, server);
		const headers = [`X-Large: ${"x".repeat(40_000)}`];
		await connection.send(formatRequest("/qrcode?text=a", { headers }));
		const { status } = await connection.read();
		assert.equal(status, host.proxied ? 400 : 431);
		await connection.readEnd();

		const endless = await open(t, server);
		await endless.send("GET /qrcode?text=");
		for (let i = 0; i < 1000 && !endless.ended; i++) {
			await endless.send("a".repeat(16 * 1024));
			await new Promise(setImmediate); // or the end could go unnoticed
		}
		assert.ok(endless.ended, "16 MB without an end are too many");
		await assertAlive(server);
	});
});

/** [bytes sent at once, bytes sent one by one afterwards] */
const drips = [
	["GET /qrc", ""],
	["G", `ET /qrcode?text=${"a".repeat(100)}`],
	[
		"GET /qrcode?text=a HTTP/1.1\r\n",
		`Host: localhost\r\nX-A: ${"a".repeat(100)}`,
	],
	[`${formatRequest("/healthz")}GET /qrco`, `de?text=${"a".repeat(100)}`],
	["\r\n", "\r\n".repeat(60)],
];

/** That of --request-timeout-ms, which would pass for a shorter one that had no effect. */
const defaultMs = 10_000;

/** Sends one byte after the other, none of which gets the request more time, until the peer closes. */
async function drip({ port }, first, rest) {
	const connection = await connect(port);
	await connection.send(first);
	const cut = async () => {
		for (let i = 0; !connection.ended; i++) {
			await sleep(100);
			if (i < rest.length) await connection.send(rest[i]);
		}
	};
	await within("cutting a slow request", cut(), defaultMs);
	connection.destroy();
}

/** A valid request with a few bytes changed, and at times without its last one. */
function mangle(random) {
	const bytes = formatRequest("/qrcode?text=%41b&ecl=M&width=100&margin=2", {
		headers: ["If-None-Match: *", "Content-Length: 0", "Connection: close"],
	});
	for (let changes = 1 + random(4); changes > 0; changes--)
		bytes[random(bytes.length)] = random(3) ? random(128) : random(256);
	return bytes.subarray(0, bytes.length - random(2));
}

async function serveUntil(settled, { port }) {
	let done = false;
	const stop = () => {
		done = true;
	};
	settled.then(stop, stop);
	while (!done) {
		const { status } = await request(port, "/healthz");
		assert.equal(status, 200);
		await sleep(50);
	}
}

describeHosts(
	kindsOfHosts,
	(_host, server) => {
		test("slow requests are cut while others are served", async () => {
			const dripping = Promise.all(
				drips.map(([first, rest]) => drip(server, first, rest)),
			);
			await serveUntil(dripping, server);
			await dripping;
		});

		test("mangled requests do no harm", async () => {
			const random = createRandom(20241);
			const requests = Array.from({ length: 200 }, () => mangle(random));
			await Promise.all(
				requests.map(async (bytes) => {
					const connection = await connect(server.port);
					await connection.send(bytes);
					// Nothing at all is a fair answer, but neither a hang nor a failure is.
					const answer = await connection.readAny();
					assert.doesNotMatch(answer, /^HTTP\/1.1 50[02]/);
					connection.destroy();
				}),
			);
			await assertAlive(server);
		});
	},
	["--request-timeout-ms", "500"],
);
