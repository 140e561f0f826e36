import { defaultOptions } from "../defaults.js";
import { RequestError, sentences } from "../errors.js";

const NEEDS_DECODING = /[%+]/;
const BAD_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
const LEVEL = /^[LMQH]$/;
const WHOLE_NUMBER = /^[0-9]{1,9}$/;

const NUMBERS = new Set(["width", "margin"]);

const MAX_MARGIN_MODULES = 32;

/**
 * Decoded values by name; null for one that is not valid UTF-8. Numbers take the place of strings in width and margin.
 * @typedef {{ text: any, ecl: any, width: any, margin: any, [name: string]: any }} Values
 */

/**
 * Returns a function from a raw query, which Node's parser has let through only if it is printable ASCII, to
 * { text, ecl, width, margin } and the extra parameters, undefined where they are not given. It throws a RequestError.
 * @type {(maxWidth: number, extraNames?: string[]) => Server.QueryParser}
 */
export function createQueryParser(maxWidth, extraNames = []) {
	const names = ["text", "ecl", "width", "margin", ...extraNames];
	const allowed = new Set(names);
	const unknown = sentences.unknown(names);
	const completeOptions = createOptionsCheck(maxWidth);

	return function parseQuery(rawQuery) {
		const values = readParameters(rawQuery, allowed, unknown);
		const { text } = values;
		if (text === undefined) throw new RequestError(sentences.missing);
		if (text === "") throw new RequestError(sentences.empty);
		if (text === null) throw new RequestError(sentences.utf8);
		completeOptions(values);
		return values;
	};
}

/**
 * Returns the same for a POST, whose text, a string or a Buffer, is in the body: a function from the raw query and the
 * members of the body, which are { text } or, if it is JSON, whatever the client sent.
 * @type {(maxWidth: number, extraNames?: string[]) => Server.PostParser}
 */
export function createPostParser(maxWidth, extraNames = []) {
	const names = ["ecl", "width", "margin", ...extraNames];
	const members = ["text", ...names];
	const inQuery = new Set(members);
	const inBody = new Set(members);
	const unknown = sentences.unknown(names);
	const unknownMember = sentences.unknownMember(members);
	const completeOptions = createOptionsCheck(maxWidth);

	return function parsePost(rawQuery, body) {
		const values = readParameters(rawQuery, inQuery, unknown);
		if (values.text !== undefined)
			throw new RequestError(sentences.textInQuery);
		for (const [name, value] of Object.entries(body)) {
			if (!inBody.has(name)) throw new RequestError(unknownMember);
			if (values[name] !== undefined)
				throw new RequestError(sentences.repeated(name));
			values[name] = name === "text" ? value : asParameter(name, value);
		}
		completeOptions(values);
		return values;
	};
}

/**
 * Returns a function that judges ecl, width and margin as they are written in a query, and fills in what is not given.
 * @type {(maxWidth: number) => (values: Server.GivenOptions) => Server.ImageOptions}
 */
export function createOptionsCheck(maxWidth) {
	const widthSentence = sentences.width(maxWidth);
	const defaults = defaultOptions(maxWidth);

	/** @param {Pick<Values, "ecl" | "width" | "margin">} values */
	return function completeOptions(values) {
		const { ecl, width, margin } = values;
		if (ecl === undefined) values.ecl = defaults.ecl;
		else if (!LEVEL.test(ecl)) throw new RequestError(sentences.ecl);
		values.width =
			width === undefined
				? defaults.width
				: wholeNumber(width, 1, maxWidth, widthSentence);
		values.margin =
			margin === undefined
				? defaults.margin
				: wholeNumber(margin, 0, MAX_MARGIN_MODULES, sentences.margin);
		return values;
	};
}

/**
 * What a member of a JSON body would be in a query; nothing, which no parameter allows, if it has the wrong type.
 * @type {(name: string, value: unknown) => string}
 */
function asParameter(name, value) {
	const type = NUMBERS.has(name) ? "number" : "string";
	return typeof value === type ? String(value) : "";
}

/** @type {(rawQuery: string, allowed: Set<string>, unknown: string) => Values} */
function readParameters(rawQuery, allowed, unknown) {
	/** @type {Values} */
	const values = {
		text: undefined,
		ecl: undefined,
		width: undefined,
		margin: undefined,
	};
	for (let start = 0; start < rawQuery.length; ) {
		let end = rawQuery.indexOf("&", start);
		if (end === -1) end = rawQuery.length;
		if (end > start) {
			let equals = rawQuery.indexOf("=", start);
			if (equals === -1 || equals > end) equals = end;
			const name = decode(rawQuery.slice(start, equals));
			if (name === null || !allowed.has(name)) throw new RequestError(unknown);
			if (values[name] !== undefined)
				throw new RequestError(sentences.repeated(name));
			values[name] = decode(rawQuery.slice(equals + 1, end));
		}
		start = end + 1;
	}
	return values;
}

/**
 * Returns null for what is not UTF-8, and throws a RequestError for a malformed escape.
 * @type {(raw: string) => string | null}
 */
function decode(raw) {
	if (!NEEDS_DECODING.test(raw)) return raw;
	try {
		return decodeURIComponent(raw.replaceAll("+", " "));
	} catch {
		if (BAD_ESCAPE.test(raw)) throw new RequestError(sentences.escape);
		return null;
	}
}

/** @type {(digits: string, minimum: number, maximum: number, sentence: string) => number} */
function wholeNumber(digits, minimum, maximum, sentence) {
	const number = WHOLE_NUMBER.test(digits) ? Number(digits) : Number.NaN;
	if (number >= minimum && number <= maximum) return number;
	throw new RequestError(sentence);
}
