/** What clients are told, in the same words from every tier and host. */
export const sentences = {
	escape:
		"The query has a malformed percent-escape: write % followed by two hexadecimal digits, and %25 for a percent sign.",
	missing:
		"The parameter text is missing: give the text to encode, as in /qrcode?text=hello.",
	empty: "The text is empty: give at least one byte.",
	utf8: "The text is not valid UTF-8: percent-encode its UTF-8 bytes.",
	ecl: "ecl must be L, M, Q or H.",
	margin: "margin must be a whole number from 0 to 32.",
	body: "A request body is not allowed here.",
	malformedHost:
		"The header Host is missing, repeated or malformed: give it once.",
	version: "The version is not supported: HTTP/1.1 and HTTP/1.0 are.",
	host: "Host not allowed: localhost, the server's own address and names in --allowed-hosts are.",
	site: "Page of another site not allowed: this server's own and those of names in --allowed-hosts are.",
	notFound: "Not found: GET /qrcode?text=hello answers with a QR code.",
	/** @type {(types: string[]) => string} */
	mediaType: (types) =>
		`Content-Type must be ${listOf(types, "or")}; a charset, if any, must be utf-8.`,
	bodyCoding:
		"The body must come as it is: no Content-Encoding, and no Transfer-Encoding but chunked.",
	/** @type {(maxBytes: number) => string} */
	bodyTooLarge: (maxBytes) =>
		`The body is too large: at most ${maxBytes} bytes are allowed.`,
	bodyUtf8:
		"The body is not valid UTF-8: send other bytes as application/octet-stream.",
	json: "The body is not valid JSON in UTF-8.",
	jsonObject: 'The body must be a JSON object, such as {"text":"hello"}.',
	jsonArray:
		'The body must be a JSON array of at least one text, such as ["hello"].',
	textInQuery:
		"The text of a POST is in its body: leave out the parameter text.",
	textMember: 'The member text is missing: give it, as in {"text":"hello"}.',
	repeatedMember: "A member of the body is repeated: give each once.",
	textType: "The text must be a string.",
	surrogate: "The text is not valid Unicode: a surrogate is without its pair.",
	message: "The message can't be read: encode it as qrcode.proto says.",
	content: "Give either text or data.",
	textUtf8: "The text is not valid UTF-8: send other bytes as data.",
	level: "level must be L, M, Q or H.",
	noTexts: "The batch is empty: give at least one text.",
	/** @type {(maxTexts: number) => string} */
	batchSize: (maxTexts) =>
		`The batch is too large: at most ${maxTexts} texts are allowed.`,
	/** @type {(maxBytes: number) => string} */
	imagesTooLarge: (maxBytes) =>
		`The images of the batch are too large: at most ${maxBytes} bytes in all are allowed.`,
	/** @type {(position: number, sentence: string) => string} */
	inBatch: (position, sentence) => `Text ${position} of the batch: ${sentence}`,
	/** @type {(methods: string[]) => string} */
	method: (methods) =>
		`Method not allowed: ${listOf(methods, "and")} ${methods.length === 1 ? "is" : "are"}.`,
	busy: "The server is busy: try again in a second.",
	ending: "The server is about to end: ask another one.",
	failed: "The image could not be made just now: try again in a second.",
	/** @type {(names: string[]) => string} */
	unknown: (names) => `Unknown parameter: ${listOf(names, "and")} are allowed.`,
	/** @type {(names: string[]) => string} */
	unknownMember: (names) =>
		`Unknown member: ${listOf(names, "and")} are allowed.`,
	/** @type {(name: string) => string} */
	repeated: (name) => `The parameter ${name} is repeated: give it once.`,
	/** @type {(maxWidth: number) => string} */
	width: (maxWidth) => `width must be a whole number from 1 to ${maxWidth}.`,
	/** @type {(name: string, values: readonly string[]) => string} */
	oneOf: (name, values) => `${name} must be ${oneOf(values)}.`,
	/** @type {(tier: string) => string} */
	noEngines: (tier) =>
		`The tier ${tier} has no engines: leave out the parameter engine.`,
};

/** The client's fault: the message is for the client. */
export class RequestError extends Error {
	/**
	 * @param {string} message
	 * @param {number} [status]
	 */
	constructor(message, status = 400) {
		super(message);
		this.status = status;
	}
}

/** @type {Set<string | undefined>} */
const CLIENT_ERROR_CODES = new Set([
	"ERR_QRPNG_TEXT_EMPTY",
	"ERR_QRPNG_TEXT_TOO_LONG",
	"ERR_QRPNG_WIDTH_TOO_SMALL",
]);

/**
 * What a tier makes of an error of the addon or of wasm: a RequestError where it is the client's fault.
 * @type {(error: Error & { code?: string }) => Error}
 */
export function fromAddon(error) {
	return CLIENT_ERROR_CODES.has(error.code)
		? new RequestError(error.message)
		: error;
}

/** A bounded queue is full: status 503. */
export class BusyError extends Error {}

/** The server can't start like this: one sentence, and the exit code. */
export class StartError extends Error {
	/**
	 * @param {string} message
	 * @param {number} [exitCode]
	 */
	constructor(message, exitCode = 1) {
		super(message);
		this.exitCode = exitCode;
	}
}

/**
 * What a version-40 symbol holds at each level (ISO/IEC 18004, table 7).
 * @type {Record<Server.Level, Record<"bytes" | "alphanumeric" | "digits", number>>}
 */
export const capacities = {
	L: { bytes: 2953, alphanumeric: 4296, digits: 7089 },
	M: { bytes: 2331, alphanumeric: 3391, digits: 5596 },
	Q: { bytes: 1663, alphanumeric: 2420, digits: 3993 },
	H: { bytes: 1273, alphanumeric: 1852, digits: 3057 },
};

/** @type {(ecl: Server.Level) => RequestError} */
export function textTooLong(ecl) {
	const { bytes, alphanumeric, digits } = capacities[ecl];
	return new RequestError(
		`The text does not fit: at level ${ecl} a QR code holds at most ${bytes} bytes, ` +
			`${alphanumeric} alphanumeric characters or ${digits} digits.`,
	);
}

/** @type {(width: number, smallest: number) => RequestError} */
export function widthTooSmall(width, smallest) {
	return new RequestError(
		`A width of ${width} px is too small for this text: the smallest that fits is ${smallest} px.`,
	);
}

/**
 * "a, b and c"
 * @type {(items: readonly string[], conjunction: string) => string}
 */
export function listOf(items, conjunction) {
	if (items.length < 2) return items.join("");
	return `${items.slice(0, -1).join(", ")} ${conjunction} ${items.at(-1)}`;
}

/**
 * "a", or "one of a, b and c"
 * @type {(values: readonly string[]) => string}
 */
export function oneOf(values) {
	return `${values.length > 1 ? "one of " : ""}${listOf(values, "and")}`;
}
