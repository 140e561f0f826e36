// The few requests that the kit sends itself. Request targets go out as they are, also malformed ones.
import http from "node:http";
import https from "node:https";

/**
 * Fulfils with { status, headers, body } once the whole answer is there.
 * @type {(url: string, request: Kit.Request, options?: Kit.HttpOptions) => Promise<Kit.HttpAnswer>}
 */
export function send(
	url,
	{ method, target, contentType, body },
	{ agent, signal, timeoutMs = 60_000 } = {},
) {
	const { protocol, hostname, port } = new URL(url);
	const { request: open } = protocol === "https:" ? https : http;
	const timeout = AbortSignal.timeout(timeoutMs);
	const headers = body
		? { "Content-Type": contentType, "Content-Length": body.length }
		: {};
	const options = {
		port,
		method,
		path: target,
		headers,
		agent,
		hostname: hostname.replace(/^\[|\]$/g, ""), // of an IPv6 address
		signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
	};
	return new Promise((resolve, reject) => {
		const fail = (error) => {
			if (signal?.aborted) reject(signal.reason);
			else if (timeout.aborted)
				reject(new Error(`no answer within ${timeoutMs / 1000} s`));
			else reject(error);
		};
		const request = open(options, async (response) => {
			try {
				const { statusCode: status = 0, headers } = response;
				resolve({
					status,
					headers,
					body: Buffer.concat(await response.toArray()),
				});
			} catch (error) {
				fail(error);
			}
		});
		request.on("error", fail).end(body);
	});
}

/** @type {(url: string, target: string, options?: Kit.HttpOptions) => Promise<Kit.HttpAnswer>} */
export const get = (url, target, options) =>
	send(url, { method: "GET", target }, options);
