// Checks a tier's answers before anything is measured: a fast wrong answer is worth nothing.

import { get } from "../hosts/http.js";
import { makeBatches, parametersOf } from "../load/batches.js";
import { openClient } from "../load/transports.js";
import { mean, median } from "../results/statistics.js";
import { decodeQrCode } from "../subjects/decode.js";
import { readPng } from "../subjects/png.js";
import { refusals } from "../subjects/refusals.js";

const pngSignature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

const byteIdenticalEngine = "fast";

/** Texts that are easily got wrong, with further parameters where they need them. */
const hardTexts = [
	["a"],
	["100% + 1 & 2 = # ? / \\ \" ' <>"],
	[" leading, trailing and\r\nline breaks\t "],
	["before\0after"],
	["Grüße, 日本語, ﷽, 👩🏽‍🚀, e\u0301"],
	["01234567890123456789"],
	["HTTPS://EXAMPLE.ORG/A-B.C $%*+"],
	["a".repeat(2953), { width: 740 }],
	["é".repeat(636), { ecl: "H", width: 740 }],
];

function describe(text) {
	const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
	return `the text ${JSON.stringify(shown)} (${Buffer.byteLength(text)} bytes)`;
}

function isWholePng(bytes) {
	const lastChunk = bytes.toString(
		"latin1",
		bytes.length - 8,
		bytes.length - 4,
	);
	return bytes.subarray(0, 8).equals(pngSignature) && lastChunk === "IEND";
}

function samePixels(pngA, pngB) {
	if (pngA.equals(pngB)) return true;
	const [a, b] = [readPng(pngA), readPng(pngB)];
	return a.width === b.width && Buffer.from(a.dark).equals(b.dark);
}

function firstDifference(got, wanted) {
	const at = wanted.findIndex((byte, i) => byte !== got[i]);
	if (at === -1) return `${got.length} bytes instead of ${wanted.length}`;
	const shown = at < got.length ? `0x${got[at].toString(16)}` : "the end";
	return `at byte ${at} ${shown} instead of 0x${wanted[at].toString(16)}`;
}

/** The images of some texts, and how long that took. */
async function fetchBatch(client, texts, parameters) {
	const shown =
		texts.length === 1
			? describe(texts[0])
			: `a batch of ${texts.length} texts that begins with ${describe(texts[0])}`;
	const startMs = performance.now();
	let images;
	try {
		images = await client.fetchImages(texts, parameters);
	} catch (error) {
		throw new Error(`${shown}: ${error.message}`, { cause: error });
	}
	const ms = performance.now() - startMs;
	if (images.length !== texts.length)
		throw new Error(`${shown} was answered with ${images.length} images`);
	const bad = images.findIndex((image) => !isWholePng(image));
	if (bad !== -1)
		throw new Error(`${describe(texts[bad])} was not answered with a PNG`);
	return { images, ms };
}

/** `decoded`: text → images that are known to hold it, since tiers often give the same. */
async function checkContent(png, text, decoded) {
	const known = decoded.get(text) ?? [];
	if (known.some((image) => image.equals(png))) return;
	let got;
	try {
		({ bytes: got } = await decodeQrCode(png));
	} catch (error) {
		throw new Error(`the image for ${describe(text)}: ${error.message}`);
	}
	const wanted = Buffer.from(text);
	if (!got.equals(wanted))
		throw new Error(
			`the image for ${describe(text)} holds another text: ${firstDifference(got, wanted)}`,
		);
	decoded.set(text, [...known, png]);
}

async function checkRefusals(url, options) {
	for (const [query, sentence] of refusals) {
		const shown = query.length > 40 ? `${query.slice(0, 40)}…` : query;
		const { status, body } = await get(url, `/qrcode?${query}`, options);
		if (status !== 400)
			throw new Error(
				`/qrcode?${shown} was answered with status ${status} instead of 400`,
			);
		if (body.toString() !== `${sentence}\n`)
			throw new Error(
				`/qrcode?${shown} was refused with ${JSON.stringify(body.toString().trim())} instead of ${JSON.stringify(sentence)}`,
			);
	}
}

async function checkEmptyIsRefused(client) {
	const failed = await client.fetchImages([""], {}).then(
		() => false,
		() => true,
	);
	if (!failed) throw new Error("an empty text was answered with an image");
}

/** Whatever the engine, all images of the core have the same pixels; those of `byteIdenticalEngine` are the same files. */
function checkSameImages({ engine, images }, others) {
	const check = (other, isSame, what) => {
		for (const [text, image] of images)
			if (!isSame(image, other.images.get(text)))
				throw new Error(
					`the image for ${describe(text)} has other ${what} than that of ${other.name}`,
				);
	};
	if (others.length > 0) check(others[0], samePixels, "pixels");
	const twin = others.find((other) => other.engine === engine);
	if (twin && engine === byteIdenticalEngine)
		check(twin, (a, b) => a.equals(b), "bytes");
}

async function checkHardTexts(client, decoded) {
	for (const [text, parameters = {}] of hardTexts) {
		const { images } = await fetchBatch(client, [text], parameters);
		await checkContent(images[0], text, decoded);
	}
}

/** For a tier from outside: its own verifier has the say about every answer. */
async function verifyOutside({ tier, host }, { texts, signal }) {
	const client = await openClient(host, tier, signal);
	const sizes = [];
	const times = [];
	try {
		for (const text of texts) {
			const startMs = performance.now();
			const [answer] = await fetchAnswer(client, text);
			times.push(performance.now() - startMs);
			sizes.push(answer.length);
			try {
				await tier.verifyAnswer(text, answer, client.lastHeaders);
			} catch (error) {
				throw new Error(`the answer to ${describe(text)}: ${error.message}`);
			}
		}
	} finally {
		client.close();
	}
	return {
		...{ meanImageBytes: mean(sizes), answerNbytes: [] },
		requestMs: median(times),
	};
}

async function fetchAnswer(client, text) {
	try {
		return await client.fetchImages([text], {});
	} catch (error) {
		throw new Error(`${describe(text)}: ${error.message}`, { cause: error });
	}
}

/**
 * Fetches the image of every text by the row's transport and decodes it back, then some hard texts and requests to be refused. A tier of
 * the C core must also give the same images as those before it, kept in `references`. Rejects with the first difference. Fulfils with
 * { meanImageBytes, answerNbytes of each batch of the row, requestMs: how long a request took in the median }.
 */
export async function verifyTier(
	{ tier, host, engine },
	{ texts, references, decoded, signal },
) {
	if (tier.verifyAnswer)
		return verifyOutside({ tier, host }, { texts, signal });
	const client = await openClient(host, tier, signal);
	try {
		const images = new Map();
		const times = [];
		const answerNbytes = [];
		for (const batch of makeBatches(texts, tier.batchSize)) {
			const answer = await fetchBatch(client, batch, parametersOf(tier));
			times.push(answer.ms);
			answerNbytes.push(client.lastAnswerNbytes);
			for (const [i, text] of batch.entries()) {
				if (!tier.isCeiling)
					await checkContent(answer.images[i], text, decoded);
				images.set(text, answer.images[i]);
			}
		}
		if (!tier.isCeiling) {
			await checkHardTexts(client, decoded);
			await checkEmptyIsRefused(client);
			if (tier.transport === "get") await checkRefusals(host.url, { signal });
		}
		if (engine !== null) {
			const { name, text, width } = tier;
			const verified = { name, engine, text, width, images };
			const isAlike = (other) => other.text === text && other.width === width;
			checkSameImages(verified, references.filter(isAlike));
			references.push(verified);
		}
		const sizes = texts.map((text) => images.get(text).length);
		return {
			...{ meanImageBytes: mean(sizes), answerNbytes },
			requestMs: median(times),
		};
	} finally {
		client.close();
	}
}
