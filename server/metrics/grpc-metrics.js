// What a process counts of its gRPC calls, under the names of go-grpc-prometheus: dashboards and alerts for those fit.
import grpc from "@grpc/grpc-js";
import { Counter, Gauge, Histogram } from "prom-client";

const { status } = grpc;
const MS_PER_SECOND = 1000;
const CALL_LABELS = ["grpc_type", "grpc_service", "grpc_method"];

/**
 * The label grpc_code, for every status that a handler here ends with: spelt as in Go.
 * @type {Record<number, string>}
 */
const CODES = {
	[status.OK]: "OK",
	[status.CANCELLED]: "Canceled",
	[status.INVALID_ARGUMENT]: "InvalidArgument",
	[status.DEADLINE_EXCEEDED]: "DeadlineExceeded",
	[status.RESOURCE_EXHAUSTED]: "ResourceExhausted",
	[status.UNAVAILABLE]: "Unavailable",
};

/** @typedef {import("@grpc/grpc-js").handleUnaryCall<any, any>} UnaryHandler */

/** The metrics of gRPC calls, in some registers. */
export class GrpcMetrics {
	#started;
	#handled;
	#durations;
	#inFlight = 0;

	/**
	 * @param {import("prom-client").Registry[]} registers
	 * @param {number[]} bucketsSeconds
	 */
	constructor(registers, bucketsSeconds) {
		const inFlight = () => this.#inFlight;
		this.#started = new Counter({
			name: "grpc_server_started_total",
			help: "gRPC calls whose message has been read.",
			labelNames: CALL_LABELS,
			registers,
		});
		this.#handled = new Counter({
			name: "grpc_server_handled_total",
			help: "gRPC calls that have ended, by how.",
			labelNames: [...CALL_LABELS, "grpc_code"],
			registers,
		});
		this.#durations = new Histogram({
			name: "grpc_server_handling_seconds",
			help: "From a call's message to its answer.",
			labelNames: CALL_LABELS,
			buckets: bucketsSeconds,
			registers,
		});
		new Gauge({
			name: "grpc_server_in_flight",
			help: "gRPC calls that are being answered.",
			registers,
			collect() {
				this.set(inFlight());
			},
		});
	}

	/**
	 * Wraps the handler of a unary method such that its calls are counted.
	 * @type {(method: { path: string }, handler: UnaryHandler) => UnaryHandler}
	 */
	countCalls({ path }, handler) {
		const [, service, method] = path.split("/");
		const series = this.#seriesOf(service, method);
		return (call, callback) => {
			const startMs = performance.now();
			this.#inFlight++;
			series.started.inc();
			handler(call, (error, value) => {
				this.#inFlight--;
				series.observe((performance.now() - startMs) / MS_PER_SECOND);
				series.handled.get(codeOf(call, error)).inc();
				callback(error, value);
			});
		};
	}

	/** All that the method can count, with zeros from the start, and its labels resolved once. */
	#seriesOf(service, method) {
		const labels = {
			grpc_type: "unary",
			grpc_service: service,
			grpc_method: method,
		};
		this.#started.inc(labels, 0);
		this.#durations.zero(labels);
		const handled = new Map();
		for (const [code, name] of Object.entries(CODES)) {
			const ended = { ...labels, grpc_code: name };
			this.#handled.inc(ended, 0);
			handled.set(Number(code), this.#handled.labels(ended));
		}
		return {
			started: this.#started.labels(labels),
			observe: this.#durations.labels(labels).observe,
			handled,
		};
	}
}

/** Where nobody waits for the answer any more, it does not matter which it was. */
function codeOf(call, error) {
	if (!call.cancelled) return error?.code ?? status.OK;
	const isLate = Date.now() >= Number(call.getDeadline());
	return isLate ? status.DEADLINE_EXCEEDED : status.CANCELLED;
}
