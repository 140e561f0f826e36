// Which tiers there are and how each is started.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ceilings } from "../results/roles.js";
import { buildEnvironment, builtProgram } from "./builds.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** In the order of the comparison; others, found in server/tiers/, follow. */
const knownOrder = [
	"js",
	"cli",
	"coprocess",
	"wasm",
	"wasm-emscripten",
	"ffi",
	"addon",
	"addon-http",
	"addon-async",
	"worker",
	"sidecar",
	"server",
	"server-uring",
	"server-nginx",
	"js-best",
	"constant",
	"server-constant",
];

/** The article's five, and what else there is to choose or to hope for. */
export const defaultTiers = [
	"js",
	"cli",
	"wasm",
	"addon",
	"server",
	"js-best",
	"addon-http@fast",
	"constant",
];

/** The article's tiers all rest on one library, as those on the first of these do. */
export const defaultEngines = ["reference", "fast"];

/**
 * Hosts that are programs of their own, which know GET alone; all other tiers are served by Express. A program is built, or a script
 * that Node runs.
 * @type {Record<string, { built?: string, script?: string, flags?: string[] }>}
 */
const programs = {
	server: { built: "qrpng-server" },
	"server-uring": { built: "qrpng-server", flags: ["--io", "uring"] },
	"server-nginx": { script: "server/nginx/run-nginx.js" },
	[ceilings.program]: { built: "constant-server" },
};

/** @type {(id: string) => boolean} */
export const isProgram = (id) => id in programs;

function byKnownOrder(a, b) {
	const place = (id) => knownOrder.indexOf(id) + 1 || Infinity;
	return place(a) === place(b) ? a.localeCompare(b) : place(a) - place(b);
}

/** The folder of the tiers in a tree of this repository: a tier is a file there, called after its id. */
const tierFolder = (tree) => join(tree, "server/tiers");

/**
 * The file of a tier that runs in Node, in this tree or in another.
 * @type {(id: string, tree?: string) => string}
 */
export const tierFile = (id, tree = root) => join(tierFolder(tree), `${id}.js`);

/**
 * The ids that --tiers takes: those with a file in server/tiers/, and the programs.
 * @type {(directory?: string) => string[]}
 */
export function discoverTiers(directory = tierFolder(root)) {
	const files = existsSync(directory) ? readdirSync(directory) : [];
	const found = files
		.filter((name) => name.endsWith(".js"))
		.map((name) => name.slice(0, -3));
	const ids = [...found, ...Object.keys(programs)];
	return [...new Set(ids)].sort(byKnownOrder);
}

/** @type {(row: any) => Kit.Launch} */
function launchProgram({ id, processes, build }) {
	const { built, script, flags = [] } = programs[id];
	const args = ["--port", "0", "--threads", `${processes}`, ...flags];
	if (script)
		return { ...nodeScript(script, args), env: buildEnvironment(build) };
	return { command: builtProgram(`${built}`, build), args };
}

function nodeScript(script, args, node = process.execPath) {
	if (!existsSync(`${root}${script}`)) throw new Error(`${script} is missing.`);
	return { command: node, args: [script, ...args] };
}

/** However long a request has to wait, it is done, and counts. As a variable, since older commits don't know the flag. */
const patience = { QR_TIERS_FLAG_MAX_WAIT_MS: "3600000" };

/** @type {(row: any, node: string) => Kit.Launch} */
function launchExpress({ id, processes, transport, build }, node) {
	const size = ["--port", "0", "--processes", `${processes}`];
	const grpc = transport === "grpc" ? ["--grpc-port", "0"] : [];
	const args = ["--tier", id, ...size, ...grpc];
	return {
		...nodeScript("server/app.js", args, node),
		env: { ...buildEnvironment(build), ...patience },
	};
}

/**
 * How a host is started that serves only this tier, on this engine (its own default, or none, unless it is named), on a free port. Throws
 * a sentence if something is missing. `nodePaths`: version → binary that runs Express.
 * @type {(row: Partial<Kit.Settings> & Kit.Selection, options?: { nodePaths?: Map<string, string> }) => Kit.Launch}
 */
export function launchTier(row, { nodePaths = new Map() } = {}) {
	const whole = { processes: 1, ...row, build: row.build ?? "release" };
	const node = nodePaths.get(row.node ?? "") ?? process.execPath;
	const { command, args, env } = isProgram(row.id)
		? launchProgram(whole)
		: launchExpress(whole, node);
	const engineArgs = row.engine ? ["--engine", row.engine] : [];
	return { command, args: [...args, ...engineArgs], env, cwd: root };
}
