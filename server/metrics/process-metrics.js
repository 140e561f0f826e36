// What a process that serves counts for Prometheus. Loaded only where a metrics port is asked for.
import { versions } from "node:process";
import {
	Counter,
	collectDefaultMetrics,
	Gauge,
	Histogram,
	Registry,
} from "prom-client";
import { ownVersion } from "../package-version.js";

/** prom-client's own, sums of others; gauges that are named like counters, which checkers complain about. */
const MISNAMED = [
	"nodejs_active_handles_total",
	"nodejs_active_requests_total",
	"nodejs_active_resources_total",
];
const METHODS = new Set(["GET", "HEAD", "POST"]);
const STATUS_CLIENT_GONE = 499; // as nginx writes it: nobody was there to be answered
const MS_PER_SECOND = 1000;
const BUCKETS_SECONDS = [
	0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
	0.5, 1, 2.5, 5, 10,
];

/** The metrics of one process: of its requests, of its tiers, and prom-client's own of the process. */
export class ProcessMetrics {
	#registry = new Registry();
	#requests;
	#durations;
	#inFlight = 0;
	/** @type {Map<string, Series>} */
	#seriesByKey = new Map();

	/**
	 * @param {Server.StartedTiers} tiers
	 * @param {() => number} countConnections says how many are open
	 */
	constructor(tiers, countConnections) {
		const registers = [this.#registry];
		collectDefaultMetrics({ register: this.#registry });
		for (const name of MISNAMED) this.#registry.removeSingleMetric(name);
		this.#addBuildInfo(registers, [...tiers.values()]);
		this.#addRequests(registers, countConnections);
		addQueues(
			registers,
			[...tiers.values()].map(({ tier }) => tier),
		);
		for (const id of tiers.keys()) this.#seriesOf(id, "GET").start();
	}

	/**
	 * Resolves to GrpcMetrics among them.
	 * @type {() => Promise<import("./grpc-metrics.js").GrpcMetrics>}
	 */
	async addGrpc() {
		const { GrpcMetrics } = await import("./grpc-metrics.js");
		return new GrpcMetrics([this.#registry], BUCKETS_SECONDS);
	}

	/**
	 * Resolves to all of them as prom-client's objects, for another process.
	 * @type {() => Promise<object[]>}
	 */
	snapshot() {
		return this.#registry.getMetricsAsJSON();
	}

	/**
	 * Resolves to all of them in Prometheus's text format.
	 * @type {() => Promise<string>}
	 */
	text() {
		return this.#registry.metrics();
	}

	/**
	 * Wraps a listener of node:http such that its requests are counted.
	 * @type {(listener: Server.Listener) => Server.Listener}
	 */
	countRequests(listener) {
		return (req, res) => {
			const startMs = performance.now();
			this.#inFlight++;
			res.once("close", () => {
				this.#inFlight--;
				this.#count(req, res, performance.now() - startMs);
			});
			listener(req, res);
		};
	}

	/**
	 * Wraps what selects the variant for a request, such that the request is counted for that tier.
	 * @type {(selectVariant: (query: Server.BatchQuery) => Server.Variant) => Server.SelectVariant}
	 */
	noteTier(selectVariant) {
		return (values, req) => {
			const variant = selectVariant(values);
			req.tierId = variant.tier.id;
			return variant;
		};
	}

	/** @type {(req: Server.Incoming, res: Server.Response, durationMs: number) => void} */
	#count({ method, tierId }, { writableFinished, statusCode }, durationMs) {
		const known =
			method !== undefined && METHODS.has(method) ? method : "other";
		const series = this.#seriesOf(tierId, known);
		series.observe(durationMs / MS_PER_SECOND);
		series.count(writableFinished ? statusCode : STATUS_CLIENT_GONE);
	}

	/**
	 * A request without a tier has no such label: it was not for an image, or was refused before.
	 * @type {(tierId: string | undefined, method: string) => Series}
	 */
	#seriesOf(tierId, method) {
		const key = `${method} ${tierId}`;
		let series = this.#seriesByKey.get(key);
		if (series === undefined) {
			/** @type {Record<string, string>} */
			const labels = tierId === undefined ? {} : { tier: tierId };
			series = new Series(this.#requests, this.#durations, {
				method,
				...labels,
			});
			this.#seriesByKey.set(key, series);
		}
		return series;
	}

	#addBuildInfo(registers, startedTiers) {
		const engines = startedTiers
			.map(({ defaultVariant }) => defaultVariant.engine)
			.filter((engine) => engine !== undefined);
		const labels = {
			version: ownVersion,
			tier: startedTiers.map(({ id }) => id).join(" "),
			engine: [...new Set(engines)].join(" "),
			node: versions.node,
		};
		new Gauge({
			name: "qrpng_build_info",
			help: "What serves: always 1.",
			labelNames: Object.keys(labels),
			aggregator: "first",
			registers,
		}).set(labels, 1);
	}

	#addRequests(registers, countConnections) {
		const inFlight = () => this.#inFlight;
		this.#requests = new Counter({
			name: "http_requests_total",
			help: "Requests that have been answered; status 499 where the client was gone before that.",
			labelNames: ["method", "status", "tier"],
			registers,
		});
		this.#durations = new Histogram({
			name: "http_request_duration_seconds",
			help: "From the end of a request's head to the end of its answer.",
			labelNames: ["method", "tier"],
			buckets: BUCKETS_SECONDS,
			registers,
		});
		new Gauge({
			name: "http_requests_in_flight",
			help: "Requests that are being answered.",
			registers,
			collect() {
				this.set(inFlight());
			},
		});
		new Gauge({
			name: "http_connections",
			help: "Connections that are open.",
			registers,
			collect() {
				this.set(countConnections());
			},
		});
	}
}

/** The metrics of requests with the same tier and method, their labels resolved once. */
class Series {
	/** @type {Counter} */
	#requests;
	#durations;
	#labels;
	/** @type {Map<number, { inc(): void }>} */
	#countersByStatus = new Map();

	/**
	 * @param {Counter} requests
	 * @param {Histogram} durations
	 * @param {Record<string, string>} labels
	 */
	constructor(requests, durations, labels) {
		this.#requests = requests;
		this.#durations = durations;
		this.#labels = labels;
		this.observe = durations.labels(labels).observe;
	}

	/** Shows zeros before the first request: what is not there can't be told from what is broken. */
	start() {
		this.#requests.inc({ ...this.#labels, status: 200 }, 0);
		this.#durations.zero(this.#labels);
	}

	count(status) {
		let counter = this.#countersByStatus.get(status);
		if (counter === undefined) {
			counter = this.#requests.labels({ ...this.#labels, status });
			this.#countersByStatus.set(status, counter);
		}
		counter.inc();
	}
}

/**
 * Those of the tiers that have stats().
 * @type {(registers: Registry[], tiers: Server.Tier[]) => void}
 */
function addQueues(registers, tiers) {
	const watched = tiers.filter(({ stats }) => stats !== undefined);
	const collect = (field, label) =>
		/** @this {Gauge | Counter} */
		function () {
			this.reset();
			for (const tier of watched) {
				const value = tier.stats?.()[field];
				if (value !== undefined) this.inc({ [label]: tier.id }, value);
			}
		};
	new Gauge({
		name: "qrpng_queue_length",
		help: "Texts that wait for their turn in a tier.",
		labelNames: ["tier"],
		registers,
		collect: collect("waiting", "tier"),
	});
	new Counter({
		name: "qrpng_queue_refused_total",
		help: "Texts refused since the queue of their tier was full.",
		labelNames: ["tier"],
		registers,
		collect: collect("refused", "tier"),
	});
	addRestarts(registers, collect("restarts", "part"));
}

/**
 * Returns the counter of what was started in place of something that has ended.
 * @type {(registers: Registry[], collect?: (this: Counter) => void) => Counter<"part">}
 */
export function addRestarts(registers, collect) {
	return new Counter({
		name: "qrpng_restarts_total",
		help: "Children or threads of a tier, and processes, that took the place of one that had ended.",
		labelNames: ["part"],
		registers,
		collect,
	});
}
