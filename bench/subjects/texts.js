// The texts that every tier encodes: the same ones in the same order, on every machine.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { textKinds } from "../results/dimensions.js";

/** Fewest and most bytes of a text. */
const lengths = { short: [20, 80], mid: [190, 210], long: [480, 520] };
/** As long as the URLs in the article "Using Rust in Non-Rust Servers". */
const articleLengths = [42, 44, 33, 42, 40, 43, 22, 38, 32, 43];

// Few enough that the slowest tier goes through all of them in a round, too many for any cache to look good.
const textCount = 128;
const domains = ["com", "org", "net", "io", "de", "co.uk"];
const lowerCase = "abcdefghijklmnopqrstuvwxyz";
// Lower case twice, since it is what URLs are mostly made of.
const letters = `${lowerCase}${lowerCase}ABCDEFGH0123456789`;
const pathSeparators = "///-_.";
const querySeparators = "=&=&-+";

/** Bytes that look random and depend on the kind and number of the text alone. */
function pseudoRandomBytes(kind, index) {
	return createHash("shake256", { outputLength: 1024 })
		.update(`qr-tiers ${kind} ${index}`)
		.digest();
}

const pick = (list, byte) => list[byte % list.length];

const boundsOf = (kind, index) =>
	lengths[kind] ?? [articleLengths[index], articleLengths[index]];

/** A text that looks like a URL, such as https://kqexd.org/fre/tonep-rs?ab=d9fk&mp=3. */
function makeText(kind, index) {
	const bytes = pseudoRandomBytes(kind, index);
	const [fewest, most] = boundsOf(kind, index);
	const length = fewest + (bytes.readUInt16LE(0) % (most - fewest + 1));
	const host = Array.from({ length: 3 + (bytes[2] % 4) }, (_, i) =>
		pick(lowerCase, bytes[3 + i]),
	).join("");
	let text = `https://${host}.${pick(domains, bytes[10])}/`;
	const queryStart = text.length + (length - text.length) * 0.7;
	let wordLeft = 3;
	for (let i = 11; text.length < length; i += 1) {
		if (wordLeft > 0) {
			text += pick(letters, bytes[i]);
			wordLeft -= 1;
			continue;
		}
		wordLeft = 2 + (bytes[i] % 7);
		if (text.length < queryStart) text += pick(pathSeparators, bytes[i] >> 3);
		else
			text += text.includes("?") ? pick(querySeparators, bytes[i] >> 3) : "?";
	}
	return text;
}

function readTextFile(path) {
	let text;
	try {
		text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
			readFileSync(path),
		);
	} catch (error) {
		if (error.code === "ENOENT")
			throw new Error(
				`--text must be ${textKinds.join(", ")} or a file with one text per line; there is no file ${path}.`,
			);
		if (error.code === "ERR_ENCODING_INVALID_ENCODED_DATA")
			throw new Error(`The texts in ${path} are not valid UTF-8.`);
		throw new Error(`The texts cannot be read: ${error.message}.`);
	}
	const texts = text.split(/\r?\n/).filter((line) => line !== "");
	if (texts.length === 0) throw new Error(`There is no text in ${path}.`);
	return texts;
}

/**
 * The texts of a kind, in an order that does not go by length, or those in a file, one per line.
 * @type {(kindOrFile: string) => string[]}
 */
export function loadTexts(kindOrFile) {
	if (!textKinds.includes(kindOrFile)) return readTextFile(kindOrFile);
	const count = kindOrFile === "article" ? articleLengths.length : textCount;
	return Array.from({ length: count }, (_, i) => makeText(kindOrFile, i));
}

/**
 * How an error names a text.
 * @type {(text: string) => string}
 */
export function describeText(text) {
	const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
	return `the text ${JSON.stringify(shown)} (${Buffer.byteLength(text)} bytes)`;
}
