import express from "express";
import { BusyError, RequestError, sentences } from "./errors.js";
import { plainText, Responses } from "./responses.js";

const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i;
const LINGER_MS = 1000;

/**
 * Express and its routes. selectVariant(query) names the tier and engine for a parsed query. With aheadOfExpress, images
 * are answered by the listener itself, and Express gets all else.
 */
export class Host {
	#app;
	#responses;
	#parseQuery;
	#selectVariant;
	#isAheadOfExpress;

	constructor({ parseQuery, selectVariant, cacheControl, aheadOfExpress }) {
		this.#isAheadOfExpress = aheadOfExpress;
		this.#parseQuery = parseQuery;
		this.#selectVariant = selectVariant;
		this.#responses = new Responses(cacheControl);
		this.#app = createApp();
		this.#addRoutes();
	}

	/** For node:http. */
	listener = (req, res) => {
		splitTarget(req);
		if (this.#isAheadOfExpress && isHot(req)) this.#answerDirectly(req, res);
		else this.#app(req, res);
	};

	/** From now on every answer is the last one on its connection. */
	drain() {
		this.#responses.draining = true;
	}

	#addRoutes() {
		const responses = this.#responses;
		const routes = {
			"/qrcode": (req, res) => this.#answerWithImage(req, res),
			"/healthz": (_req, res) => responses.text(res, 200, "ok"),
		};
		for (const [path, answer] of Object.entries(routes)) {
			this.#app
				.route(path)
				.get((req, res) =>
					hasBody(req) ? refuseBody(req, res) : answer(req, res),
				)
				.all((_req, res) =>
					responses.text(res, 405, sentences.method, { Allow: "GET, HEAD" }),
				);
		}
		this.#app.use((_req, res) => responses.text(res, 404, sentences.notFound));
		// Express recognizes an error handler by its four parameters.
		this.#app.use((error, _req, res, _next) => this.#answerError(error, res));
	}

	#answerDirectly(req, res) {
		const fail = (error) => this.#answerError(error, res);
		try {
			this.#answerWithImage(req, res)?.catch(fail);
		} catch (error) {
			fail(error);
		}
	}

	/** Returns a Promise where the tier does: Express waits for it. */
	#answerWithImage(req, res) {
		const query = this.#parseQuery(req.rawQuery);
		const { tier, engine, etag } = this.#selectVariant(query);
		const { text, ecl, width, margin } = query;
		const options = { ecl, width, margin, engine };
		if (tier.abortable) options.signal = signalOfClose(res);
		const result = tier.generate(text, options);
		const answer = (png) => this.#responses.png(req, res, png, etag);
		return Buffer.isBuffer(result) ? answer(result) : result.then(answer);
	}

	#answerError(error, res) {
		if (error instanceof RequestError)
			this.#responses.text(res, 400, error.message);
		else if (error instanceof BusyError) this.#responses.busy(res);
		else if (!res.closed) {
			process.stderr.write(`${error.code ?? error.name}: ${error.message}\n`);
			this.#responses.failed(res);
		}
	}
}

/** Whether all that a route would have to do for the request is to make an image. */
function isHot(req) {
	const isRead = req.method === "GET" || req.method === "HEAD";
	return isRead && req.url === "/qrcode" && !hasBody(req);
}

function createApp() {
	const app = express();
	app.disable("x-powered-by");
	app.set("etag", false);
	app.set("query parser", false);
	app.enable("strict routing");
	app.enable("case sensitive routing");
	return app;
}

/** Leaves the raw query to the routes, and to Express a path in which it finds nothing to interpret. */
function splitTarget(req) {
	let target = req.url;
	if (target[0] !== "/") target = target.replace(AUTHORITY, "");
	if (target[0] !== "/") target = `/${target}`;
	const question = target.indexOf("?");
	const path = question === -1 ? target : target.slice(0, question);
	req.rawQuery = question === -1 ? "" : target.slice(question + 1);
	req.url = path.replaceAll("#", "%23");
}

function hasBody({ headers }) {
	const length = headers["content-length"];
	return (
		headers["transfer-encoding"] !== undefined ||
		(length !== undefined && Number(length) !== 0)
	);
}

function refuseBody(req, res) {
	const [headers, body] = plainText(sentences.body, { Connection: "close" });
	res.writeHead(400, headers);
	const coding = req.headers["transfer-encoding"];
	if (coding !== undefined && coding.toLowerCase() !== "chunked") {
		res.end(body); // Node's parser is about to fail, and would drop what is not sent yet
		return;
	}
	res.write(body);
	endAfterBody(req, res);
}

/** A connection closed on a client that still sends would be reset, and the answer lost: first read what comes. */
function endAfterBody(req, res) {
	const end = () => {
		clearTimeout(timer);
		res.end();
	};
	const timer = setTimeout(end, LINGER_MS);
	req.once("close", end);
	req.resume();
}

function signalOfClose(res) {
	const controller = new AbortController();
	res.once("close", () => controller.abort());
	return controller.signal;
}
