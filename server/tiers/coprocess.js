import { availableParallelism } from "node:os";
import { Limiter } from "../limiter.js";
import { readEngines } from "./parts/command.js";
import { Coprocess } from "./parts/coprocess.js";
import { retryLost } from "./parts/retry.js";

const CHILDREN_PER_ENGINE = availableParallelism();
// A child that has its next requests already never waits for this process.
const REQUESTS_PER_CHILD = 8;

/** @type {Map<string, Coprocess[]>} */
const poolsByEngine = new Map();
/** @type {Map<string, string>} */
let librariesByEngine;
/** @type {Limiter} */
let limiter;
/** @type {number} */
let answerTimeoutMs;

/**
 * The children of an engine are started when it is first asked for.
 * @type {(engine: string) => Coprocess[]}
 */
function poolOf(engine) {
	let pool = poolsByEngine.get(engine);
	if (pool === undefined) {
		const numbers = Array.from({ length: CHILDREN_PER_ENGINE });
		pool = numbers.map(() => new Coprocess(engine, answerTimeoutMs));
		poolsByEngine.set(engine, pool);
	}
	return pool;
}

/**
 * The one with the fewest requests among those that answer; or else among those that are about to start.
 * @type {(pool: Coprocess[]) => Coprocess}
 */
function choose(pool) {
	const answering = pool.filter((child) => child.isRunning && !child.isLate);
	const starting = pool.filter((child) => !child.isRunning);
	const candidates =
		[answering, starting, pool].find(({ length }) => length) ?? pool;
	return candidates.reduce((a, b) => (b.pendingCount < a.pendingCount ? b : a));
}

/** @type {(text: Server.Text, options: Required<Server.EncodeOptions>) => Promise<Buffer>} */
function request(text, options) {
	return choose(poolOf(options.engine)).request(text, options);
}

function countRestarts() {
	const children = [...poolsByEngine.values()].flat();
	return children.reduce((sum, { restarts }) => sum + restarts, 0);
}

/** @type {Server.AbortableTier} */
export default {
	id: "coprocess",
	title: "long-lived qrpng --pipe children, length-prefixed messages",
	abortable: true,
	queueAgeMs: () => limiter.ageMs(),
	stats: () => ({ ...limiter.stats(), restarts: countRestarts() }),
	async start(settings) {
		const maxRunning = CHILDREN_PER_ENGINE * REQUESTS_PER_CHILD;
		limiter = new Limiter(maxRunning, settings);
		answerTimeoutMs = settings.answerTimeoutMs;
		librariesByEngine = await readEngines();
	},
	engines: () => [...librariesByEngine.keys()],
	libraries: (engine) => librariesByEngine.get(engine),
	generate(text, options) {
		const { signal } = options;
		const ask = () => retryLost(() => request(text, options), signal);
		return limiter.run(ask, signal);
	},
	stop() {
		for (const child of [...poolsByEngine.values()].flat()) child.stop();
	},
};
