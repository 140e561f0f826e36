// Which tiers there are and how each is started.
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const serverBinary = "build/Release/qrpng-server";

/** In the order of the comparison; others, found in server/tiers/, follow. */
const knownOrder = [
	"js",
	"js-best",
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
	"constant",
];

export const defaultTiers = [
	"js",
	"js-best",
	"cli",
	"addon",
	"server",
	"constant",
];

/** Everything else is relative to this tier, where it is measured. */
export const baseTier = "js";

function byKnownOrder(a, b) {
	const place = (id) => knownOrder.indexOf(id) + 1 || Infinity;
	return place(a) === place(b) ? a.localeCompare(b) : place(a) - place(b);
}

/** The ids that --tiers takes: those with a file in server/tiers/, and the C server. */
export function discoverTiers(directory = `${root}server/tiers`) {
	const files = existsSync(directory) ? readdirSync(directory) : [];
	const found = files
		.filter((name) => name.endsWith(".js"))
		.map((name) => name.slice(0, -3));
	return [...new Set([...found, ...defaultTiers])].sort(byKnownOrder);
}

function nativeServer(processes) {
	return {
		command: `${root}${serverBinary}`,
		args: ["--port", "0", "--threads", String(processes)],
		needs: serverBinary,
	};
}

function expressServer(id, processes) {
	return {
		command: process.execPath,
		args: [
			"server/app.js",
			...["--tier", id, "--port", "0", "--processes", String(processes)],
		],
		needs: `server/tiers/${id}.js`,
	};
}

/**
 * { id, engine, isCeiling, launch }: launch() says how a host that serves only this tier is started on a free port, with the engine
 * named, if any.
 */
export function describeTier(id, processes) {
	const { needs, command, args } =
		id === "server" ? nativeServer(processes) : expressServer(id, processes);
	return {
		id,
		engine: null,
		isCeiling: id === "constant",
		launch() {
			if (!existsSync(`${root}${needs}`))
				throw new Error(
					`${needs} is missing: npm run build makes what is built`,
				);
			const engineArgs = this.engine ? ["--engine", this.engine] : [];
			return { command, args: [...args, ...engineArgs], cwd: root };
		},
	};
}
