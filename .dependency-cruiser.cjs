// Which part of the repository may import from which: npx depcruise --config -- addon bench cli ffi js-best lib scripts server wasm
// checks it, and tests/arrows.test.js does. docs/architecture.md has graphs of what there is, drawn by `npm run imports`.

/**
 * Room → the rooms that its files may import from, beside their own and packages. To add a room, add a line; a room inside another, such as
 * server/api inside server, takes the place of the outer one for what is in it. tests/ may import from anywhere, and nobody from tests/.
 */
const rooms = {
	addon: [],
	wasm: [],
	lib: ["addon", "wasm"],
	cli: [],
	"cli/node": ["cli", "lib"],
	// What a tier and bench:core both measure lies below both.
	ffi: ["lib"],
	"js-best": [],
	// What all of the server's rooms may use lies in server/ itself; app.js, on top, is a room of its own.
	server: ["lib"],
	"server/app.js": ["server", "server/process", "server/metrics"],
	"server/process": ["server", "server/api", "server/metrics", "server/page"],
	"server/page": ["server", "server/api"],
	"server/metrics": ["server", "server/api"],
	"server/api": ["server"],
	"server/tiers": ["server", "server/tiers/parts", "lib", "ffi", "js-best"],
	"server/tiers/parts": ["server", "lib"],
	"server/nginx": ["server", "server/process", "server/tiers/parts"],
	scripts: [],

	// The kit goes over HTTP, gRPC and processes. Its rooms, from above to below; a file outside them is in the wrong place.
	bench: [],
	"bench/main.js": ["bench/commands"],
	"bench/commands": [
		"bench/run",
		"bench/report",
		"bench/subjects",
		"bench/load",
		"bench/hosts",
		"bench/results",
	],
	"bench/run": ["bench/subjects", "bench/load", "bench/hosts", "bench/results"],
	"bench/report": ["bench/results"],
	// Figures of runs, for README.md and docs/.
	"bench/front-page": ["bench/report", "bench/hosts", "bench/results"],
	// The subjects know this repository: which versions of Node it runs on, for one.
	"bench/subjects": ["bench/hosts", "bench/results", "scripts"],
	"bench/load": ["bench/hosts", "bench/results"],
	// The C server beside other web servers.
	"bench/server": [
		"bench/commands",
		"bench/subjects",
		"bench/load",
		"bench/hosts",
		"bench/results",
	],
	// The kit as a program, run over and over.
	"bench/proof": [
		"bench/commands",
		"bench/report",
		"bench/hosts",
		"bench/results",
	],
	"bench/hosts": [],
	"bench/results": [],
	// The bench of the bare function alone loads the packagings. It borrows what the kit has.
	"bench/core": [
		"lib",
		"ffi",
		"js-best",
		"bench/commands",
		"bench/run",
		"bench/report",
		"bench/subjects",
		"bench/hosts",
		"bench/results",
	],
};

const outside = "^(?!node_modules/|[.]{2}/)";
const escaped = (path) => path.replaceAll(".", "[.]");

/** What is in a room, without the rooms inside it. */
function pathOf(room) {
	const inner = Object.keys(rooms)
		.filter((other) => other.startsWith(`${room}/`))
		.map((other) => escaped(other.slice(room.length)));
	const others = inner.length ? `(?!(?:${inner.join("|")})(?:/|$))` : "";
	return `^${escaped(room)}${others}(?:/|$)`;
}

const arrows = Object.entries(rooms).map(([room, below]) => ({
	name: `${room} imports from ${below.join(", ") || "nothing outside it"}`,
	severity: "error",
	from: { path: pathOf(room) },
	to: {
		path: outside,
		pathNot: [room, ...below].map(pathOf),
		dependencyTypesNot: ["core"],
	},
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
	forbidden: [
		{
			name: "no circles",
			severity: "error",
			from: {},
			to: { circular: true },
		},
		...arrows,
	],
	options: {
		doNotFollow: { path: ["^node_modules/"] },
		exclude: { path: ["^build/", "^prebuilds/", "^results/"] },
		enhancedResolveOptions: {
			exportsFields: ["exports"],
			conditionNames: ["import", "require", "node", "default"],
		},
	},
};
