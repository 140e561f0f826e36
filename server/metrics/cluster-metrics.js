// The metrics of a cluster, in its primary. Loaded only where a metrics port is asked for.
import { EventEmitter, once } from "node:events";
import {
	AggregatorRegistry,
	collectDefaultMetrics,
	Registry,
} from "prom-client";
import { addRestarts } from "./process-metrics.js";

/** @typedef {import("node:cluster").Worker} Worker */
/** @typedef {any[]} Snapshot what getMetricsAsJSON() gives, of which prom-client's types don't speak the truth */

const ANSWER_TIMEOUT_MS = 1000;

/**
 * Sums up what the workers have counted. prom-client can do so as well, but forgets a worker that has ended, so that its sums
 * go down: here the counters of those are kept, as they last told them. A worker that doesn't answer in time counts as
 * it last did.
 */
export class ClusterMetrics {
	#own = new Registry();
	#restarts = addRestarts([this.#own]);
	/** From a worker to its last snapshot. @type {Map<Worker, Snapshot>} */
	#latest = new Map();
	/** The counters of all workers that have ended. @type {Snapshot} */
	#departed = [];
	#news = new EventEmitter().setMaxListeners(0); // events: the ids of workers

	constructor() {
		collectDefaultMetrics({ register: this.#own });
		this.#restarts.inc({ part: "process" }, 0);
	}

	/**
	 * Counts a worker, which is ready. It answers the order "metrics" with { metrics: snapshot }.
	 * @type {(worker: Worker) => void}
	 */
	add(worker) {
		this.#latest.set(worker, []);
		worker.on("message", ({ metrics }) => {
			if (metrics === undefined) return;
			this.#latest.set(worker, metrics);
			this.#news.emit(`${worker.id}`);
		});
		// Not its exit: what it has sent may arrive after that.
		worker.once("disconnect", () => {
			this.#keepCounters(worker);
			this.#news.emit(`${worker.id}`);
		});
	}

	/**
	 * A worker takes the place of one that has ended.
	 * @type {() => void}
	 */
	countRestart() {
		this.#restarts.inc({ part: "process" });
	}

	/**
	 * Resolves to the metrics in Prometheus's text format.
	 * @type {() => Promise<string>}
	 */
	async text() {
		const own = ofPrimary(await this.#own.getMetricsAsJSON());
		await Promise.all(
			[...this.#latest.keys()].map((worker) => this.#ask(worker)),
		);
		const snapshots = [own, this.#departed, ...this.#latest.values()];
		return AggregatorRegistry.aggregate(snapshots).metrics();
	}

	/**
	 * Resolves when the worker has answered or has ended, or is late.
	 * @type {(worker: Worker) => Promise<void>}
	 */
	async #ask(worker) {
		const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
		const answer = once(this.#news, `${worker.id}`, { signal });
		worker.send("metrics", () => {}); // one that has just ended can't hear it
		await answer.catch(() => {});
	}

	/** @type {(worker: Worker) => void} */
	#keepCounters(worker) {
		const snapshot = this.#latest.get(worker) ?? [];
		const counters = snapshot.filter(
			({ type }) => type === "counter" || type === "histogram",
		);
		this.#latest.delete(worker);
		this.#departed = AggregatorRegistry.aggregate([
			this.#departed,
			counters,
		]).getMetricsAsArray();
	}
}

/**
 * Without its heap and event loop, which would blur those of the processes that serve; its start stands for all.
 * @type {(metrics: Snapshot) => Snapshot}
 */
function ofPrimary(metrics) {
	return metrics
		.filter(({ name }) => !name.startsWith("nodejs_"))
		.map((metric) =>
			metric.name === "process_start_time_seconds"
				? { ...metric, aggregator: "first" }
				: metric,
		);
}
