import { RequestError, sentences } from "./errors.js";

const NEEDS_DECODING = /[%+]/;
const BAD_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
const LEVEL = /^[LMQH]$/;
const WHOLE_NUMBER = /^[0-9]{1,9}$/;

const DEFAULT_WIDTH_PX = 200;
const DEFAULT_MARGIN_MODULES = 4;
const MAX_MARGIN_MODULES = 32;

/** What a request gets that names nothing but the text. */
export function defaultOptions(maxWidth) {
	return {
		ecl: "L",
		width: Math.min(DEFAULT_WIDTH_PX, maxWidth),
		margin: DEFAULT_MARGIN_MODULES,
	};
}

/**
 * Returns a function from a raw query, which Node's parser has let through only if it is printable ASCII, to
 * { text, ecl, width, margin } and the extra parameters, undefined where they are not given. It throws a RequestError.
 */
export function createQueryParser(maxWidth, extraNames = []) {
	const names = ["text", "ecl", "width", "margin", ...extraNames];
	const allowed = new Set(names);
	const unknown = sentences.unknown(names);
	const widthSentence = sentences.width(maxWidth);
	const defaults = defaultOptions(maxWidth);

	return function parseQuery(rawQuery) {
		const values = readParameters(rawQuery, allowed, unknown);
		const { text, ecl, width, margin } = values;
		if (text === undefined) throw new RequestError(sentences.missing);
		if (text === "") throw new RequestError(sentences.empty);
		if (text === null) throw new RequestError(sentences.utf8);
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

/** Decoded values by name; null for one that is not valid UTF-8. */
function readParameters(rawQuery, allowed, unknown) {
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
			if (!allowed.has(name)) throw new RequestError(unknown);
			if (values[name] !== undefined)
				throw new RequestError(sentences.repeated(name));
			values[name] = decode(rawQuery.slice(equals + 1, end));
		}
		start = end + 1;
	}
	return values;
}

/** Returns null for what is not UTF-8, and throws a RequestError for a malformed escape. */
function decode(raw) {
	if (!NEEDS_DECODING.test(raw)) return raw;
	try {
		return decodeURIComponent(raw.replaceAll("+", " "));
	} catch {
		if (BAD_ESCAPE.test(raw)) throw new RequestError(sentences.escape);
		return null;
	}
}

function wholeNumber(digits, minimum, maximum, sentence) {
	const number = WHOLE_NUMBER.test(digits) ? Number(digits) : Number.NaN;
	if (number >= minimum && number <= maximum) return number;
	throw new RequestError(sentence);
}
