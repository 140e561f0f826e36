// What is broken, and how: every host that has children, threads or processes.
import { readFileSync } from "node:fs";
import { childrenOf, findHost } from "../contract/hosts.js";

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

export const targets = [
	...["cli", "coprocess", "sidecar"].map(withChildren),
	withPreload("worker", { fault: "end thread", query: "" }),
	withPreload("worker", { fault: "hang thread", query: "?hang" }),
	withPreload("wasm", { fault: "trap", query: "" }),
	...["js", "js-best", "addon", "addon-http", "addon-async"].map(cluster),
	...["ffi", "wasm", "worker", "coprocess"].map(cluster),
	nginx,
];
