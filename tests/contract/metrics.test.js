// --metrics-port: what Prometheus is told, compared with what a client has counted.
import assert from "node:assert/strict";
import { once } from "node:events";
import { get } from "node:http";
import { createServer } from "node:net";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import { amountOf } from "../amount.js";
import { parseMetrics } from "../prometheus.js";
import {
	checkRows,
	childrenOf,
	describeHosts,
	findHost,
	hosts,
	runToExit,
	withHost,
} from "./hosts.js";
import {
	accepts,
	connect,
	eventually,
	formatRequest,
	request,
	sleep,
} from "./http.js";
import { sentences } from "./refusals.js";

const flags = ["--metrics-port", "0"];
const names = [
	"addon",
	"addon-http",
	"addon, 2 processes",
	"server",
	"server-uring",
	"server, sanitized",
];
const metricsHosts = hosts.filter(({ name }) => names.includes(name));
const target = "/qrcode?text=a";

function metricsPort({ stdout }) {
	const note = /, metrics on 127\.0\.0\.1:(\d+)\)\n$/.exec(stdout);
	assert.ok(note, `no port of the metrics: ${stdout}`);
	return Number(note[1]);
}

/** Asks a running host for its metrics, and resolves to a function that finds values in them. */
async function readMetrics(running) {
	const { status, body } = await request(metricsPort(running), "/metrics");
	assert.equal(status, 200);
	return new Metrics(body.toString());
}

class Metrics {
	constructor(text) {
		this.text = text;
		this.families = parseMetrics(text);
	}

	/** The value of the only series of that name, or of the sum over those with these labels. */
	value(name, labels = {}) {
		return this.#find(name, labels)
			.map(({ value }) => value)
			.reduce((sum, value) => sum + value, 0);
	}

	/** { "GET 200 addon": count } of all requests. */
	requests() {
		const counted = this.#find("http_requests_total")
			.filter(({ value }) => value > 0)
			.map(({ labels, value }) => [keyOf(labels), value]);
		return Object.fromEntries(counted);
	}

	get series() {
		return [...this.families.values()].flatMap(({ samples }) =>
			samples.map(({ name, labels }) => JSON.stringify([name, labels])),
		);
	}

	#find(name, wanted = {}) {
		const family = this.families.get(name.replace(/_(bucket|sum|count)$/, ""));
		const { samples } = family ?? this.families.get(name);
		return samples.filter(
			(sample) =>
				sample.name === name &&
				Object.entries(wanted).every(([key, value]) =>
					value === undefined
						? !(key in sample.labels)
						: sample.labels[key] === value,
				),
		);
	}
}

function keyOf({ method, status, tier }) {
	return [method, status, tier ?? "-"].join(" ");
}

/** [method, target, headers, status, whether a tier was asked] */
const kinds = [
	["GET", "/qrcode?text=hello", [], 200, true],
	["GET", "/qrcode?text=hello&width=300", [], 200, true],
	["HEAD", "/qrcode?text=hello", [], 200, true],
	["GET", "/qrcode?text=hello", ["If-None-Match: *"], 304, true],
	["GET", "/qrcode?text=hello&width=21", [], 400, true],
	["GET", "/qrcode?text=", [], 400, false],
	["GET", "/qrcode?text=%ZZ", [], 400, false],
	["GET", "/healthz", [], 200, false],
	["GET", "/nothing", [], 404, false],
	["DELETE", "/qrcode?text=hello", [], 405, false],
	["POST", "/healthz", [], 405, false],
];

/** Sends requests of all kinds on several connections, and resolves to their counts as of Metrics.requests(). */
async function sendAllKinds(port, tier, { clients = 6, rounds = 3 } = {}) {
	const counts = {};
	const send = async (connection) => {
		for (const [method, path, headers, status, asksTier] of kinds) {
			const response = await connection.request(path, { method, headers });
			assert.equal(response.status, status, `${method} ${path}`);
			const known = method === "DELETE" ? "other" : method;
			const labels = { method: known, status, tier: asksTier ? tier : "-" };
			counts[keyOf(labels)] = (counts[keyOf(labels)] ?? 0) + 1;
		}
	};
	const connections = await Promise.all(
		Array.from({ length: clients }, () => connect(port)),
	);
	for (let i = 0; i < rounds; i++) await Promise.all(connections.map(send));
	for (const connection of connections) connection.destroy();
	return counts;
}

/** The end of an answer is counted when it has gone, which its client may see first. */
async function metricsAfter(running, count) {
	let metrics;
	await eventually(`${count} requests counted`, async () => {
		metrics = await readMetrics(running);
		return metrics.value("http_requests_total") >= count;
	});
	return metrics;
}

const sum = (counts) => Object.values(counts).reduce((a, b) => a + b, 0);

describeHosts(
	metricsHosts,
	(host, server) => {
		let expected;

		test("the figures are those that a client counts", async () => {
			const before = await readMetrics(server.running);
			assert.deepEqual(before.requests(), {});
			const counts = await sendAllKinds(server.port, host.tier);
			const metrics = await metricsAfter(server.running, sum(counts));
			assert.deepEqual(metrics.requests(), counts);
			for (const method of ["GET", "HEAD", "POST", "other"])
				for (const tier of [host.tier, undefined])
					assert.equal(
						metrics.value("http_request_duration_seconds_count", {
							method,
							tier,
						}),
						metrics.value("http_requests_total", { method, tier }),
					);
			const seconds = metrics.value("http_request_duration_seconds_sum");
			assert.ok(seconds > 0 && seconds < 60, `${seconds} s`);
			assert.equal(metrics.value("http_requests_in_flight"), 0);
			expected = metrics.series.sort();
		});

		test("connections", async () => {
			const count = async () =>
				(await readMetrics(server.running)).value("http_connections");
			await eventually("none", async () => (await count()) === 0);
			const connections = await Promise.all(
				Array.from({ length: 5 }, () => connect(server.port)),
			);
			for (const connection of connections)
				await connection.request("/healthz");
			assert.equal(await count(), 5);
			for (const connection of connections) connection.destroy();
			await eventually("none again", async () => (await count()) === 0);
		});

		test("nothing that a client makes up is in them", async () => {
			for (let i = 0; i < 20; i++) {
				const word = `Xyzzy${i}`;
				const headers = [`X-${word}: ${word}`, `User-Agent: ${word}`];
				await request(server.port, `/qrcode?text=${word}`, { headers });
				await request(server.port, `/${word}`, { headers });
				await request(server.port, `/qrcode?${word}=1`);
			}
			const { text, series } = await readMetrics(server.running);
			assert.ok(!text.includes("Xyzzy"));
			// Node's own say what its event loop and its collector had to do so far.
			const isOurs = (name) => !name.includes("nodejs_");
			assert.deepEqual(series.filter(isOurs).sort(), expected.filter(isOurs));
		});

		test("what the process takes, and what it is", async () => {
			const metrics = await readMetrics(server.running);
			const now = Date.now() / 1000;
			for (const [name, least, most] of [
				["process_cpu_seconds_total", 0.001, 60],
				["process_resident_memory_bytes", 1e6, 2e9],
				["process_virtual_memory_bytes", 1e6, 1e14],
				["process_open_fds", 4, 1000],
				["process_max_fds", 4, 1e9],
				["process_start_time_seconds", now - 600, now + 1], // Node's is rounded
				["qrpng_build_info", 1, 1],
			]) {
				const value = metrics.value(name);
				assert.ok(value >= least && value <= most, `${name} is ${value}`);
			}
			const [{ labels }] = metrics.families.get("qrpng_build_info").samples;
			assert.equal(labels.tier, host.tier);
			assert.match(labels.version, /^\d+\.\d+\.\d+$/);
			assert.match(labels.engine, /^\w+$/);
			assert.equal(
				labels.node,
				host.native ? undefined : process.versions.node,
			);
		});

		test("names of ours have units, and the rest is known", async () => {
			const { families } = await readMetrics(server.running);
			for (const { name } of families.values())
				assert.match(
					name,
					/^(nodejs_.*|process_.*(_seconds|_bytes|_fds|_total)|http_(requests_total|request_duration_seconds|requests_in_flight|connections)|qrpng_(build_info|queue_length|.*_total))$/,
				);
		});

		test("the port answers GET and HEAD of /metrics alone", async () => {
			const port = metricsPort(server.running);
			const { status, headers, body } = await request(port, "/metrics");
			assert.equal(status, 200);
			assert.equal(
				headers["content-type"],
				"text/plain; version=0.0.4; charset=utf-8",
			);
			assert.equal(headers["content-length"], `${body.length}`);
			const head = await request(port, "/metrics", { method: "HEAD" });
			assert.equal(head.status, 200);
			assert.ok(Number(head.headers["content-length"]) > 1000);
			const responses = [headers, head.headers];
			for (const path of ["/", "/metrics/", "/Metrics", "/qrcode?text=a"]) {
				const response = await request(port, path);
				assert.equal(response.status, 404, path);
				responses.push(response.headers);
			}
			for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
				const response = await request(port, "/metrics", { method });
				assert.equal(response.status, 405, method);
				assert.equal(response.headers.allow, "GET, HEAD");
				responses.push(response.headers);
			}
			for (const answered of responses) {
				assert.equal(answered["cache-control"], "no-store");
				assert.equal(answered["x-content-type-options"], "nosniff");
				assert.equal(answered["x-powered-by"], undefined);
			}
			assert.equal((await request(port, "/metrics?x=1")).status, 200);
			assert.equal((await request(server.port, "/metrics")).status, 404);
		});

		test("it answers to names of its own alone", async () => {
			const port = metricsPort(server.running);
			const ask = (path, host) => request(port, path, { host });
			await checkRows(
				["localhost:1", "LocalHost.", "a.localhost", "127.0.0.1", "[::1]:80"],
				async (host) => assert.equal((await ask("/metrics", host)).status, 200),
			);
			await checkRows(
				[
					"evil.example",
					"evil.example:9464",
					"localhost.evil.example",
					"evillocalhost",
					"10.0.0.1",
					"0.0.0.0",
					"[::2]",
					"localhost:123456",
					"a".repeat(300),
				],
				async (host) => {
					for (const path of ["/metrics", "/"]) {
						const { status, headers, body } = await ask(path, host);
						assert.equal(body.toString(), `${sentences.host}\n`);
						assert.equal(status, 403);
						assert.equal(headers["cache-control"], "no-store");
					}
				},
			);
			// No names at all: the parser may have refused them before.
			await checkRows(["::1", "[::1", "localhost:x"], async (host) => {
				const { status } = await ask("/metrics", host);
				assert.ok(status === 400 || status === 403, `status ${status}`);
			});
		});

		test("several may ask at once", async () => {
			const port = metricsPort(server.running);
			const responses = await Promise.all(
				Array.from({ length: 20 }, () => request(port, "/metrics")),
			);
			for (const { body } of responses) parseMetrics(body.toString());
		});
	},
	flags,
);

for (const host of metricsHosts.filter(({ name }) => name !== "addon-http")) {
	test(`${host.name}: --allowed-hosts names more for the metrics`, () => {
		const names = ["--allowed-hosts", "Prom.example,::2,[fd00::0:1],10.0.0.1"];
		return withHost(host, [...flags, ...names], async (running) => {
			const statusFor = async (host) =>
				(await request(metricsPort(running), "/metrics", { host })).status;
			for (const name of [
				"prom.example:9464",
				"PROM.example.",
				"[::2]",
				"[fd00::1]:80",
				"10.0.0.1:1",
				"localhost",
			])
				assert.equal(await statusFor(name), 200, name);
			for (const name of ["a.prom.example", "prom", "[fd00::2]", "10.0.0.10"])
				assert.equal(await statusFor(name), 403, name);
		});
	});

	test(`${host.name}: on another loopback address, that one`, () => {
		const bind = ["--metrics-bind", "127.0.0.2"];
		return withHost(host, [...flags, ...bind], async (running) => {
			const [, port] = /metrics on 127\.0\.0\.2:(\d+)/.exec(running.stdout);
			const statusFor = async (host) => {
				const place = { host: "127.0.0.2", port, path: "/metrics" };
				const asked = get({ ...place, headers: { host }, agent: false });
				const [response] = await once(asked, "response");
				response.destroy();
				return response.statusCode;
			};
			assert.equal(await statusFor(`127.0.0.2:${port}`), 200);
			assert.equal(await statusFor("localhost"), 200);
			assert.equal(await statusFor("127.0.0.3"), 403);
		});
	});
}

// How a process starts and ends does not depend on its tier.
for (const host of metricsHosts.filter(({ name }) => name !== "addon-http")) {
	test(`${host.name}: a taken port of the metrics is one sentence and exit code 1`, async (t) => {
		const other = createServer().listen(0, "127.0.0.1");
		t.after(() => other.close());
		await once(other, "listening");
		const { port } = other.address();
		const taken = ["--port", "0", "--metrics-port", `${port}`];
		const { code, stdout, stderr } = await runToExit(host, taken);
		assert.match(
			stderr,
			new RegExp(`^[^\\n]*\\b${port}\\b[^\\n]*--metrics-port[^\\n]*\\.\\n$`),
		);
		assert.equal(stdout, "");
		assert.equal(code, 1);
	});

	test(`${host.name}: all requests of many connections at once are counted`, () =>
		withHost(host, flags, async (running) => {
			const connectionCount = 32;
			const each = amountOf(25, 250);
			const connections = await Promise.all(
				Array.from({ length: connectionCount }, () => connect(running.port)),
			);
			await Promise.all(
				connections.map(async (connection) => {
					for (let i = 0; i < each; i++) await connection.request(target);
				}),
			);
			const count = connectionCount * each;
			const metrics = await metricsAfter(running, count);
			assert.deepEqual(metrics.requests(), {
				[`GET 200 ${host.tier}`]: count,
			});
			for (const connection of connections) connection.destroy();
		}));

	test(`${host.name}: metrics are there until the drain is over`, () =>
		withHost(host, flags, async (running) => {
			const { port, pid } = running;
			assert.equal((await request(port, target)).status, 200);
			const slow = await connect(port);
			await slow.send("GET /qrcode?text=a HTTP/1.1\r\nHost: loc");
			process.kill(pid, "SIGTERM");
			await eventually("no connections", async () => !(await accepts(port)));
			const metrics = await readMetrics(running);
			assert.equal(metrics.value("http_requests_total"), 1);
			slow.destroy();
			await running.finished();
		}));
}

for (const host of [findHost("addon"), findHost("server")])
	test(`${host.name}: wrong flags of the metrics are one sentence and exit code 2`, () =>
		checkRows(
			[
				["--metrics-port", "banana"],
				["--metrics-port", "65536"],
				["--metrics-port", "-1"],
				["--allowed-hosts", ""],
				["--allowed-hosts", "a,"],
				["--allowed-hosts", "a, b"],
				["--allowed-hosts", "a:80"],
				["--allowed-hosts", "http://a"],
				["--allowed-hosts", "[::1]:80"],
				["--allowed-hosts", "*"],
			],
			async (flags) => {
				const bad = ["--port", "0", ...flags];
				const { code, stdout, stderr } = await runToExit(host, bad);
				assert.match(stderr, /^[^\n]+\n$/);
				assert.deepEqual([code, stdout], [2, ""]);
			},
		));

for (const host of metricsHosts.filter(({ native }) => native))
	test(`${host.name}: a client that goes before it has read its answers is counted as such`, () =>
		withHost(host, flags, async (running) => {
			const deaf = await connect(running.port);
			deaf.pause();
			// More than fits into the buffers of both ends.
			deaf.send(Buffer.concat(Array(40_000).fill(formatRequest(target))));
			const inFlight = async () =>
				(await readMetrics(running)).value("http_requests_in_flight");
			await eventually("an answer that is stuck", async () => {
				if ((await inFlight()) === 0) return false;
				await sleep(50);
				return (await inFlight()) === 1;
			});
			deaf.reset();
			await eventually("its end", async () => (await inFlight()) === 0);
			const metrics = await readMetrics(running);
			assert.equal(metrics.value("http_requests_total", { status: "499" }), 1);
		}));

test("a worker that crashes takes no counts with it", () =>
	withHost(
		findHost("addon, 2 processes"),
		flags,
		async (running) => {
			const { pid, port } = running;
			const counts = await sendAllKinds(port, "addon");
			const before = await metricsAfter(running, sum(counts));
			assert.equal(
				before.value("qrpng_restarts_total", { part: "process" }),
				0,
			);
			process.kill(childrenOf(pid)[0][0], "SIGKILL");
			await eventually("a restart", async () => {
				const metrics = await readMetrics(running);
				assert.deepEqual(metrics.requests(), counts);
				return metrics.value("qrpng_restarts_total", { part: "process" }) === 1;
			});
			const more = await sendAllKinds(port, "addon");
			const after = await metricsAfter(running, sum(counts) + sum(more));
			for (const key of Object.keys(counts)) counts[key] += more[key];
			assert.deepEqual(after.requests(), counts);
			const cpu = "process_cpu_seconds_total";
			assert.ok(after.value(cpu) >= before.value(cpu));
		},
		{ stderr: /^Worker \d+ ended \(SIGKILL\): starting another\.\n$/ },
	));

test("a worker that stands still counts as it last did", () =>
	withHost(findHost("addon, 2 processes"), flags, async (running) => {
		const counts = await sendAllKinds(running.port, "addon");
		await metricsAfter(running, sum(counts));
		const [[worker]] = childrenOf(running.pid);
		process.kill(worker, "SIGSTOP");
		try {
			assert.deepEqual((await readMetrics(running)).requests(), counts);
		} finally {
			process.kill(worker, "SIGCONT");
		}
	}));

test("a worker that dies amid a scrape does not hold it up", () =>
	withHost(
		findHost("addon, 2 processes"),
		flags,
		async (running) => {
			const counts = await sendAllKinds(running.port, "addon");
			await metricsAfter(running, sum(counts));
			const [[worker]] = childrenOf(running.pid);
			process.kill(worker, "SIGSTOP");
			const scrape = await connect(metricsPort(running));
			await scrape.send(formatRequest("/metrics"));
			await sleep(50); // mostly enough for the host to wait for the worker
			process.kill(worker, "SIGKILL");
			const { status, body } = await scrape.read();
			assert.equal(status, 200);
			assert.deepEqual(new Metrics(body.toString()).requests(), counts);
			scrape.destroy();
			await eventually("a restart", async () => {
				const metrics = await readMetrics(running);
				return metrics.value("qrpng_restarts_total", { part: "process" }) === 1;
			});
		},
		{ stderr: /^Worker \d+ ended \(SIGKILL\): starting another\.\n$/ },
	));

/** Fills up a coprocess host with --max-queue 2 whose children stand still; resolves to { connections, responses }. */
async function fillUp(running, tier) {
	const count = availableParallelism() * 8 + 2;
	const connections = await Promise.all(
		Array.from({ length: count }, () => connect(running.port)),
	);
	const responses = connections.map((connection) => connection.request(target));
	await eventually("a full queue", async () => {
		const metrics = await readMetrics(running);
		return (
			metrics.value("http_requests_in_flight") === count &&
			metrics.value("qrpng_queue_length", { tier }) === 2
		);
	});
	return { connections, responses };
}

/** One is refused, and one goes away; the others get their images when the children go on. */
async function checkFullQueue(running, tier, children) {
	const { connections, responses } = await fillUp(running, tier);
	assert.equal((await request(running.port, target)).status, 503);
	connections.at(-1).destroy();
	await assert.rejects(responses.pop());
	await eventually("an end that nobody reads", async () => {
		const metrics = await readMetrics(running);
		assert.equal(metrics.value("qrpng_queue_refused_total", { tier }), 1);
		const requests = metrics.requests();
		return (
			requests[`GET 499 ${tier}`] === 1 && requests[`GET 503 ${tier}`] === 1
		);
	});
	for (const child of children) process.kill(child, "SIGCONT");
	for (const response of responses) assert.equal((await response).status, 200);
	for (const connection of connections) connection.destroy();
}

test("coprocess: in flight, queue, refused, gone, restarts", () =>
	withHost(
		findHost("coprocess"),
		[...flags, "--max-queue", "2", "--answer-timeout-ms", "60000"],
		async (running) => {
			const tier = "coprocess";
			assert.equal((await request(running.port, target)).status, 200);
			const children = childrenOf(running.pid).map(([child]) => child);
			for (const child of children) process.kill(child, "SIGSTOP");
			try {
				await checkFullQueue(running, tier, children);
			} finally {
				for (const child of children) process.kill(child, "SIGKILL");
			}
			await eventually("restarts", async () => {
				const metrics = await readMetrics(running);
				assert.equal(metrics.value("qrpng_queue_length", { tier }), 0);
				return (
					metrics.value("qrpng_restarts_total", { part: tier }) ===
					children.length
				);
			});
		},
		{ stderr: /^(qrpng --pipe ended \(SIGKILL\): starting another\.\n)+$/ },
	));

test("sidecar: restarts", () =>
	withHost(
		findHost("sidecar"),
		flags,
		async (running) => {
			assert.equal((await request(running.port, target)).status, 200);
			const restarts = async () =>
				(await readMetrics(running)).value("qrpng_restarts_total", {
					part: "sidecar",
				});
			assert.equal(await restarts(), 0);
			process.kill(childrenOf(running.pid)[0][0], "SIGKILL");
			await eventually("one", async () => (await restarts()) === 1);
		},
		{ stderr: /^The sidecar ended \(SIGKILL\): starting another\.\n$/ },
	));

test("--tiers: each request counts for its tier", () => {
	const host = {
		...findHost("addon"),
		flags: ["server/app.js", "--tiers", "addon,js-best"],
	};
	return withHost(host, flags, async (running) => {
		const { port } = running;
		for (const query of ["", "&tier=addon", "&tier=js-best", "&tier=none"])
			await request(port, `${target}${query}`);
		const metrics = await metricsAfter(running, 4);
		assert.deepEqual(metrics.requests(), {
			"GET 200 addon": 2,
			"GET 200 js-best": 1,
			"GET 400 -": 1,
		});
	});
});
