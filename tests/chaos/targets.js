// What is broken, and how: every host, and the command.
import { readdirSync, readFileSync } from "node:fs";
import { childrenOf, findHost } from "../contract/hosts.js";
import { injections } from "./injector.js";

const PRELOAD = "./tests/contract/fault-preload.js";
/** Short, so that there is time for many hangs. */
const LIMITS = [
	"--answer-timeout-ms",
	"1000",
	"--heartbeat-timeout-ms",
	"2000",
	"--queue-timeout-ms",
	"2000",
];
const PROCESS_FAULTS = ["kill", "kill all", "stop", "stop all", "pause"];

const livingChildren = (pid) =>
	childrenOf(pid)
		.filter(([, state]) => state !== "Z" && state !== undefined)
		.map(([child]) => child);

function withFlags(name, { before = [], after = [] }) {
	const host = findHost(name);
	return { ...host, flags: [...before, ...host.flags, ...after] };
}

function withChildren(tier) {
	return {
		name: tier,
		tier,
		host: withFlags(tier, { after: LIMITS }),
		faults: PROCESS_FAULTS,
		findVictims: livingChildren,
	};
}

/** Its faults come from within: see fault-preload.js. */
function withPreload(tier, { fault, query }) {
	const before = ["--import", `${PRELOAD}${query}`];
	return {
		name: `${tier}, ${fault}`,
		tier,
		faults: [fault],
		host: withFlags(tier, { before, after: LIMITS }),
	};
}

/** A worker that ends takes its connections with it. */
function cluster(tier) {
	const after = ["--processes", "2", ...LIMITS];
	return {
		name: `${tier}, 2 processes`,
		tier,
		mayCut: true,
		faults: PROCESS_FAULTS,
		findVictims: livingChildren,
		host: withFlags(tier, { after }),
	};
}

const isServer = (pid) => {
	try {
		return readFileSync(`/proc/${pid}/comm`, "latin1") === "qrpng-server\n";
	} catch {
		return false; // it has just ended
	}
};

/** What serves behind nginx: the C server alone, since a worker of nginx that ends takes its connections with it. */
const nginx = {
	name: "server-nginx",
	tier: "server-nginx",
	host: findHost("server-nginx"),
	faults: ["kill", "stop", "pause"],
	findVictims: (pid) => livingChildren(pid).filter(isServer),
};

/** Debian's libfaketime, if it is there. */
function findFakeTime() {
	return readdirSync("/usr/lib")
		.map((name) => `/usr/lib/${name}/faketime/libfaketimeMT.so.1`)
		.find((file) => {
			try {
				return readFileSync(file).length > 0;
			} catch {
				return false;
			}
		});
}

/** Calls that fail, limits and the clock; the connections that it happens to are closed. */
function callsOf(name, { faults, object, flagsIn }) {
	return {
		name: `${name}, calls`,
		tier: findHost(name).tier,
		mayCut: true,
		host: findHost(name),
		faults,
		injects: { object, flagsIn, fakeTime: findFakeTime() },
	};
}

const EVERYTHING = [
	...injections,
	"limit NOFILE",
	"limit NPROC",
	"limit FSIZE",
	"limit AS",
	"clock jump",
];
/** Node ends where it is refused memory, and it is of no use to anyone without descriptors for its own pipes. */
const NODE_FAULTS = EVERYTHING.filter((name) => name !== "limit AS");

const native = (name) =>
	callsOf(name, {
		faults: EVERYTHING,
		flagsIn: (directory) => ["--access-log", `${directory}/access.log`],
	});
const node = (name) =>
	callsOf(name, {
		faults: NODE_FAULTS,
		object: "qrpng",
		flagsIn: () => LIMITS,
	});

/** The command by itself: see commands.js. */
const commands = [
	{
		name: "qrpng",
		tier: "command",
		ways: ["toStdout", "toFile", "toBadStream"],
	},
	{ name: "qrpng --pipe", tier: "command", ways: ["pipe"] },
];

const natives = ["server", "server-uring"].filter((name) => findHost(name));

export const targets = [
	...["cli", "coprocess", "sidecar"].map(withChildren),
	withPreload("worker", { fault: "end thread", query: "" }),
	withPreload("worker", { fault: "hang thread", query: "?hang" }),
	withPreload("wasm", { fault: "trap", query: "" }),
	...["js", "js-best", "addon", "addon-http", "addon-async"].map(cluster),
	...["ffi", "wasm", "worker", "coprocess"].map(cluster),
	nginx,
	...natives.map(native),
	...["addon", "addon-http", "addon-async", "worker", "ffi"].map(node),
	...["cli", "coprocess", "sidecar", "addon, 2 processes"].map(node),
	...commands,
];
