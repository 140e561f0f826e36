// The kit's own requests to a host, by HTTP or gRPC; what they look like is up to the row's subject.
import http from "node:http";
import https from "node:https";
import { send } from "../hosts/http.js";
import { openGrpcClient } from "./grpc.js";

/** @type {(url: string, exchange: Kit.HttpExchange, signal?: AbortSignal) => Kit.Client} */
function openHttpClient(url, exchange, signal) {
	const { Agent } = url.startsWith("https:") ? https : http;
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	return {
		async fetchImages(texts, parameters) {
			const request = exchange.request(texts, parameters);
			const answer = await send(url, request, { agent, signal });
			if (answer.status !== 200)
				throw new Error(
					`it was answered with status ${answer.status}: ${answer.body.toString().slice(0, 200).trim()}`,
				);
			this.lastHeaders = answer.headers;
			return exchange.read(answer);
		},
		close: () => agent.destroy(),
	};
}

/**
 * A client with one connection to a host { url, grpcAddress }: fetchImages(texts, parameters) fulfils with their images, and rejects with
 * what it was told instead. close() when done.
 * @type {(host: Kit.Host, exchange: Kit.Exchange, signal?: AbortSignal) => Promise<Kit.Client>}
 */
export async function openClient(host, exchange, signal) {
	return exchange.protocol === "grpc"
		? openGrpcClient(host.grpcAddress, exchange, signal)
		: openHttpClient(host.url, exchange, signal);
}
