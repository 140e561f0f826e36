// Texts of the kinds that people encode, thousands of each: few texts teach the branch predictor, which flatters the code.
import { createHash } from "node:crypto";
import { textKinds } from "../results/dimensions.js";
import { loadTexts } from "../subjects/texts.js";

const sizes = [50, 200, 500, 2800];
const textCount = 2000;

/** Numbers that look random and depend on the corpus and number of the text alone. */
function createRandom(corpus, index, outputLength) {
	const bytes = createHash("shake256", { outputLength })
		.update(`qr-tiers ${corpus} ${index}`)
		.digest();
	let next = 0;
	const below = (limit) => {
		next = (next + 2) % bytes.length;
		return bytes.readUInt16LE(next) % limit;
	};
	const pick = (list) => list[below(list.length)];
	const repeat = (count, make) => Array.from({ length: count }, make).join("");
	return { below, pick, repeat };
}

const digits = "0123456789";
const hexDigits = `${digits}abcdef`;
const lowerCase = "abcdefghijklmnopqrstuvwxyz";
const base64 = `${lowerCase}${lowerCase.toUpperCase()}${digits}-_`;
const words =
	"the of and to in is that it was for on are as with his they at be this from have or by one had not but what all were when we there can an your which their said if do will each about how up out them then she many some so these would other into has more her two like him see time could no make than first been its who now people my made over did down only way find use may water long little very after called just where most know".split(
		" ",
	);
const foreignWords =
	"это город вода снег Привет данные καλημέρα πόλη νερό straße größe naïve 東京都 日本語 注文番号 你好 世界 주문 🎉 🚀 ☕".split(
		" ",
	);

const number = ({ below, pick, repeat }) =>
	repeat(1 + below(9), () => pick(digits));
const hex = (random, count) =>
	random.repeat(count, () => random.pick(hexDigits));
const name = ({ below, pick, repeat }) => {
	const rest = repeat(2 + below(7), () => pick(lowerCase));
	return `${pick(lowerCase).toUpperCase()}${rest}`;
};
const twoDigits = ({ below }, first, count) =>
	`${first + below(count)}`.padStart(2, "0");
const date = (random) =>
	`20${twoDigits(random, 0, 30)}-${twoDigits(random, 1, 12)}-${twoDigits(random, 1, 28)}`;
const time = (random) =>
	`${twoDigits(random, 0, 24)}:${twoDigits(random, 0, 60)}:${twoDigits(random, 0, 60)}`;
const uuid = (random) =>
	[8, 4, 4, 4, 12].map((count) => hex(random, count)).join("-");

const jsonValues = [
	number,
	(random) => `${number(random)}.${random.below(100)}`,
	({ pick }) => pick(["true", "false", "null"]),
	(random) => `"${name(random)}"`,
	(random) => `"${random.pick(words)} ${random.pick(words)} ${number(random)}"`,
	(random) => `"${date(random)}T${time(random)}Z"`,
	(random) => `"${uuid(random)}"`,
	(random) => `[${number(random)},${number(random)},${number(random)}]`,
];
const jsonField = (random) =>
	`"${random.pick(words)}":${random.pick(jsonValues)(random)}`;

/** What a text of each kind begins with, and the pieces that go on from there. */
const kinds = {
	url: {
		begin: (random) => `https://${name(random).toLowerCase()}.com/`,
		piece: (random) =>
			random.pick([
				`${random.pick(words)}/`,
				`${name(random)}?${random.pick(words)}=${number(random)}&`,
				`${random.pick(words)}=${hex(random, 1 + random.below(8))}&`,
				`${random.pick(words)}-${random.pick(words)}.`,
			]),
	},
	json: { begin: () => "{", piece: (random) => `${jsonField(random)},` },
	uuid: { begin: () => "", piece: (random) => `${uuid(random)}\n` },
	jwt: {
		begin: () => "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.",
		piece: ({ pick, repeat }) => repeat(64, () => pick(base64)),
	},
	vcard: {
		begin: (random) =>
			`BEGIN:VCARD\r\nVERSION:3.0\r\nN:${name(random)};${name(random)}\r\n`,
		piece: (random) =>
			random.pick([
				`TEL;TYPE=CELL:+${number(random)}${number(random)}\r\n`,
				`EMAIL:${name(random).toLowerCase()}@example.com\r\n`,
				`ADR:;;${number(random)} ${name(random)} St;${name(random)};;${number(random)}\r\n`,
				`BDAY:${date(random)}\r\n`,
				`ORG:${name(random)} ${name(random)}\r\n`,
			]),
	},
	hex: { begin: () => "", piece: (random) => hex(random, 16) },
	prose: {
		begin: name,
		piece: (random) =>
			` ${random.pick(words)}${random.pick(["", "", "", ",", "."])}`,
	},
	utf8: {
		begin: () => "",
		piece: (random) => `${random.pick(foreignWords)} `,
	},
};

/** At most so many bytes of UTF-8, whole characters. */
function cut(text, nbytes) {
	const bytes = Buffer.from(text);
	let end = nbytes;
	while ((bytes[end] & 0xc0) === 0x80) end -= 1;
	return bytes.toString("utf8", 0, end);
}

/** Between 90 % and all of `size` bytes. */
function makeText(corpus, { begin, piece }, size, index) {
	const random = createRandom(corpus, index, 4 * size);
	const nbytes = size - random.below(Math.ceil(size / 10));
	const pieces = [begin(random)];
	let left = nbytes - Buffer.byteLength(pieces[0]);
	while (left > 0) {
		pieces.push(piece(random));
		left -= Buffer.byteLength(pieces.at(-1));
	}
	return cut(pieces.join(""), nbytes);
}

const made = new Map(
	Object.entries(kinds).flatMap(([kind, recipe]) =>
		sizes.map((size) => [`${kind}-${size}`, { recipe, size }]),
	),
);

/** A kind and the size of its texts in bytes, such as json-500. */
export const madeCorpora = [...made.keys()];

/** Those, and the kinds of texts that the kit has. */
export const corpora = [...textKinds, ...madeCorpora];

/**
 * The texts of a corpus, or the first of them.
 * @type {(name: string, count?: number) => string[]}
 */
export function loadCorpus(name, count = textCount) {
	const corpus = made.get(name);
	if (!corpus) return loadTexts(name).slice(0, count);
	return Array.from({ length: count }, (_, i) =>
		makeText(name, corpus.recipe, corpus.size, i),
	);
}
