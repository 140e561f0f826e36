// Which tiers there are and how each is started.
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

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
	"server-nginx",
	"js-best",
	"constant",
	"server-constant",
];

export const defaultTiers = [
	...["js", "cli", "addon", "server"],
	...["js-best", "constant"],
];

/** The article's tiers all rest on one library, as those on the first of these do. */
export const defaultEngines = ["reference", "fast"];

/** Everything else is relative to this tier, where it is measured. */
export const baseTier = "js";

/** No tiers, but what any tier could reach: a constant image, from Express and from libmicrohttpd. */
export const ceilings = { express: "constant", program: "server-constant" };

/** Hosts that are programs of their own; all other tiers are served by Express. */
const programs = {
	server: "build/Release/qrpng-server",
	[ceilings.program]: "build/Release/constant-server",
};

function byKnownOrder(a, b) {
	const place = (id) => knownOrder.indexOf(id) + 1 || Infinity;
	return place(a) === place(b) ? a.localeCompare(b) : place(a) - place(b);
}

/** The ids that --tiers takes: those with a file in server/tiers/, and the programs. */
export function discoverTiers(directory = `${root}server/tiers`) {
	const files = existsSync(directory) ? readdirSync(directory) : [];
	const found = files
		.filter((name) => name.endsWith(".js"))
		.map((name) => name.slice(0, -3));
	const ids = [...found, ...defaultTiers, ...Object.keys(programs)];
	return [...new Set(ids)].sort(byKnownOrder);
}

function program(id, { processes }) {
	return {
		needs: programs[id],
		command: `${root}${programs[id]}`,
		args: ["--port", "0", "--threads", `${processes}`],
	};
}

function expressServer(id, { processes, node }) {
	const size = ["--port", "0", "--processes", `${processes}`];
	return {
		needs: `server/tiers/${id}.js`,
		command: node,
		args: ["server/app.js", "--tier", id, ...size],
	};
}

/** What a row is called: js, addon@fast. */
export function nameOf({ id, engine }) {
	return engine ? `${id}@${engine}` : id;
}

/** By engine, in the order of `engines`: the base tier is with the first, others without an engine come last. */
export function groupOf({ id, engine }, engines) {
	if (!engine) return id === baseTier ? 0 : engines.length + 1;
	const place = engines.indexOf(engine);
	return place === -1 ? engines.length : place;
}

/**
 * { id, engine, isCeiling, launch }: launch() says how a host that serves only this tier, on this engine (null: its own default, or none),
 * is started on a free port. `node` runs Express.
 */
export function describeTier({ id, engine = null }, { processes, node }) {
	const describeHost = id in programs ? program : expressServer;
	const { needs, command, args } = describeHost(id, { processes, node });
	const engineArgs = engine === null ? [] : ["--engine", engine];
	return {
		id,
		engine,
		isCeiling: Object.values(ceilings).includes(id),
		launch() {
			if (!existsSync(`${root}${needs}`))
				throw new Error(
					`${needs} is missing: npm run bench makes what is built`,
				);
			return { command, args: [...args, ...engineArgs], cwd: root };
		},
	};
}
