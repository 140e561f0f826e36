// The few requests that the kit sends itself. Request targets go out as they are, also malformed ones.
import http from "node:http";

/** Fulfils with { status, headers, body } once the whole answer is there. */
export function get(url, target, { agent, signal, timeoutMs = 10_000 } = {}) {
	const { hostname, port } = new URL(url);
	const timeout = AbortSignal.timeout(timeoutMs);
	const options = {
		hostname,
		port,
		path: target,
		agent,
		signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
	};
	return new Promise((resolve, reject) => {
		const fail = (error) => {
			if (signal?.aborted) reject(signal.reason);
			else if (timeout.aborted)
				reject(new Error(`no answer within ${timeoutMs / 1000} s`));
			else reject(error);
		};
		http
			.get(options, async (response) => {
				try {
					const { statusCode: status, headers } = response;
					resolve({
						status,
						headers,
						body: Buffer.concat(await response.toArray()),
					});
				} catch (error) {
					fail(error);
				}
			})
			.on("error", fail);
	});
}

/** The request target that asks for the code of a text. */
export function targetFor(text) {
	return `/qrcode?text=${encodeURIComponent(text)}`;
}
