// The body of a POST request: reading it within limits, and what it says.
import { isUtf8 } from "node:buffer";
import { MIMEType } from "node:util";
import getRawBody from "raw-body";
import { RequestError, sentences } from "../errors.js";

/** Room for any text that fits a symbol: 7089 digits are 42,534 bytes even if JSON escapes each of them. */
export const MAX_BODY_BYTES = 65_536;

/** @type {(req: Server.Incoming) => boolean} */
export function hasBody({ headers }) {
	const length = headers["content-length"];
	return (
		headers["transfer-encoding"] !== undefined ||
		(length !== undefined && Number(length) !== 0)
	);
}

/**
 * Judges a body by the head of its request: returns { mediaType, nbytes }, where nbytes is the most that it can take. Throws a
 * RequestError.
 * @type {(req: Server.Incoming, limits: Server.BodyLimits) => { mediaType: string, nbytes: number }}
 */
export function inspectBody({ headers }, { mediaTypes, maxBytes }) {
	const mediaType = readMediaType(headers, mediaTypes);
	checkCoding(headers);
	const nbytes = Number(headers["content-length"] ?? maxBytes);
	if (nbytes > maxBytes) throw tooLarge(maxBytes);
	return { mediaType, nbytes };
}

/**
 * Resolves to the body, { mediaType, bytes }. Throws a RequestError, in which case it may not have been read to its end.
 * @type {(req: Server.Incoming, res: Server.Response, limits: Server.BodyLimits) => Promise<{ mediaType: string, bytes: Buffer }>}
 */
export async function readBody(req, res, limits) {
	const { mediaType } = inspectBody(req, limits);
	const { maxBytes } = limits;
	if (req.expectsContinue) res.writeContinue();
	try {
		return { mediaType, bytes: await getRawBody(req, { limit: maxBytes }) };
	} catch (error) {
		throw error.type === "entity.too.large" ? tooLarge(maxBytes) : error;
	}
}

/** @type {(headers: Server.RequestHeaders, mediaTypes: string[]) => string} */
function readMediaType(headers, mediaTypes) {
	const contentType = headers["content-type"] ?? "";
	if (mediaTypes.includes(contentType)) return contentType; // without the parser, whose work shows
	const type = parseMediaType(contentType);
	const charset = type?.params.get("charset") ?? "utf-8";
	const isRead = type !== undefined && mediaTypes.includes(type.essence);
	if (isRead && /^utf-8$/i.test(charset)) return type.essence;
	throw new RequestError(sentences.mediaType(mediaTypes), 415);
}

/** @type {(contentType: string) => MIMEType | undefined} */
function parseMediaType(contentType) {
	try {
		return new MIMEType(contentType);
	} catch {
		return undefined;
	}
}

function checkCoding(headers) {
	const content = headers["content-encoding"] ?? "identity";
	const transfer = headers["transfer-encoding"] ?? "chunked";
	if (/^identity$/i.test(content) && /^chunked$/i.test(transfer)) return;
	throw new RequestError(sentences.bodyCoding, 415);
}

function tooLarge(maxBytes) {
	return new RequestError(sentences.bodyTooLarge(maxBytes), 413);
}

/**
 * What each media type makes of the bytes: { text }, or the members of a JSON object.
 * @type {Record<string, (bytes: Buffer) => Server.Body>}
 */
export const readers = {
	"text/plain": (bytes) => {
		if (!isUtf8(bytes)) throw new RequestError(sentences.bodyUtf8);
		return { text: checkText(bytes.toString()) };
	},
	"application/octet-stream": (bytes) => ({ text: checkText(bytes) }),
	"application/json": (bytes) => {
		const members = parseJson(bytes);
		if (typeof members !== "object" || !members || Array.isArray(members))
			throw new RequestError(sentences.jsonObject);
		if (hasRepeated(members, bytes))
			throw new RequestError(sentences.repeatedMember);
		if (!Object.hasOwn(members, "text"))
			throw new RequestError(sentences.textMember);
		checkText(members.text);
		return members;
	},
};

const STRINGS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/**
 * Whether the JSON names a member twice, of which JSON.parse() has kept the last. One with members of its own is refused anyway.
 * @type {(members: object, bytes: Buffer) => boolean}
 */
function hasRepeated(members, bytes) {
	const values = Object.values(members);
	if (values.some((value) => typeof value === "object" && value !== null))
		return false;
	let names = 0;
	for (const [, colon] of bytes.toString().matchAll(STRINGS))
		if (colon !== undefined) names++;
	return names !== values.length;
}

/**
 * The value that the bytes are in JSON.
 * @type {(bytes: Buffer) => any}
 */
export function parseJson(bytes) {
	try {
		if (isUtf8(bytes)) return JSON.parse(bytes.toString());
	} catch {
		// answered below: the parser's own words would repeat the text
	}
	throw new RequestError(sentences.json);
}

/**
 * Returns the text, a string or a Buffer, or throws a RequestError.
 * @type {(text: unknown) => Server.Text}
 */
export function checkText(text) {
	if (typeof text !== "string" && !Buffer.isBuffer(text))
		throw new RequestError(sentences.textType);
	if (text.length === 0) throw new RequestError(sentences.empty);
	if (typeof text === "string" && !text.isWellFormed())
		throw new RequestError(sentences.surrogate);
	return text;
}
