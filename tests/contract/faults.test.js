// What must not bring a host down: clients that vanish, workers and children that crash, overload, ports that are taken.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { childrenOf, findHost, hosts, runToExit, withHost } from "./hosts.js";
import { connect, eventually, formatRequest, request, sleep } from "./http.js";
import { sentences } from "./refusals.js";

const target = "/qrcode?text=a";

/** What a client may have sent when it vanishes. */
const beginnings = [
	"",
	"GET /qrcode?te",
	"GET /qrcode?text=a HTTP/1.1\r\nHost: loc",
	formatRequest(target),
	formatRequest("/qrcode?text=b&width=29"),
	Buffer.concat([formatRequest(target), formatRequest(target)]),
	formatRequest(target, { method: "POST", headers: ["Content-Length: 10"] }),
];

/** Vanishes by a reset or by a regular close, at once or when an answer may have been begun. */
async function abort(port, i) {
	const connection = await connect(port);
	const beginning = beginnings[i % beginnings.length];
	if (beginning.length > 0) await connection.send(beginning);
	if (i % 3 === 0) await sleep(i % 5);
	if (i % 2) connection.reset();
	else connection.destroy();
}

function countDescriptors(pids) {
	return pids
		.map((pid) => readdirSync(`/proc/${pid}/fd`).length)
		.reduce((sum, count) => sum + count);
}

for (const host of hosts)
	test(`${host.name}: 2,000 aborted requests leave nothing behind`, () => {
		const flags = ["--request-timeout-ms", "1000"];
		return withHost(host, flags, async ({ pid, port, ...running }) => {
			const pids = [pid, ...childrenOf(pid).map(([child]) => child)];
			// The first requests open what stays open.
			for (let i = 0; i < 8; i++)
				assert.equal((await request(port, target)).status, 200);
			await sleep(200);
			const before = countDescriptors(pids);
			const countChildren = () => pids.flatMap(childrenOf).length;
			const childrenBefore = countChildren();

			for (let i = 0; i < 2_000; i += 50)
				await Promise.all(
					Array.from({ length: 50 }, (_, j) => abort(port, i + j)),
				);

			assert.equal((await request(port, target)).status, 200);
			await eventually(
				`${before} file descriptors as before`,
				() => countDescriptors(pids) <= before + 2,
			);
			await eventually(
				`${childrenBefore} children as before`,
				() => countChildren() === childrenBefore,
			);
			assert.equal((await request(port, target)).status, 200);
			assert.ok(!running.exit);
		});
	});

test("coprocess: children that are killed are replaced", () =>
	withHost(
		findHost("coprocess"),
		[],
		async ({ pid, port, ...running }) => {
			assert.equal((await request(port, target)).status, 200);
			const victims = childrenOf(pid).map(([child]) => child);
			assert.ok(victims.length > 0);
			for (const victim of victims) process.kill(victim, "SIGKILL");
			await eventually("an image again", async () => {
				const { status } = await request(port, target);
				assert.ok(status === 200 || status === 503, `status ${status}`);
				return status === 200;
			});
			await eventually(
				"as many children as before",
				() => childrenOf(pid).length === victims.length,
			);
			for (const [child] of childrenOf(pid))
				assert.ok(!victims.includes(child));
			assert.ok(!running.exit);
		},
		{ stderr: /^(Error: [^\n]*qrpng --pipe[^\n]*\n)*$/ },
	));

test("a cluster replaces workers that crash while others serve", () => {
	const host = findHost("addon, 2 processes");
	const stderr = /^([^\n]*[Ww]orker[^\n]*\n)+$/;
	const crash = async (running) => {
		const { port, pid } = running;
		const workers = () => childrenOf(pid).map(([child]) => child);
		const [victim] = workers();
		const connections = await Promise.all(
			Array.from({ length: 8 }, () => connect(port)),
		);
		for (const connection of connections) await connection.request(target);
		process.kill(victim, "SIGKILL");
		await eventually("its end", () => !workers().includes(victim));

		// New connections are served, and so are those that the other worker holds.
		for (let i = 0; i < 20; i++)
			assert.equal((await request(port, target)).status, 200);
		const held = connections.filter(({ ended }) => !ended);
		for (const connection of held)
			assert.equal((await connection.request(target)).status, 200);
		for (const connection of connections) connection.destroy();
		await eventually("two workers", () => workers().length === 2);
		return held.length;
	};
	const use = async (running) => {
		const held = await crash(running);
		assert.ok(held > 0 && held < 8, `${held} of 8 connections survived`);
		// Now the other one, so that its successor has to serve.
		await crash(running);
		assert.equal((await request(running.port, target)).status, 200);
	};
	return withHost(host, [], use, { stderr });
});

/** Answers to as many requests as given, which all reach the host at the same moment. */
async function askAtOnce(running, count) {
	const connections = await Promise.all(
		Array.from({ length: count }, () => connect(running.port)),
	);
	running.signal("SIGSTOP");
	for (const connection of connections)
		await connection.send(formatRequest(target));
	running.signal("SIGCONT");
	return Promise.all(
		connections.map(async (connection) => {
			const response = await connection.read();
			connection.destroy();
			return response;
		}),
	);
}

function assertUnavailable({ status, headers, body }, sentence) {
	assert.equal(status, 503);
	assert.equal(body.toString(), `${sentence}\n`);
	assert.equal(headers["retry-after"], "1");
	assert.equal(headers["cache-control"], "no-store");
	assert.equal(headers["content-type"], "text/plain; charset=utf-8");
	assert.equal(headers.etag, undefined);
}

test("cli: a full queue is 503, and what is in it is served", () => {
	const flags = ["--max-concurrency", "1", "--max-queue", "2"];
	return withHost(findHost("cli"), flags, async (running) => {
		const responses = await askAtOnce(running, 12);
		const busy = responses.filter(({ status }) => status === 503);
		for (const response of busy) assertUnavailable(response, sentences.busy);
		const images = responses.filter(({ status }) => status === 200);
		assert.ok(images.length >= 3, `${images.length} images`);
		assert.ok(busy.length > 0, "nobody was told to come back");
		assert.equal(images.length + busy.length, responses.length);
		assert.equal((await request(running.port, target)).status, 200);
	});
});

test("cli: with room in the queue nobody is turned away", () => {
	const flags = ["--max-concurrency", "1", "--max-queue", "100"];
	return withHost(findHost("cli"), flags, async (running) => {
		const responses = await askAtOnce(running, 40);
		assert.deepEqual(
			responses.map(({ status }) => status),
			Array(40).fill(200),
		);
	});
});

function killIfThere(pid, signal = "SIGKILL") {
	try {
		process.kill(pid, signal);
	} catch (error) {
		assert.equal(error.code, "ESRCH");
	}
}

/** Kills every child of the host as soon as it is seen, until a response has come. */
async function killChildrenUntil(pid, response) {
	let done = false;
	response.finally(() => {
		done = true;
	});
	while (!done) {
		for (const [child] of childrenOf(pid)) killIfThere(child);
		await new Promise(setImmediate);
	}
	return response;
}

test("cli: a child that is killed is 503, and the next one answers", () => {
	const text = "%C3%A9".repeat(1400);
	return withHost(
		findHost("cli"),
		[],
		async ({ pid, port }) => {
			const ask = () => request(port, `/qrcode?text=${text}&width=1024`);
			let failed = { status: 200 };
			for (let i = 0; i < 50 && failed.status === 200; i++)
				failed = await killChildrenUntil(pid, ask());
			assertUnavailable(failed, sentences.failed);
			assert.equal((await ask()).status, 200);
		},
		{ stderr: /^([^\n]*\bSIGKILL\b[^\n]*\n)+$/ },
	);
});

/** Children that run the command; before that they are copies of the host, which waits for them. */
function commandsOf(pid) {
	return childrenOf(pid).filter(([child]) => {
		try {
			return readFileSync(`/proc/${child}/comm`, "latin1") === "qrpng\n";
		} catch {
			return false;
		}
	});
}

/** Stops a child before it is done and returns its state, or undefined if the response came first. */
async function holdChild(pid, response) {
	let done = false;
	response.finally(() => {
		done = true;
	});
	while (!done) {
		for (const [child] of commandsOf(pid)) killIfThere(child, "SIGSTOP");
		const held = commandsOf(pid).find(([, state]) => state === "T");
		if (held) return held;
		await new Promise(setImmediate);
	}
}

test("cli: a client that goes away takes its child with it", () =>
	withHost(findHost("cli"), [], async ({ pid, port }) => {
		let held;
		let connection;
		for (let i = 0; i < 200 && held === undefined; i++) {
			connection = await connect(port);
			const response = connection.request(`${target}&width=1024`);
			held = await holdChild(
				pid,
				response.catch(() => {}),
			);
		}
		assert.ok(held, "no child could be caught");
		assert.equal(childrenOf(pid).length, 1);
		connection.destroy();
		await eventually("its end", () => childrenOf(pid).length === 0, 5_000);
		assert.equal((await request(port, target)).status, 200);
	}));

test("a taken port is one sentence and exit code 1", async (t) => {
	for (const host of hosts)
		await t.test(host.name, () =>
			withHost(host, [], async ({ port }) => {
				const second = await runToExit(host, ["--port", String(port)]);
				assert.match(
					second.stderr,
					new RegExp(`^[^\\n]*\\b${port}\\b[^\\n]*\\.\\n$`),
				);
				assert.equal(second.stdout, "");
				assert.equal(second.code, 1);
				for (let i = 0; i < 10; i++)
					assert.equal((await request(port, "/healthz")).status, 200);
			}),
		);
});

const badFlags = [
	["--port", "banana"],
	["--port", "65536"],
	["--port", "-1"],
	["--port", ""],
	["--port"],
	["--max-width", "0"],
	["--max-width", "4097"],
	["--request-timeout-ms", "0"],
	["--request-timeout-ms", "1e3"],
	["--drain-timeout-ms", "-1"],
	["--engine", "none"],
	["--no-such-flag"],
	["stray"],
];
const badExpressFlags = [
	["--tier", "none"],
	["--tier", "../app"],
	["--tiers", "js,none"],
	["--processes", "0"],
	["--max-queue", "-1"],
	["--max-concurrency", "0"],
];
const badNativeFlags = [
	["--bind", "localhost!"],
	["--threads", "0"],
	["--threads", "many"],
	["--max-connections", "0"],
];

for (const host of [findHost("addon"), findHost("server")])
	test(`${host.name}: wrong flags are one sentence and exit code 2`, async () => {
		const rows = [
			...badFlags,
			...(host.native ? badNativeFlags : badExpressFlags),
		];
		const wrong = [];
		for (const flags of rows) {
			const { code, stdout, stderr } = await runToExit(host, flags);
			if (code !== 2 || stdout !== "" || !/^[^\n]+\n$/.test(stderr))
				wrong.push({ flags: flags.join(" "), code, stdout, stderr });
		}
		assert.deepEqual(wrong, []);
	});

test("--help is on stdout, with exit code 0", async () => {
	for (const name of ["addon", "server"]) {
		const host = findHost(name);
		const { code, stdout, stderr } = await runToExit(host, ["--help"]);
		assert.equal(stderr, "");
		assert.equal(code, 0);
		for (const flag of ["port", "bind", "engine", "max-width"])
			assert.match(stdout, new RegExp(`--${flag}\\b`));
	}
});

/** Local addresses that listen on that port, as the kernel writes them. */
function listenersOn(port) {
	const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
	return ["/proc/net/tcp", "/proc/net/tcp6"]
		.filter(existsSync)
		.flatMap((file) => readFileSync(file, "latin1").trim().split("\n").slice(1))
		.map((line) => line.trim().split(/\s+/))
		.filter(
			([, local, , state]) => state === "0A" && local.endsWith(`:${hexPort}`),
		)
		.map(([, local]) => local.split(":")[0]);
}

test("only loopback is listened on by default", async (t) => {
	for (const name of ["addon", "addon, 2 processes", "server"])
		await t.test(name, async () => {
			const host = findHost(name);
			await withHost(host, [], async ({ port }) => {
				assert.deepEqual([...new Set(listenersOn(port))], ["0100007F"]);
			});
		});
});
