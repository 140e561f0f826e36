// How far each of this repository's tiers goes: what it is in plain words, what it lives in, and what it costs whoever adopts it.

/** What an app is served by; a step into another one leaves the app's own HTTP server. */
export const hosts = {
	express: "Express",
	http: "node:http",
	program: "a program in C",
	other: "another server",
};

/** What encodes, in words. */
const cores = {
	reference: "libqrencode",
	fast: "the C core",
};

const core = (engine) => cores[engine] ?? "native code";

/**
 * From near to far: a tier's id → { name: of an engine, host, isSameLanguage, price }. The order is that of what has to be built, shipped, watched
 * and feared.
 */
const known = {
	js: { name: () => "npm qrcode", isSameLanguage: true, price: "nothing" },
	"js-best": {
		name: () => "npm qr with a PNG writer",
		isSameLanguage: true,
		price: "another library",
	},
	wasm: {
		name: (engine) => `${core(engine)} as WebAssembly`,
		price: "a module to ship",
	},
	"wasm-emscripten": {
		name: (engine) => `${core(engine)} as WebAssembly, by Emscripten`,
		price: "a module, and its toolchain",
	},
	addon: {
		name: (engine) => `${core(engine)} as a native addon`,
		price: "native code in the process",
	},
	ffi: {
		name: (engine) => `${core(engine)} through FFI`,
		price: "native code, and an FFI library",
	},
	"addon-async": {
		name: (engine) => `${core(engine)} as an addon on the thread pool`,
		price: "native code on threads",
	},
	worker: {
		name: (engine) => `${core(engine)} in worker threads`,
		price: "native code in a pool of threads",
	},
	cli: {
		name: (engine) => `a command of ${core(engine)}, started for each request`,
		price: "a process for each request",
	},
	coprocess: {
		name: (engine) => `a command of ${core(engine)} that stays`,
		price: "children to watch",
	},
	sidecar: {
		name: (engine) => `a C server of ${core(engine)} beside the app`,
		price: "a second service to run",
	},
	"addon-http": {
		name: (engine) =>
			`${core(engine)} as an addon behind node:http, without Express`,
		host: hosts.http,
		price: "native code, and no Express",
	},
	server: {
		name: (engine) => `a C server of ${core(engine)} in the app's place`,
		host: hosts.program,
		price: "a service in C to own",
	},
	"server-uring": {
		name: (engine) => `a C server of ${core(engine)} on io_uring`,
		host: hosts.program,
		price: "a service in C, with io_uring",
	},
	"server-nginx": {
		name: (engine) => `a C server of ${core(engine)} behind nginx`,
		host: hosts.program,
		price: "a service in C, and a proxy",
	},
};

const order = Object.keys(known);

/** Tiers of others go as far as their place in the list says. */
function unknownStep({ id, node, target }) {
	if (target) return { name: () => id, host: hosts.other, price: "" };
	return {
		name: () => id,
		host: node === null ? "a program of its own" : "the same app",
		price: "",
	};
}

/**
 * What adopting a row's tier means. `ownTiers`: whether its id is one of this repository's tiers.
 * @type {(row: Kit.SummaryRow, ownTiers: boolean) => Kit.Step}
 */
export function stepOf(row, ownTiers) {
	const step = (ownTiers && !row.target && known[row.id]) || unknownStep(row);
	const place = ownTiers ? order.indexOf(row.id) : -1;
	return {
		name: step.name(row.engine),
		host: step.host ?? hosts.express,
		price: step.price,
		isSameLanguage: step.isSameLanguage ?? false,
		distance: place === -1 ? order.length : place,
	};
}
