import { availableParallelism } from "node:os";
import { Limiter } from "../limiter.js";
import { readEngines, SERVER } from "./parts/command.js";
import { retryLost } from "./parts/retry.js";
import { checkSocketFolder, Sidecar } from "./parts/sidecar.js";

const THREADS = availableParallelism();
// Each carries one request at a time. Measured: with 16 Express serves a tenth less, with 128 no more.
const CONNECTIONS = 64;

/** @type {Map<string, Sidecar>} */
const sidecarsByEngine = new Map();
/** @type {Map<string, string>} */
let librariesByEngine;
/** @type {Limiter} */
let limiter;
/** @type {number} */
let answerTimeoutMs;

/**
 * That of an engine is started when it is first asked for.
 * @type {(engine: string) => Sidecar}
 */
function sidecarOf(engine) {
	let sidecar = sidecarsByEngine.get(engine);
	if (sidecar === undefined) {
		sidecar = new Sidecar({
			engine,
			threads: THREADS,
			connections: CONNECTIONS,
			answerTimeoutMs,
		});
		sidecarsByEngine.set(engine, sidecar);
	}
	return sidecar;
}

function countRestarts() {
	const sidecars = [...sidecarsByEngine.values()];
	return sidecars.reduce((sum, { restarts }) => sum + restarts, 0);
}

/** @type {Server.AbortableTier} */
export default {
	id: "sidecar",
	title: "Express forwards to the C server on a Unix socket",
	abortable: true,
	queueAgeMs: () => limiter.ageMs(),
	stats: () => ({ ...limiter.stats(), restarts: countRestarts() }),
	async start(settings) {
		checkSocketFolder();
		limiter = new Limiter(CONNECTIONS, settings);
		answerTimeoutMs = settings.answerTimeoutMs;
		librariesByEngine = await readEngines(SERVER);
	},
	engines: () => [...librariesByEngine.keys()],
	libraries: (engine) => librariesByEngine.get(engine),
	generate(text, options) {
		const { engine, signal } = options;
		const ask = () => sidecarOf(engine).request(text, options);
		return limiter.run(() => retryLost(ask, signal), signal);
	},
	stop() {
		for (const sidecar of sidecarsByEngine.values()) sidecar.stop();
	},
};
