import express from "express";
import { BusyError, RequestError, sentences } from "../errors.js";
import { hasBody } from "./body.js";
import { encode } from "./encode.js";
import { Intake } from "./intake.js";
import { Posts } from "./posts.js";
import { plainText, Responses, signalOfClose } from "./responses.js";

const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i;
const LINGER_MS = 1000;
const PROBES = new Set(["/healthz", "/readyz"]);
const MAX_WAITING = 4096;
/** Of the longest wait: a queue as old as that is to become no longer. */
const OLD = 0.5;

/**
 * What the routes need. With aheadOfExpress, images are answered by the listener itself, and Express gets all else. The page's routes
 * are for what isAllowedHost(headers) allows, POSTs for what isOwnSite(headers) does (origin.js).
 * @typedef {Server.BatchSettings & {
 *   parseQuery: Server.QueryParser,
 *   parsePost: Server.PostParser,
 *   selectVariant: Server.SelectVariant,
 *   cacheControl: string,
 *   maxWaitMs: number,
 *   queueAgeMs: () => number,
 *   aheadOfExpress: boolean,
 *   page?: { routes(responses: Responses): Record<string, Server.Handlers> },
 *   isAllowedHost: (headers: Server.RequestHeaders) => boolean,
 *   isOwnSite: (headers: Server.RequestHeaders) => boolean,
 * }} RoutesSettings
 */

/** Express and its routes. */
export class Routes {
	#app;
	#responses;
	#parseQuery;
	#selectVariant;
	#posts;
	#isOwnSite;
	#isAheadOfExpress;
	#maxWaitMs;
	#queueAgeMs;
	#intake;
	#isEnding = false;

	/** @param {RoutesSettings} settings */
	constructor({
		parseQuery,
		parsePost,
		selectVariant,
		cacheControl,
		maxWaitMs,
		queueAgeMs,
		maxBatch,
		batches,
		sendTimeoutMs,
		aheadOfExpress,
		page,
		isAllowedHost,
		isOwnSite,
	}) {
		this.#maxWaitMs = maxWaitMs;
		this.#queueAgeMs = queueAgeMs;
		this.#intake = new Intake(
			{
				answer: (req, res) => this.#answer(req, res),
				refuse: (req, res) => this.#answerBusy(req, res),
			},
			{ maxQueue: MAX_WAITING, maxWaitMs },
		);
		this.#isAheadOfExpress = aheadOfExpress;
		this.#parseQuery = parseQuery;
		this.#selectVariant = selectVariant;
		this.#isOwnSite = isOwnSite;
		this.#responses = new Responses(cacheControl);
		this.#posts = new Posts({
			parsePost,
			selectVariant,
			maxBatch,
			batches,
			sendTimeoutMs,
			responses: this.#responses,
		});
		this.#app = createApp();
		this.#addRoutes(page?.routes(this.#responses) ?? {}, isAllowedHost);
	}

	/**
	 * For node:http.
	 * @type {(req: Server.Incoming, res: Server.Response) => void}
	 */
	listener = (req, res) => {
		splitTarget(req);
		if (PROBES.has(req.url)) this.#answer(req, res);
		else if (this.#isOverloaded()) this.#answerBusy(req, res);
		else this.#intake.take(req, res);
	};

	/** @type {(req: Server.Request, res: Server.Response) => void} */
	#answer(req, res) {
		if (this.#isAheadOfExpress && isHot(req)) this.#answerDirectly(req, res);
		else this.#app(req, res);
	}

	/** @type {(socket: import("node:net").Socket) => void} */
	noteConnection(socket) {
		this.#intake.noteConnection(socket);
	}

	/**
	 * From now on /readyz says that the server is about to end.
	 * @type {() => void}
	 */
	announceEnd() {
		this.#isEnding = true;
	}

	/**
	 * From now on every answer is the last one on its connection.
	 * @type {() => void}
	 */
	drain() {
		this.#responses.draining = true;
	}

	#addRoutes(pageRoutes, isAllowedHost) {
		const responses = this.#responses;
		this.#addRoute("/qrcode", {
			get: (req, res) => this.#answerWithImage(req, res),
			post: (req, res) => this.#posts.encode(req, res),
		});
		this.#addRoute("/qrcodes", {
			post: (req, res) => this.#posts.encodeBatch(req, res),
		});
		this.#addRoute("/healthz", {
			get: (_req, res) => responses.text(res, 200, "ok"),
		});
		this.#addRoute("/readyz", {
			get: (_req, res) => {
				if (this.#isEnding) responses.text(res, 503, sentences.ending);
				else responses.text(res, 200, "ok");
			},
		});
		for (const [path, handlers] of Object.entries(pageRoutes))
			this.#addRoute(path, handlers, isAllowedHost);
		this.#app.use((_req, res) => responses.text(res, 404, sentences.notFound));
		// Express recognizes an error handler by its four parameters.
		this.#app.use((error, req, res, _next) =>
			this.#answerError(error, req, res),
		);
	}

	/** Whether one more would have to wait for long. It is refused before it costs anything. */
	#isOverloaded() {
		const ageMs = this.#intake.ageMs() + this.#queueAgeMs();
		return ageMs > OLD * this.#maxWaitMs;
	}

	/** @type {(path: string, handlers: Server.Handlers, isAllowedHost?: RoutesSettings["isAllowedHost"]) => void} */
	#addRoute(path, { get, post }, isAllowedHost) {
		const route = this.#app.route(path);
		if (isAllowedHost)
			route.all((req, _res, next) => {
				if (isAllowedHost(req.headers)) next();
				else throw new RequestError(sentences.host, 403);
			});
		if (get)
			route.get((req, res) =>
				hasBody(req)
					? refuseUnread(req, res, 400, sentences.body)
					: get(req, res),
			);
		if (post)
			route.post((req, res) => {
				if (this.#isOwnSite(req.headers)) return post(req, res);
				throw new RequestError(sentences.site, 403);
			});
		const methods = [
			...(get ? ["GET", "HEAD"] : []),
			...(post ? ["POST"] : []),
		];
		const sentence = sentences.method(methods);
		const headers = { Allow: methods.join(", ") };
		route.all((_req, res) => this.#responses.text(res, 405, sentence, headers));
	}

	/** @type {(req: Server.Request, res: Server.Response) => void} */
	#answerDirectly(req, res) {
		const fail = (error) => this.#answerError(error, req, res);
		try {
			this.#answerWithImage(req, res)?.catch(fail);
		} catch (error) {
			fail(error);
		}
	}

	/**
	 * Returns a Promise where the tier does: Express waits for it.
	 * @type {(req: Server.Request, res: Server.Response) => Promise<void> | undefined}
	 */
	#answerWithImage(req, res) {
		const query = this.#parseQuery(req.rawQuery);
		const { tier, engine, etag } = this.#selectVariant(query, req);
		const { text, ecl, width, margin } = query;
		/** @type {Server.EncodeOptions} */
		const options = { ecl, width, margin, engine };
		if (tier.abortable) options.signal = signalOfClose(res);
		const result = encode(tier, text, options);
		const answer = (png) => this.#responses.png(req, res, png, etag);
		return Buffer.isBuffer(result) ? answer(result) : result.then(answer);
	}

	/** @type {(error: NodeJS.ErrnoException, req: Server.Incoming, res: Server.Response) => void} */
	#answerError(error, req, res) {
		if (error instanceof RequestError) {
			const { status, message } = error;
			if (hasBody(req) && !req.complete)
				refuseUnread(req, res, status, message);
			else this.#responses.text(res, status, message);
		} else if (error instanceof BusyError) this.#answerBusy(req, res);
		else if (!res.closed) {
			process.stderr.write(`${error.code ?? error.name}: ${error.message}\n`);
			this.#responses.failed(res);
		}
	}

	/** A client that sends much is not to send more at once: its connection is closed. */
	#answerBusy(req, res) {
		const headers = { "Retry-After": 1 };
		if (!hasBody(req)) this.#responses.busy(res);
		else if (req.complete) this.#responses.busy(res, { Connection: "close" });
		else refuseUnread(req, res, 503, sentences.busy, headers);
	}
}

/**
 * Whether all that a route would have to do for the request is to make an image.
 * @type {(req: Server.Incoming) => boolean}
 */
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

/**
 * Leaves the raw query to the routes, and to Express a path in which it finds nothing to interpret.
 * @type {(req: Server.Incoming) => asserts req is Server.Request}
 */
function splitTarget(req) {
	let target = req.url ?? "";
	if (target[0] !== "/") target = target.replace(AUTHORITY, "");
	if (target[0] !== "/") target = `/${target}`;
	const question = target.indexOf("?");
	const path = question === -1 ? target : target.slice(0, question);
	req.rawQuery = question === -1 ? "" : target.slice(question + 1);
	req.url = path.replaceAll("#", "%23");
}

/**
 * Refuses a request whose body has not been read.
 * @type {(req: Server.Incoming, res: Server.Response, status: number, sentence: string, extraHeaders?: Server.Headers) => void}
 */
export function refuseUnread(req, res, status, sentence, extraHeaders) {
	const [headers, body] = plainText(sentence, {
		...extraHeaders,
		Connection: "close",
	});
	res.writeHead(status, headers);
	const coding = req.headers["transfer-encoding"];
	if (!hasBody(req)) {
		res.end(body);
		return;
	}
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
