import { sentences } from "../errors.js";

/**
 * What a server answers with, all of it through res.writeHead and res.end. While draining, every answer is the last one on
 * its connection.
 */
export class Responses {
	draining = false;
	#cacheControl;

	/** @param {string} [cacheControl] of images */
	constructor(cacheControl) {
		this.#cacheControl = cacheControl;
	}

	/** @type {(req: Server.Incoming, res: Server.Response, png: Buffer, etag: string) => void} */
	png(req, res, png, etag) {
		if (matches(req.headers["if-none-match"], etag)) {
			const headers = { ETag: etag, "Cache-Control": this.#cacheControl };
			this.#send(res, 304, headers);
			return;
		}
		const headers = {
			"Content-Type": "image/png",
			"Content-Length": png.length,
			ETag: etag,
			"Cache-Control": this.#cacheControl,
			"X-Content-Type-Options": "nosniff",
		};
		this.#send(res, 200, headers, png);
	}

	/**
	 * What was made for this request alone.
	 * @type {(res: Server.Response, contentType: string, body: string | Buffer) => void}
	 */
	made(res, contentType, body) {
		const headers = {
			"Content-Type": contentType,
			"Content-Length": Buffer.byteLength(body),
			"Cache-Control": "no-store",
			"X-Content-Type-Options": "nosniff",
		};
		this.#send(res, 200, headers, body);
	}

	/**
	 * One sentence as text/plain.
	 * @type {(res: Server.Response, status: number, sentence: string, extraHeaders?: Server.Headers) => void}
	 */
	text(res, status, sentence, extraHeaders) {
		const [headers, body] = plainText(sentence, extraHeaders);
		this.#send(res, status, headers, body);
	}

	/** @type {(res: Server.Response, extraHeaders?: Server.Headers) => void} */
	busy(res, extraHeaders) {
		const headers = { "Retry-After": 1, ...extraHeaders };
		this.text(res, 503, sentences.busy, headers);
	}

	/** @type {(res: Server.Response) => void} */
	failed(res) {
		this.text(res, 503, sentences.failed, { "Retry-After": 1 });
	}

	/** @type {(res: Server.Response, status: number, headers: Server.Headers, body?: string | Buffer) => void} */
	#send(res, status, headers, body) {
		if (this.draining) headers.Connection = "close";
		res.writeHead(status, headers);
		res.end(body);
	}
}

/** @type {(sentence: string, extraHeaders?: Server.Headers) => [headers: Server.Headers, body: string]} */
export function plainText(sentence, extraHeaders) {
	const body = `${sentence}\n`;
	const headers = {
		"Content-Type": "text/plain; charset=utf-8",
		"Content-Length": Buffer.byteLength(body),
		"Cache-Control": "no-store",
		"X-Content-Type-Options": "nosniff",
		...extraHeaders,
	};
	return [headers, body];
}

/**
 * If-None-Match as of RFC 9110, 13.1.2: any tag, or a list of tags compared weakly.
 * @type {(ifNoneMatch: string | undefined, etag: string) => boolean}
 */
function matches(ifNoneMatch, etag) {
	if (ifNoneMatch === undefined) return false;
	return ifNoneMatch
		.split(",")
		.map((tag) => tag.trim())
		.some((tag) => tag === "*" || tag === etag || tag === `W/${etag}`);
}

/**
 * An AbortSignal for work that nobody waits for any more.
 * @type {(res: Server.Response) => AbortSignal}
 */
export function signalOfClose(res) {
	const controller = new AbortController();
	// To abort what is done already would cost each request some 10 µs for its DOMException.
	res.once("close", () => {
		if (!res.writableFinished) controller.abort();
	});
	return controller.signal;
}

/**
 * Calls done() when the answer has been taken, or won't be: after timeoutMs the connection is ended.
 * @type {(res: Server.Response, timeoutMs: number, done: () => void) => void}
 */
export function whenTaken(res, timeoutMs, done) {
	const timer = setTimeout(() => res.destroy(), timeoutMs);
	let isDone = false;
	const end = () => {
		if (isDone) return;
		isDone = true;
		clearTimeout(timer);
		done();
	};
	res.once("finish", end);
	res.once("close", end);
}
