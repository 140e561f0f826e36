import { checkTexts, encodeBatch, maxBatchBytes } from "./batch.js";
import { MAX_BODY_BYTES, parseJson, readBody, readers } from "./body.js";
import { RequestError, sentences } from "./errors.js";
import { signalOfClose } from "./responses.js";
import { encode } from "./text.js";

const MEDIA_TYPES = Object.keys(readers);

/** What Express does for POST /qrcode and POST /qrcodes: both throw, or reject with, what the client is to be told. */
export class Posts {
	#parsePost;
	#selectVariant;
	#maxBatch;
	#responses;

	constructor({ parsePost, selectVariant, maxBatch, responses }) {
		this.#parsePost = parsePost;
		this.#selectVariant = selectVariant;
		this.#maxBatch = maxBatch;
		this.#responses = responses;
	}

	/** The image of the text in the body. */
	async encode(req, res) {
		const { mediaType, bytes } = await readBody(req, res, {
			mediaTypes: MEDIA_TYPES,
			maxBytes: MAX_BODY_BYTES,
		});
		const body = readers[mediaType](bytes);
		const { variant, text, options } = this.#parse(req, body);
		if (variant.tier.abortable) options.signal = signalOfClose(res);
		const png = await encode(variant.tier, text, options);
		this.#responses.made(res, "image/png", png);
	}

	/** The images of the texts in the body, each in base64. */
	async encodeBatch(req, res) {
		const { bytes } = await readBody(req, res, {
			mediaTypes: ["application/json"],
			maxBytes: maxBatchBytes(this.#maxBatch),
		});
		const array = parseJson(bytes);
		if (!Array.isArray(array) || array.length === 0)
			throw new RequestError(sentences.jsonArray);
		const texts = checkTexts(array, this.#maxBatch);
		const { variant, options } = this.#parse(req, {});
		options.signal = signalOfClose(res);
		const pngs = await encodeBatch(variant.tier, texts, options);
		const images = pngs.map((png) => png.toString("base64"));
		this.#responses.made(res, "application/json", JSON.stringify(images));
	}

	/** options go to the tier. */
	#parse(req, body) {
		const values = this.#parsePost(req.rawQuery, body);
		const variant = this.#selectVariant(values, req);
		const { text, ecl, width, margin } = values;
		const options = { ecl, width, margin, engine: variant.engine };
		return { variant, text, options };
	}
}
