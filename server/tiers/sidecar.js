import { availableParallelism } from "node:os";
import { readEngines, SERVER } from "../command.js";
import { Limiter } from "../limiter.js";
import { checkSocketFolder, Sidecar } from "../sidecar.js";

const THREADS = availableParallelism();
// Each carries one request at a time. Measured: with 16 Express serves a tenth less, with 128 no more.
const CONNECTIONS = 64;

const sidecarsByEngine = new Map();
let librariesByEngine;
let limiter;

/** That of an engine is started when it is first asked for. */
function sidecarOf(engine) {
	let sidecar = sidecarsByEngine.get(engine);
	if (sidecar === undefined) {
		sidecar = new Sidecar(engine, {
			threads: THREADS,
			connections: CONNECTIONS,
		});
		sidecarsByEngine.set(engine, sidecar);
	}
	return sidecar;
}

function countRestarts() {
	const sidecars = [...sidecarsByEngine.values()];
	return sidecars.reduce((sum, { restarts }) => sum + restarts, 0);
}

export default {
	id: "sidecar",
	title: "Express forwards to the C server on a Unix socket",
	abortable: true,
	load: () => ({ ...limiter.load(), restarts: countRestarts() }),
	async start({ maxQueue }) {
		checkSocketFolder();
		limiter = new Limiter(CONNECTIONS, maxQueue);
		librariesByEngine = await readEngines(SERVER);
	},
	engines: () => [...librariesByEngine.keys()],
	libraries: (engine) => librariesByEngine.get(engine),
	generate(text, options) {
		return limiter.run(
			() => sidecarOf(options.engine).request(text, options),
			options.signal,
		);
	},
	stop() {
		for (const sidecar of sidecarsByEngine.values()) sidecar.stop();
	},
};
