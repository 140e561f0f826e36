// The port for Prometheus.
import { createServer } from "node:http";
import { Responses } from "../api/responses.js";
import { sentences } from "../errors.js";
import { joinHostPort, listen } from "../listen.js";
import { createHostCheck } from "../origin.js";

const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
const REQUEST_TIMEOUT_MS = 10_000;
const NOT_FOUND = "Not found: GET /metrics answers with the metrics.";
const FAILED = "The metrics could not be read just now: try again in a second.";

/**
 * Answers GET and HEAD of /metrics with what readMetrics() resolves to, until the process ends. Resolves to HOST:PORT;
 * rejects with a StartError.
 * @type {(settings: Server.Settings, readMetrics: () => Promise<string>) => Promise<string>}
 */
export async function serveMetrics(
	{ metricsBind, metricsPort, allowedHosts },
	readMetrics,
) {
	const responses = new Responses();
	const isAllowedHost = createHostCheck(metricsBind, allowedHosts);
	const server = createServer(
		{
			headersTimeout: REQUEST_TIMEOUT_MS,
			requestTimeout: REQUEST_TIMEOUT_MS,
		},
		(req, res) =>
			isAllowedHost(req.headers)
				? answer(req, res, responses, readMetrics)
				: responses.text(res, 403, sentences.host),
	);
	const port = await listen(server, {
		bind: metricsBind,
		port: metricsPort,
		bindFlag: "--metrics-bind",
		portFlag: "--metrics-port",
	});
	return joinHostPort(metricsBind, port);
}

/** @type {(req: Server.Incoming, res: Server.Response, responses: Responses, readMetrics: () => Promise<string>) => Promise<void>} */
async function answer({ method, url }, res, responses, readMetrics) {
	if (url?.split("?", 1)[0] !== "/metrics") {
		responses.text(res, 404, NOT_FOUND);
	} else if (method !== "GET" && method !== "HEAD") {
		const sentence = sentences.method(["GET", "HEAD"]);
		responses.text(res, 405, sentence, { Allow: "GET, HEAD" });
	} else {
		try {
			responses.made(res, CONTENT_TYPE, await readMetrics());
		} catch (error) {
			process.stderr.write(`${error.name}: ${error.message}\n`);
			responses.text(res, 503, FAILED, { "Retry-After": 1 });
		}
	}
}
