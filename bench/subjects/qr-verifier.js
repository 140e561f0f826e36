// Whether a tier's answers are right: the images hold the texts, hard ones, too, and what can't be encoded is refused.
import { get } from "../hosts/http.js";
import { haveSameImages } from "../results/dimensions.js";
import { isCeiling } from "../results/roles.js";
import { decodeQrCode } from "./decode.js";
import { readPng } from "./png.js";
import { refusals } from "./refusals.js";
import { describeText } from "./texts.js";

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

function isWholePng(bytes) {
	const lastChunk = bytes.toString(
		"latin1",
		bytes.length - 8,
		bytes.length - 4,
	);
	return bytes.subarray(0, 8).equals(pngSignature) && lastChunk === "IEND";
}

function requirePng(text, answer) {
	if (!isWholePng(answer))
		throw new Error(`${describeText(text)} was not answered with a PNG`);
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

/** `decoded`: text → images that are known to hold it, since tiers often give the same. */
async function checkContent(png, text, decoded) {
	const known = decoded.get(text) ?? [];
	if (known.some((image) => image.equals(png))) return;
	let got;
	try {
		({ bytes: got } = await decodeQrCode(png));
	} catch (error) {
		throw new Error(`the image for ${describeText(text)}: ${error.message}`);
	}
	const wanted = Buffer.from(text);
	if (!got.equals(wanted))
		throw new Error(
			`the image for ${describeText(text)} holds another text: ${firstDifference(got, wanted)}`,
		);
	decoded.set(text, [...known, png]);
}

async function checkHardTexts(ask, decoded) {
	for (const [text, parameters = {}] of hardTexts) {
		const [image] = await ask([text], parameters);
		requirePng(text, image);
		await checkContent(image, text, decoded);
	}
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

async function checkEmptyIsRefused(ask) {
	const failed = await ask([""], {}).then(
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
					`the image for ${describeText(text)} has other ${what} than that of ${other.name}`,
				);
	};
	if (others.length > 0) check(others[0], samePixels, "pixels");
	const twin = others.find((other) => other.engine === engine);
	if (twin && engine === byteIdenticalEngine)
		check(twin, (a, b) => a.equals(b), "bytes");
}

/**
 * The verify() of a Subject. A tier of the C core must also give the same images as those that were verified before it; a ceiling is not
 * expected to show the text.
 * @type {() => Kit.Subject["verify"]}
 */
export function createQrVerifier() {
	const references = [];
	const decoded = new Map();
	return async ({ row, host, engine, answers, ask, signal }) => {
		const images = new Map();
		for await (const { text, answer } of answers) {
			requirePng(text, answer);
			if (!isCeiling(row)) await checkContent(answer, text, decoded);
			images.set(text, answer);
		}
		if (isCeiling(row)) return;
		await checkHardTexts(ask, decoded);
		await checkEmptyIsRefused(ask);
		if (row.transport === "get") await checkRefusals(host.url, { signal });
		if (engine === null) return;
		const isAlike = (other) => haveSameImages(row, other.row);
		checkSameImages({ engine, images }, references.filter(isAlike));
		references.push({ row, name: row.name, engine, images });
	};
}
