// What Node's parser lets through of a request's head, and RFC 9112 does not. A proxy may read such a head in another way.
import { RequestError, sentences } from "../errors.js";

const HOST = /^(?:(?:\[[\w:.%]+\]|[\w\-.~%!$&'()*+,;=]+)(?::\d*)?)?$/; // RFC 9110, 7.2

/**
 * Why the head is refused, or undefined.
 * @type {(req: Server.Incoming) => RequestError | undefined}
 */
export function refusalOfHead({
	httpVersionMajor,
	httpVersionMinor,
	rawHeaders,
}) {
	if (httpVersionMajor !== 1 || httpVersionMinor > 1)
		return new RequestError(sentences.version, 505);
	let hosts = 0;
	for (let i = 0; i < rawHeaders.length; i += 2) {
		if (rawHeaders[i].length !== 4 || rawHeaders[i].toLowerCase() !== "host")
			continue;
		if (++hosts > 1 || !HOST.test(rawHeaders[i + 1]))
			return new RequestError(sentences.malformedHost);
	}
}
