// Checks a tier's answers before anything is measured: a fast wrong answer is worth nothing.
import http from "node:http";
import { sentences } from "../tests/contract/refusals.js";
import { decodeQrCode } from "../tests/decode.js";
import { readPng } from "../tests/png.js";
import { get, targetFor } from "./http.js";
import { nameOf } from "./tiers.js";

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
	["a".repeat(2953), "&width=740"],
	["é".repeat(636), "&ecl=H&width=740"],
];

/** [query, sentence] of requests that must be refused. */
const refusals = [
	["", sentences.missing],
	["text=", sentences.empty],
	["text=%zz", sentences.badEscape],
	["text=%C3%28", sentences.utf8],
	["text=a&ecl=X", sentences.ecl],
	[`text=${"a".repeat(2954)}`, sentences.tooLong.L],
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

async function fetchImage(url, target, text, options) {
	const { status, headers, body } = await get(url, target, options);
	if (status !== 200)
		throw new Error(
			`${describe(text)} was answered with status ${status}: ${body.toString().slice(0, 200).trim()}`,
		);
	if (headers["content-type"] !== "image/png" || !isWholePng(body))
		throw new Error(`${describe(text)} was not answered with a PNG`);
	return body;
}

async function checkContent(png, text) {
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

/** Whatever the engine, all images of the core have the same pixels; those of `byteIdenticalEngine` are the same files. */
function checkSameImages({ engine, images }, others, texts) {
	const check = (other, isSame, what) =>
		texts.forEach((text, i) => {
			if (!isSame(images[i], other.images[i]))
				throw new Error(
					`the image for ${describe(text)} has other ${what} than that of ${other.name}`,
				);
		});
	if (others.length > 0) check(others[0], samePixels, "pixels");
	const twin = others.find((other) => other.engine === engine);
	if (twin && engine === byteIdenticalEngine)
		check(twin, (a, b) => a.equals(b), "bytes");
}

/**
 * Fetches the image of every text and decodes it back, then some hard texts and requests to be refused. A tier of the C core must also
 * give the same images as those before it, kept in `references`. Rejects with the first difference.
 * Fulfils with the mean size of the images of the texts.
 */
export async function verifyTier(
	{ tier, url, engine },
	{ texts, references, signal },
) {
	const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
	const options = { agent, signal };
	try {
		const images = [];
		for (const text of texts) {
			const png = await fetchImage(url, targetFor(text), text, options);
			if (!tier.isCeiling) await checkContent(png, text);
			images.push(png);
		}
		if (!tier.isCeiling) {
			for (const [text, more = ""] of hardTexts) {
				const target = targetFor(text) + more;
				await checkContent(await fetchImage(url, target, text, options), text);
			}
			await checkRefusals(url, options);
		}
		if (engine !== null) {
			const verified = { name: nameOf({ ...tier, engine }), engine, images };
			checkSameImages(verified, references, texts);
			references.push(verified);
		}
		const bytes = images.reduce((sum, png) => sum + png.length, 0);
		return { meanImageBytes: bytes / images.length };
	} finally {
		agent.destroy();
	}
}
