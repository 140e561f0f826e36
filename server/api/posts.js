import { RequestError, sentences } from "../errors.js";
import { checkTexts, maxBatchBytes } from "./batch.js";
import {
	inspectBody,
	MAX_BODY_BYTES,
	parseJson,
	readBody,
	readers,
} from "./body.js";
import { encode } from "./encode.js";
import { signalOfClose, whenTaken } from "./responses.js";

const TEXT_LIMITS = {
	mediaTypes: Object.keys(readers),
	maxBytes: MAX_BODY_BYTES,
};

/** What Express does for POST /qrcode and POST /qrcodes: both throw, or reject with, what the client is to be told. */
export class Posts {
	#parsePost;
	#selectVariant;
	#maxBatch;
	#batchLimits;
	#batches;
	#sendTimeoutMs;
	#responses;

	/**
	 * @param {Server.BatchSettings & {
	 *   parsePost: Server.PostParser, selectVariant: Server.SelectVariant, responses: import("./responses.js").Responses,
	 * }} settings
	 */
	constructor({
		parsePost,
		selectVariant,
		maxBatch,
		batches,
		sendTimeoutMs,
		responses,
	}) {
		this.#parsePost = parsePost;
		this.#selectVariant = selectVariant;
		this.#maxBatch = maxBatch;
		this.#batchLimits = {
			mediaTypes: ["application/json"],
			maxBytes: maxBatchBytes(maxBatch),
		};
		this.#batches = batches;
		this.#sendTimeoutMs = sendTimeoutMs;
		this.#responses = responses;
	}

	/**
	 * The image of the text in the body.
	 * @type {(req: Server.Request, res: Server.Response) => Promise<void>}
	 */
	async encode(req, res) {
		const { mediaType, bytes } = await readBody(req, res, TEXT_LIMITS);
		const body = readers[mediaType](bytes);
		const { variant, text, options } = this.#parse(req, body);
		if (variant.tier.abortable) options.signal = signalOfClose(res);
		const png = await encode(variant.tier, text, options);
		this.#responses.made(res, "image/png", png);
	}

	/**
	 * The images of the texts in the body, each in base64.
	 * @type {(req: Server.Request, res: Server.Response) => Promise<void>}
	 */
	async encodeBatch(req, res) {
		const { nbytes } = inspectBody(req, this.#batchLimits);
		const signal = signalOfClose(res);
		const part = await this.#batches.enter(nbytes, signal);
		try {
			const { variant, texts, options } = await this.#readBatch(req, res);
			const { images, unread } = await this.#batches.encode(
				variant.tier,
				texts,
				{ ...options, signal },
				part,
				jsonNbytes,
			);
			whenTaken(res, this.#sendTimeoutMs, () => unread.leave());
			const body = await this.#formatJson(images);
			this.#responses.made(res, "application/json", body);
		} finally {
			part.leave();
		}
	}

	async #readBatch(req, res) {
		const { bytes } = await readBody(req, res, this.#batchLimits);
		await this.#batches.turn();
		const array = parseJson(bytes);
		if (!Array.isArray(array) || array.length === 0)
			throw new RequestError(sentences.jsonArray);
		const texts = checkTexts(array, this.#maxBatch);
		return { texts, ...this.#parse(req, {}) };
	}

	/** An array of images in base64, written into memory of its own: as strings they would take a multiple of that. */
	async #formatJson(images) {
		const body = Buffer.allocUnsafeSlow(jsonNbytes(images));
		let end = body.write("[");
		for (const png of images) {
			await this.#batches.turn();
			end += body.write(`"${png.toString("base64")}",`, end, "latin1");
		}
		body.write("]", end - 1); // in place of the last comma
		return body;
	}

	/** options go to the tier. */
	#parse(req, body) {
		const values = this.#parsePost(req.rawQuery, body);
		const variant = this.#selectVariant(values, req);
		const { text, ecl, width, margin } = values;
		/** @type {Server.EncodeOptions} */
		const options = { ecl, width, margin, engine: variant.engine };
		return { variant, text, options };
	}
}

/**
 * The length of what #formatJson() makes.
 * @type {(images: Buffer[]) => number}
 */
function jsonNbytes(images) {
	const base64Nbytes = ({ length }) => 4 * Math.ceil(length / 3);
	return images.reduce((sum, png) => sum + base64Nbytes(png) + 3, 1);
}
