import { availableParallelism } from "node:os";
import { readEngines } from "../command.js";
import { Coprocess } from "../coprocess.js";
import { Limiter } from "../limiter.js";

const CHILDREN_PER_ENGINE = availableParallelism();
// A child that has its next requests already never waits for this process.
const REQUESTS_PER_CHILD = 8;

const poolsByEngine = new Map();
let librariesByEngine;
let limiter;

/** The children of an engine are started when it is first asked for. */
function poolOf(engine) {
	let pool = poolsByEngine.get(engine);
	if (pool === undefined) {
		const numbers = Array.from({ length: CHILDREN_PER_ENGINE });
		pool = numbers.map(() => new Coprocess(engine));
		poolsByEngine.set(engine, pool);
	}
	return pool;
}

function request(text, options) {
	const pool = poolOf(options.engine);
	const running = pool.filter((child) => child.isRunning);
	const idlest = (running.length > 0 ? running : pool).reduce((a, b) =>
		b.pendingCount < a.pendingCount ? b : a,
	);
	return idlest.request(text, options);
}

function countRestarts() {
	const children = [...poolsByEngine.values()].flat();
	return children.reduce((sum, { restarts }) => sum + restarts, 0);
}

export default {
	id: "coprocess",
	title: "long-lived qrpng --pipe children, length-prefixed messages",
	abortable: true,
	load: () => ({ ...limiter.load(), restarts: countRestarts() }),
	async start({ maxQueue }) {
		limiter = new Limiter(CHILDREN_PER_ENGINE * REQUESTS_PER_CHILD, maxQueue);
		librariesByEngine = await readEngines();
	},
	engines: () => [...librariesByEngine.keys()],
	libraries: (engine) => librariesByEngine.get(engine),
	generate(text, options) {
		return limiter.run(() => request(text, options), options.signal);
	},
	stop() {
		for (const child of [...poolsByEngine.values()].flat()) child.stop();
	},
};
