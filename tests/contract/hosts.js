// The hosts under test, each a real process on loopback, started as a user would start it.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { isLong } from "../amount.js";
import { eventually, within } from "./http.js";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const sanitized = "build/Sanitize/qrpng-server";

/**
 * Makes the description of an Express host.
 * encodes: it looks at the text; geometry: its modules have whole, equal sizes (npm `qrcode` scales by fractions).
 */
function expressHost(tier, { name = tier, flags = [], ...properties } = {}) {
	return {
		name,
		tier,
		command: process.execPath,
		flags: ["server/app.js", "--tier", tier, ...flags],
		encodes: true,
		geometry: true,
		...properties,
	};
}

function nativeHost(name, binary, flags = []) {
	return {
		name,
		tier: "server",
		command: `${root}${binary}`,
		flags: ["--threads", "2", ...flags],
		encodes: true,
		geometry: true,
		native: true,
		sanitized: binary === sanitized,
	};
}

/** Containers mostly forbid io_uring; then the server says so and ends. */
function canUseUring() {
	const { status, stderr } = spawnSync(
		`${root}build/Release/qrpng-server`,
		["--port", "0", "--threads", "1", "--io", "uring", "--exit-with-stdin"],
		{ input: "", encoding: "utf8" },
	);
	const isForbidden = status === 1 && /io_uring can't be used/.test(stderr);
	return status !== null && !isForbidden;
}

/** proxied: nginx answers or repairs some of what is malformed before a server of ours sees it. */
const nginxHost = {
	name: "server-nginx",
	tier: "server",
	command: process.execPath,
	flags: ["server/nginx/run-nginx.js", "--threads", "2"],
	encodes: true,
	geometry: true,
	proxied: true,
};

const allHosts = [
	expressHost("js", { geometry: false }),
	expressHost("js-best"),
	expressHost("cli"),
	expressHost("addon"),
	expressHost("addon", {
		name: "addon, 2 processes",
		flags: ["--processes", "2"],
		cluster: true,
	}),
	expressHost("coprocess"),
	expressHost("wasm"),
	expressHost("ffi"),
	expressHost("addon-http"),
	expressHost("addon-async"),
	expressHost("worker"),
	expressHost("sidecar"),
	expressHost("constant", { encodes: false, geometry: false }),
	nativeHost("server", "build/Release/qrpng-server", ["--sandbox"]),
	nginxHost,
];
if (canUseUring())
	allHosts.push(
		nativeHost("server-uring", "build/Release/qrpng-server", [
			"--io",
			"uring",
			"--sandbox",
		]),
	);
if (existsSync(`${root}${sanitized}`))
	allHosts.push(nativeHost("server, sanitized", sanitized));
if (existsSync(`${root}build/image/qrpng-server`))
	allHosts.push(nativeHost("image", "build/image/qrpng-server", ["--sandbox"]));
if (existsSync(`${root}build/Release/qrpng-emscripten.wasm`))
	allHosts.push(expressHost("wasm-emscripten"));
if (existsSync(`${root}build/Release/qrpng-reference.wasm`)) {
	const flags = ["--engine", "reference"];
	allHosts.push(expressHost("wasm", { name: "wasm on reference", flags }));
}

// Names in TEST_HOSTS, separated by commas, leave out all others.
const wanted = process.env.TEST_HOSTS?.split(",");
export const hosts = allHosts.filter(
	({ name }) => wanted?.includes(name) ?? true,
);

/** They make their images in Express's own thread, and whatever is not about images comes out as with the tier addon. */
const likeAddon = ["js", "js-best", "wasm", "wasm-emscripten", "ffi"];
likeAddon.push("constant");

/** For what an image has no part in: one host of each kind; in npm run test:long, or with TEST_HOSTS, all of them. */
export const kindsOfHosts =
	isLong || wanted
		? hosts
		: hosts.filter(({ tier }) => !likeAddon.includes(tier));

/** Hosts whose images show the text. */
export const encodingHosts = hosts.filter(({ encodes }) => encodes);

export const findHost = (name) => allHosts.find((host) => host.name === name);

const environment = {
	...process.env,
	ASAN_OPTIONS: "detect_leaks=1:exitcode=99",
	UBSAN_OPTIONS: "print_stacktrace=1:halt_on_error=1",
	QR_TIERS_FLAG_MAX_WAIT_MS: "600000", // on a busy machine nobody is refused for that
};
// Set by the runner for its own children.
delete environment.NODE_TEST_CONTEXT;
delete environment.NODE_OPTIONS;

const live = new Set();
process.on("exit", () => {
	for (const child of live) child.kill("SIGKILL");
});

/** [pid, state] of every child of that process. */
export function childrenOf(pid) {
	return pidsThatMayBeChildren(pid)
		.map((child) => [Number(child), ...readStat(child)])
		.filter(([, , parent]) => parent === pid)
		.map(([child, state]) => [child, state]);
}

/** What the kernel says of its threads, or, where it doesn't, all processes: to look at them takes 50 times as long. */
function pidsThatMayBeChildren(pid) {
	try {
		return readdirSync(`/proc/${pid}/task`).flatMap(
			(thread) =>
				readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1").match(
					/\d+/g,
				) ?? [],
		);
	} catch {
		return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
	}
}

function readStat(pid) {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
		const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		return [state, Number(parent)];
	} catch {
		return []; // it has gone in the meantime
	}
}

/** False if that process has ended by itself. */
export function killIfThere(pid, signal = "SIGKILL") {
	try {
		return process.kill(pid, signal);
	} catch (error) {
		assert.equal(error.code, "ESRCH");
		return false;
	}
}

/** Kills every child of a process as soon as it is seen, until a promise is settled, which is returned. */
export async function killChildrenUntil(pid, promise) {
	let done = false;
	const stop = () => {
		done = true;
	};
	promise.then(stop, stop);
	while (!done) {
		for (const [child] of childrenOf(pid)) killIfThere(child);
		await new Promise(setImmediate);
	}
	return promise;
}

export class RunningHost {
	stdout = "";
	stderr = "";
	exit = null;

	constructor(host, flags) {
		this.child = spawn(host.command, [...host.flags, ...flags], {
			cwd: root,
			env: { ...environment, ...host.env },
			stdio: ["ignore", "pipe", "pipe"],
			// A process group of its own, so that a signal can go to all of it.
			detached: true,
		});
		live.add(this.child);
		this.child.stdout.setEncoding("utf8").on("data", (text) => {
			this.stdout += text;
		});
		this.child.stderr.setEncoding("utf8").on("data", (text) => {
			this.stderr += text;
		});
		this.exited = new Promise((resolve) => {
			this.child.on("error", (error) => resolve({ error }));
			this.child.on("close", (code, signal) => resolve({ code, signal }));
		}).then((exit) => {
			live.delete(this.child);
			this.exit = exit;
			return exit;
		});
	}

	get pid() {
		return this.child.pid;
	}

	get port() {
		const ready =
			/^listening on http:\/\/127\.0\.0\.1:(\d+)\/(?: \(.*\))?\n$/.exec(
				this.stdout,
			);
		assert.ok(ready, `not one ready line: ${JSON.stringify(this.stdout)}`);
		return Number(ready[1]);
	}

	async ready() {
		await eventually(
			"the ready line",
			() => this.stdout.includes("\n") || this.exit,
		);
		if (this.exit) throw new Error(`no start: ${this.stderr}`);
		return this;
	}

	/** The host and its workers. */
	pids() {
		return [this.pid, ...childrenOf(this.pid).map(([pid]) => pid)];
	}

	signal(signal) {
		for (const pid of this.pids()) process.kill(pid, signal);
	}

	/** Waits for the end and checks that it was a clean one. */
	async finished({ stderr = /^$/ } = {}) {
		const exit = await within("exit", this.exited);
		assert.match(this.stderr, stderr);
		assert.deepEqual(exit, { code: 0, signal: null });
		const isOnPath = /^listening on unix:[^\n]*\n$/.test(this.stdout);
		assert.ok(isOnPath || this.port, "only the ready line on stdout");
	}

	async stop(options) {
		this.child.kill("SIGTERM");
		await this.finished(options);
	}

	/** Leaves nothing behind, whatever state the host is in. */
	kill() {
		try {
			process.kill(-this.pid, "SIGKILL");
		} catch {
			// nothing of it is left
		}
	}
}

/** So long that a drain which only this ends is seen to hang. */
const longDrain = ["--drain-timeout-ms", "600000"];

/** Starts a host on a free port and waits until it is ready. */
export const startHost = (host, flags = []) =>
	start(host, ["--port", "0", ...flags]);

/** Starts one of the C server's on a Unix socket. */
export const startOnPath = (host, socketPath) =>
	start(host, ["--unix", socketPath]);

async function start(host, flags) {
	const running = new RunningHost(host, [...longDrain, ...flags]);
	try {
		return await running.ready();
	} catch (error) {
		running.kill();
		throw error;
	}
}

/** Runs use with a host of its own. use may stop it; if not, it is stopped afterwards. Checked is a clean end. */
export async function withHost(host, flags, use, stopOptions) {
	const running = await startHost(host, flags);
	try {
		await use(running);
		if (!running.exit) await running.stop(stopOptions);
	} finally {
		running.kill();
	}
}

/** Starts a host that is expected to refuse its flags; resolves with { code, stdout, stderr }. */
export async function runToExit(host, flags) {
	const running = new RunningHost(host, flags);
	try {
		const { code } = await within("exit", running.exited);
		return { code, stdout: running.stdout, stderr: running.stderr };
	} finally {
		running.kill();
	}
}

/**
 * Describes the same tests for several hosts, each started once for all of its tests and stopped by the last of them.
 * @param {object[]} selected
 * @param {(host: object, server: { port: number, running: RunningHost }) => void} define
 * @param {string[]} flags
 */
export function describeHosts(selected, define, flags = []) {
	for (const host of selected) {
		describe(host.name, () => {
			const server = { port: 0, running: null };
			before(async () => {
				server.running = await startHost(host, flags);
				server.port = server.running.port;
			});
			after(() => server.running?.kill());
			define(host, server);
			test("it ends cleanly", () => server.running.stop());
		});
	}
}

/** Runs check on every row and fails with all the messages, so that one bad row does not hide the others. */
export async function checkRows(rows, check) {
	const failures = [];
	for (const row of rows) {
		try {
			await check(row);
		} catch (error) {
			const name = JSON.stringify(row).slice(0, 100);
			failures.push(`${name}: ${error.message}`);
		}
	}
	assert.ok(failures.length === 0, `\n${failures.join("\n")}`);
}
