import cluster from "node:cluster";
import { createServer, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { nextBackoffMs } from "../backoff.js";
import { StartError } from "../errors.js";
import { listen } from "../listen.js";
import { serveMetrics } from "../metrics/metrics-server.js";
import { Deadlines } from "../timeouts.js";
import { Dispatcher } from "./dispatcher.js";
import { ServerProcess } from "./server-process.js";
import { onStopSignals, untilQuiet } from "./shutdown.js";

/** @typedef {import("node:cluster").Worker} Worker */
/** @typedef {{ pid: number | undefined, livedMs: number, reason: string }} End of a worker */

const GRACE_MS = 500;
const START_TIMEOUT_MS = 30_000;
const HEARTBEAT_EVERY_MS = 1000;

/**
 * In a worker: serves, and does what the primary says, which gets every signal as well.
 * @type {(settings: Server.Settings) => Promise<void>}
 */
export async function runWorker(settings) {
	for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => {});
	try {
		const server = await ServerProcess.start(settings);
		server.expectSockets();
		process.on("message", (order, socket) =>
			obey(order, socket, server, settings),
		);
		process.send?.({ ready: server.description });
	} catch (error) {
		if (!(error instanceof StartError)) throw error;
		const { message: failed, exitCode } = error;
		process.send?.({ failed, exitCode }, () => process.exit(exitCode));
	}
}

/** @type {(order: unknown, socket: unknown, server: ServerProcess, settings: Server.Settings) => Promise<void>} */
async function obey(order, socket, server, { drainTimeoutMs }) {
	const exit = () => {
		server.stop();
		process.exit(0);
	};
	if (order === "connection") {
		process.send?.("next");
		if (socket instanceof Socket) server.adopt(socket); // none: it was closed on its way
	} else if (order === "beat") process.send?.("beat");
	else if (order === "announce end") server.announceEnd();
	else if (order === "hold") {
		setTimeout(exit, drainTimeoutMs);
		server.hold();
	} else if (order === "close") {
		await server.close();
		await tellMetrics(server);
		exit();
	} else if (order === "metrics") await tellMetrics(server);
}

/**
 * Resolves when the primary has been sent what was counted here, or can't be.
 * @type {(server: ServerProcess) => Promise<void>}
 */
async function tellMetrics({ metrics }) {
	if (metrics === undefined) return;
	const snapshot = await metrics.snapshot();
	await new Promise((resolve) =>
		process.send?.({ metrics: snapshot }, resolve),
	);
}

/**
 * Starts the workers, and resolves to { port, description, metricsAddress } when all of them are ready; rejects with a
 * StartError.
 * @type {(settings: Server.Settings) => Promise<Server.Started>}
 */
export async function runPrimary(settings) {
	const dispatcher = new Dispatcher(settings);
	const listener = createServer(
		{ pauseOnConnect: true, noDelay: true },
		(socket) => dispatcher.give(socket),
	);
	const port = await listen(listener, settings);
	const { metrics, metricsAddress } = await startMetrics(settings);
	const workers = new Workers(dispatcher, metrics, settings);
	const description = await workers.start(settings.processes);
	onStopSignals(
		() => drain(listener, dispatcher, workers, settings),
		() => workers.kill(),
	);
	return { port, description, metricsAddress };
}

/**
 * Both are undefined where no metrics port is asked for.
 * @type {(settings: Server.Settings) => Promise<{ metrics?: import("../metrics/cluster-metrics.js").ClusterMetrics, metricsAddress?: string }>}
 */
async function startMetrics(settings) {
	if (settings.metricsPort === undefined) return {};
	const { ClusterMetrics } = await import("../metrics/cluster-metrics.js");
	const metrics = new ClusterMetrics();
	const metricsAddress = await serveMetrics(settings, () => metrics.text());
	return { metrics, metricsAddress };
}

/**
 * Ends the process when the workers have answered all that was received.
 * @type {(listener: import("node:net").Server, dispatcher: Dispatcher, workers: Workers, settings: Server.Settings) => Promise<void>}
 */
async function drain(listener, dispatcher, workers, settings) {
	const { drainDelayMs, drainTimeoutMs } = settings;
	workers.announceEnd();
	await sleep(drainDelayMs);
	setTimeout(() => {
		workers.kill();
		process.exit(0);
	}, drainTimeoutMs + GRACE_MS);
	workers.hold();
	await untilQuiet(() => dispatcher.connectionCount);
	listener.close();
	await dispatcher.emptied();
	await workers.close();
	process.exit(0);
}

class Workers {
	#dispatcher;
	#metrics;
	/** From a worker to the promise of its end. @type {Map<Worker, Promise<End>>} */
	#ended = new Map();
	/** @type {Set<Worker>} */
	#ready = new Set();
	#starting = this.#deadlines(START_TIMEOUT_MS);
	#heartbeats;
	#isEnding = false;
	#isStopping = false;

	/**
	 * @param {Dispatcher} dispatcher
	 * @param {import("../metrics/cluster-metrics.js").ClusterMetrics | undefined} metrics
	 * @param {Server.Settings} settings
	 */
	constructor(dispatcher, metrics, { heartbeatTimeoutMs }) {
		this.#dispatcher = dispatcher;
		this.#metrics = metrics;
		this.#heartbeats = this.#deadlines(heartbeatTimeoutMs);
	}

	/**
	 * For workers, which are killed if they hang.
	 * @type {(timeoutMs: number) => Deadlines<Worker>}
	 */
	#deadlines(timeoutMs) {
		return new Deadlines(timeoutMs, ({ process: child }) => {
			log(`Worker ${child.pid} gave no sign of life within ${timeoutMs} ms.`);
			child.kill("SIGKILL");
		});
	}

	/**
	 * Resolves to what the workers serve when all are ready; if one can't start, ends them all.
	 * @type {(count: number) => Promise<string>}
	 */
	async start(count) {
		const starts = Array.from({ length: count }, () => this.#fork());
		const allReady = Promise.all(starts.map(({ ready }) => ready));
		const [description] = await allReady.catch((error) => {
			this.kill();
			throw error;
		});
		for (const { ended } of starts) this.#replace(ended);
		return description;
	}

	/**
	 * Keeps one place filled: when its worker has ended, starts another.
	 * @type {(ended: Promise<End>) => Promise<void>}
	 */
	async #replace(ended) {
		for (let delayMs = 0; ; ) {
			const { pid, livedMs, reason } = await ended;
			if (this.#isStopping) return;
			log(`Worker ${pid} ended (${reason}): starting another.`);
			delayMs = nextBackoffMs(delayMs, livedMs);
			await sleep(delayMs);
			if (this.#isStopping) return;
			this.#metrics?.countRestart();
			const next = this.#fork();
			next.ready.catch((error) => {
				if (!this.#isStopping) log(error.message);
			});
			ended = next.ended;
		}
	}

	/**
	 * Returns two promises: ready may reject, ended never does.
	 * @type {() => { ready: Promise<string>, ended: Promise<End> }}
	 */
	#fork() {
		const bornMs = performance.now();
		const worker = cluster.fork();
		const ended = endOf(worker).then((reason) => {
			this.#forget(worker);
			const livedMs = performance.now() - bornMs;
			return { pid: worker.process.pid, livedMs, reason };
		});
		this.#ended.set(worker, ended);
		this.#starting.add(worker);
		const ready = new Promise((resolve, reject) => {
			worker.on("message", (message) => {
				if (message === "next") this.#dispatcher.free(worker);
				else if (message === "beat") this.#noteBeat(worker);
				else if (message.failed !== undefined)
					reject(new StartError(message.failed, message.exitCode));
				else if (message.ready !== undefined) {
					this.#starting.delete(worker);
					this.#ready.add(worker);
					if (this.#isEnding) worker.send("announce end", () => {});
					this.#askForBeat(worker);
					this.#metrics?.add(worker);
					this.#dispatcher.free(worker);
					resolve(message.ready);
				}
			});
			ended.then(({ reason }) =>
				reject(new StartError(`A worker ended at start (${reason}).`)),
			);
		});
		return { ready, ended };
	}

	/** @type {(worker: Worker) => void} */
	#askForBeat(worker) {
		if (!this.#ready.has(worker)) return;
		this.#heartbeats.add(worker);
		worker.send("beat", () => {}); // one that has just ended can't hear it
	}

	/** @type {(worker: Worker) => void} */
	#noteBeat(worker) {
		this.#heartbeats.delete(worker);
		setTimeout(() => this.#askForBeat(worker), HEARTBEAT_EVERY_MS).unref();
	}

	/** @type {(worker: Worker) => void} */
	#forget(worker) {
		this.#starting.delete(worker);
		this.#heartbeats.delete(worker);
		this.#dispatcher.forget(worker);
		this.#ready.delete(worker);
		this.#ended.delete(worker);
	}

	/** @type {() => void} */
	announceEnd() {
		this.#isEnding = true;
		this.#tell("announce end");
	}

	/** @type {() => void} */
	hold() {
		this.#isStopping = true;
		for (const worker of this.#ended.keys())
			if (!this.#ready.has(worker)) worker.process.kill("SIGKILL");
		this.#tell("hold");
	}

	/**
	 * Resolves when all have ended.
	 * @type {() => Promise<void>}
	 */
	async close() {
		this.#tell("close");
		await Promise.all(this.#ended.values());
	}

	/** @type {() => void} */
	kill() {
		for (const worker of this.#ended.keys()) worker.process.kill("SIGKILL");
	}

	/** @type {(order: string) => void} */
	#tell(order) {
		for (const worker of this.#ready) worker.send(order, () => {}); // one that has just ended can't hear it
	}
}

/**
 * Resolves to the reason, also if it could not be started at all.
 * @type {(worker: Worker) => Promise<string>}
 */
function endOf(worker) {
	return new Promise((resolve) => {
		worker.once("exit", (code, signal) =>
			resolve(signal ?? `exit code ${code}`),
		);
		worker.on("error", (/** @type {NodeJS.ErrnoException} */ error) =>
			resolve(error.code ?? error.message),
		);
	});
}

/** @type {(line: string) => void} */
function log(line) {
	process.stderr.write(`${line}\n`);
}
