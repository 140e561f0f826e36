// What must not bring a host down: clients that vanish, workers and children that crash, overload, ports that are taken.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { amountOf } from "../amount.js";
import {
	childrenOf,
	findHost,
	hosts,
	killChildrenUntil,
	killIfThere,
	kindsOfHosts,
	runToExit,
	withHost,
} from "./hosts.js";
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

/** Each way to vanish: the beginnings, the delays and the two ends repeat after 210. */
const abortCount = amountOf(210, 2_100);

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

const laneCount = 50;

for (const host of kindsOfHosts)
	test(`${host.name}: ${abortCount} aborted requests leave nothing behind`, () => {
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

			const lane = async (first) => {
				for (let i = first; i < abortCount; i += laneCount)
					await abort(port, i);
			};
			await Promise.all(Array.from({ length: laneCount }, (_, i) => lane(i)));

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
		{ stderr: /^([^\n]*qrpng --pipe[^\n]*\n)+$/ },
	));

test("sidecar: killed under load, it costs only the requests in flight", () =>
	withHost(
		findHost("sidecar"),
		[],
		async ({ pid, port, ...running }) => {
			const sidecars = () => childrenOf(pid).map(([child]) => child);
			const connections = await Promise.all(
				Array.from({ length: 32 }, () => connect(port)),
			);
			const statuses = { 200: 0, 503: 0 };
			const answersBySidecar = new Map();
			let done = false;
			const loads = connections.map(async (connection) => {
				while (!done) {
					const response = await connection.request(target);
					if (response.status !== 200)
						assertUnavailable(response, sentences.failed);
					statuses[response.status]++;
					const [sidecar] = sidecars();
					answersBySidecar.set(
						sidecar,
						(answersBySidecar.get(sidecar) ?? 0) + 1,
					);
				}
			});
			const kills = 2;
			let killed;
			for (let i = 0; i < kills; i++) {
				await eventually("many answers", () => {
					const [sidecar] = sidecars();
					return answersBySidecar.get(sidecar) > 200;
				});
				// It has lived for a second, so that its successor is started at once.
				await sleep(1_000);
				[killed] = sidecars();
				process.kill(killed, "SIGKILL");
			}
			await eventually("answers of the last sidecar", () => {
				const [sidecar] = sidecars();
				return sidecar !== killed && answersBySidecar.get(sidecar) > 0;
			});
			done = true;
			await Promise.all(loads);
			for (const connection of connections) connection.destroy();
			assert.ok(statuses[503] <= kills * connections.length, statuses[503]);
			assert.equal((await request(port, target)).status, 200);
			assert.equal(sidecars().length, 1);
			assert.ok(!running.exit);
		},
		{ stderr: /^([^\n]+\n)*$/ },
	));

test("server-nginx: each program that is killed is replaced, and nothing is left after the stop", () =>
	withHost(findHost("server-nginx"), [], async (running) => {
		const { pid, port } = running;
		const programs = () => childrenOf(pid).map(([child]) => child);
		const answers = async (wanted) =>
			(await request(port, wanted).catch(() => ({}))).status === 200;
		const socket = argumentOf(programs()[0], "--unix");
		for (const title of [/\/qrpng-server$/, /^nginx: master/, /\/node$/]) {
			const victim = programs().find((child) =>
				title.test(argumentsOf(child)[0]),
			);
			process.kill(victim, "SIGKILL");
			await eventually(
				"three programs again",
				() => programs().length === 3 && !programs().includes(victim),
			);
			await eventually("an image", () => answers(target));
			await eventually("Express", () => answers("/healthz"));
		}
		const stderr = /^([^\n]+ ended \(SIGKILL\): starting another\.\n){3}$/;
		await running.stop({ stderr });
		assert.ok(!existsSync(path.dirname(socket)));
	}));

test("server-nginx: while the C server is away, clients are told to come back", () =>
	withHost(
		findHost("server-nginx"),
		[],
		async ({ pid, port }) => {
			const find = () =>
				childrenOf(pid).find(([child]) =>
					argumentsOf(child)[0].endsWith("/qrpng-server"),
				)?.[0];
			// While the launcher stands still it replaces nothing.
			process.kill(pid, "SIGSTOP");
			process.kill(find(), "SIGKILL");
			assertUnavailable(await request(port, target), sentences.failed);
			assert.equal((await request(port, "/healthz")).status, 200);
			process.kill(pid, "SIGCONT");
			await eventually("an image", async () => {
				const response = await request(port, target);
				if (response.status !== 200)
					assertUnavailable(response, sentences.failed);
				return response.status === 200;
			});
		},
		{ stderr: /^[^\n]+ ended \(SIGKILL\): starting another\.\n$/ },
	));

test("server-nginx: nothing outlives a launcher that is killed", () =>
	withHost(findHost("server-nginx"), [], async (running) => {
		const programs = running.pids().slice(1);
		assert.equal(programs.length, 3);
		const socket = argumentOf(programs[0], "--unix");
		running.child.kill("SIGKILL");
		await running.exited;
		await eventually("their end", () => programs.every((pid) => isGone(pid)));
		rmSync(path.dirname(socket), { recursive: true });
	}));

/** The command line of a process. */
function argumentsOf(pid) {
	return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
}

/** Also true of one whose end nobody has asked for yet. */
function isGone(pid) {
	try {
		return / Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
	} catch {
		return true;
	}
}

/** The value that follows a flag on a process's command line. */
function argumentOf(pid, flag) {
	const args = argumentsOf(pid);
	return args[args.indexOf(flag) + 1];
}

test("sidecar: nothing of it is left after a stop", () =>
	withHost(findHost("sidecar"), [], async (running) => {
		assert.equal((await request(running.port, target)).status, 200);
		const [[sidecar]] = childrenOf(running.pid);
		const socket = argumentOf(sidecar, "--unix");
		assert.ok(existsSync(socket));
		await running.stop();
		assert.ok(!existsSync(socket));
	}));

test("sidecar: it does not outlive a host that is killed", () =>
	withHost(findHost("sidecar"), [], async (running) => {
		assert.equal((await request(running.port, target)).status, 200);
		const [[sidecar]] = childrenOf(running.pid);
		const socket = argumentOf(sidecar, "--unix");
		running.child.kill("SIGKILL");
		await running.exited;
		// The server removes its socket as the last thing it does.
		await eventually("its end", () => !existsSync(socket));
	}));

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
async function askAtOnce(running, count, wanted = target) {
	const connections = await Promise.all(
		Array.from({ length: count }, () => connect(running.port)),
	);
	running.signal("SIGSTOP");
	for (const connection of connections)
		await connection.send(formatRequest(wanted));
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

async function assertQueueIsBounded(running, count) {
	const responses = await askAtOnce(running, count, slowTarget);
	const busy = responses.filter(({ status }) => status === 503);
	for (const response of busy) assertUnavailable(response, sentences.busy);
	const images = responses.filter(({ status }) => status === 200);
	assert.ok(images.length >= 3, `${images.length} images`);
	assert.ok(busy.length > 0, "nobody was told to come back");
	assert.equal(images.length + busy.length, responses.length);
	assert.equal((await request(running.port, target)).status, 200);
}

/** An image that takes longer than all that Express does for it. */
const slowTarget = `/qrcode?text=${"x".repeat(2953)}&width=1024`;

/** [tier, how many requests are more than it runs at once and lets wait] */
for (const [tier, count] of [
	["cli", 12],
	["addon-async", 200],
])
	test(`${tier}: a full queue is 503, and what is in it is served`, () => {
		const flags = ["--max-concurrency", "1", "--max-queue", "2"];
		flags.push("--engine", "reference");
		return withHost(findHost(tier), flags, (running) =>
			assertQueueIsBounded(running, count),
		);
	});

test("sidecar: a full queue is 503, and what is in it is served", () =>
	withHost(findHost("sidecar"), ["--max-queue", "2"], async ({ pid, port }) => {
		assert.equal((await request(port, target)).status, 200);
		const [[sidecar]] = childrenOf(pid);
		process.kill(sidecar, "SIGSTOP");
		const responses = [];
		const asked = Array.from({ length: 100 }, async () => {
			responses.push(await request(port, target));
		});
		await eventually("refusals", () => responses.length > 0);
		process.kill(sidecar, "SIGCONT");
		await Promise.all(asked);
		const busy = responses.filter(({ status }) => status === 503);
		for (const response of busy) assertUnavailable(response, sentences.busy);
		const images = responses.filter(({ status }) => status === 200);
		assert.ok(images.length >= 3, `${images.length} images`);
		assert.equal(images.length + busy.length, responses.length);
	}));

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

test("cli: a child that is killed is 503, and the next one answers", () => {
	const text = "%C3%A9".repeat(1400);
	// Children that take long, so that one is met before it is done.
	const limit = ["--max-width", "4096"];
	return withHost(
		findHost("cli"),
		limit,
		async ({ pid, port }) => {
			const ask = () => request(port, `/qrcode?text=${text}&width=4096`);
			let failed;
			await eventually("a request whose children were all killed", async () => {
				failed = await killChildrenUntil(pid, ask());
				return failed.status !== 200;
			});
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

/** Asks until a child could be caught amid its work: { child, connection, response }. */
async function askAndHold({ pid, port }) {
	for (let i = 0; i < 200; i++) {
		const connection = await connect(port);
		const response = connection.request(`${target}&width=1024`);
		const settled = response.catch(() => {});
		const held = await holdChild(pid, settled);
		if (held) return { child: held[0], connection, response };
	}
	assert.fail("no child could be caught");
}

test("cli: a client that goes away takes its child with it", () =>
	withHost(findHost("cli"), [], async ({ pid, port }) => {
		const { connection, response } = await askAndHold({ pid, port });
		response.catch(() => {});
		assert.equal(childrenOf(pid).length, 1);
		connection.destroy();
		await eventually("its end", () => childrenOf(pid).length === 0);
		assert.equal((await request(port, target)).status, 200);
	}));

test("cli: a signal that was meant for the whole group cuts no request short", () =>
	withHost(findHost("cli"), [], async ({ pid, port }) => {
		const { child, response } = await askAndHold({ pid, port });
		process.kill(child, "SIGTERM");
		process.kill(child, "SIGCONT");
		assert.equal((await response).status, 200);
	}));

test("cli: a child that hangs is killed, and another makes the image", () =>
	withHost(
		findHost("cli"),
		["--answer-timeout-ms", "500"],
		async ({ pid, port }) => {
			const { child, response } = await askAndHold({ pid, port });
			assert.equal((await response).status, 200);
			assert.ok(!childrenOf(pid).some(([other]) => other === child));
		},
	));

/** Apart from these, a tier has no say in how a host starts. */
const startKinds = [
	...["addon", "addon, 2 processes", "addon-http", "coprocess", "sidecar"],
	...["worker", "server", "server, sanitized", "server-nginx"],
];

test("a taken port is one sentence and exit code 1", async (t) => {
	for (const host of hosts.filter(({ name }) => startKinds.includes(name)))
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
	["--queue-timeout-ms", "0"],
	["--answer-timeout-ms", "0"],
	["--heartbeat-timeout-ms", "-1"],
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
