// The ways to send texts to a tier. Each client fetches the images of some texts in one request: see openClient().
import http from "node:http";
import https from "node:https";
import { send } from "../hosts/http.js";
import { openGrpcClient } from "./grpc.js";

const batchTarget = "/qrcodes";

function query(parameters) {
	const pairs = Object.entries(parameters).map(
		([name, value]) => `${name}=${encodeURIComponent(value)}`,
	);
	return pairs.length ? `?${pairs.join("&")}` : "";
}

function post(path, contentType, content, parameters) {
	return {
		method: "POST",
		target: path + query(parameters),
		contentType,
		body: Buffer.from(content),
	};
}

/** Makes the request for the image of a text; `parameters` are further ones, such as width. */
const makeHttpRequest = {
	get: (text, parameters) => ({
		method: "GET",
		target: `/qrcode${query({ text, ...parameters })}`,
	}),
	"post-raw": (text, parameters) =>
		post("/qrcode", "text/plain", text, parameters),
	"post-json": (text, parameters) =>
		post(
			"/qrcode",
			"application/json",
			JSON.stringify({ text, ...parameters }),
			{},
		),
};

/**
 * The HTTP request for the images of some texts: { method, target, contentType?, body? }.
 * @type {(row: Kit.Sent, texts: string[], parameters?: Kit.Parameters) => Kit.Request}
 */
export function httpRequest(
	{ transport, batchSize, makeRequest },
	texts,
	parameters = {},
) {
	if (makeRequest) return makeRequest(texts[0]);
	if (batchSize > 1)
		return post(
			batchTarget,
			"application/json",
			JSON.stringify(texts),
			parameters,
		);
	return makeHttpRequest[transport](texts[0], parameters);
}

function imagesIn({ headers, body }) {
	if (headers["content-type"] === "image/png") return [body];
	if (!/^application\/json\b/.test(headers["content-type"]))
		throw new Error(`the answer is of the type ${headers["content-type"]}`);
	return JSON.parse(body).map((base64) => Buffer.from(base64, "base64"));
}

function openHttpClient(url, row, signal) {
	const { Agent } = url.startsWith("https:") ? https : http;
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	return {
		async fetchImages(texts, parameters) {
			const request = httpRequest(row, texts, parameters);
			const answer = await send(url, request, { agent, signal });
			if (answer.status !== 200)
				throw new Error(
					`it was answered with status ${answer.status}: ${answer.body.toString().slice(0, 200).trim()}`,
				);
			this.lastHeaders = answer.headers;
			return row.makeRequest ? [answer.body] : imagesIn(answer);
		},
		close: () => agent.destroy(),
	};
}

/**
 * A client for the transport of a row, with one connection to a host { url, grpcAddress }: fetchImages(texts, parameters) fulfils with
 * their PNGs, and rejects with what it was told instead; parameters are as in a query. close() when done.
 * @type {(host: Kit.Host, row: Kit.Sent, signal?: AbortSignal) => Promise<Kit.Client>}
 */
export async function openClient(host, row, signal) {
	return row.transport === "grpc"
		? openGrpcClient(host.grpcAddress, row, signal)
		: openHttpClient(host.url, row, signal);
}
