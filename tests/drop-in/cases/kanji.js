// Kanji mode and toSJISFunc. The group is loaded anew, since qrcode keeps a toSJISFunc for all later calls.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { decodePng, decodeRows, rowsOfSymbol } from "../judge.js";

const require = createRequire(import.meta.url);
const modesOf = ({ segments }) => segments.map(({ mode }) => mode.id);
const sjis = (text) =>
	Buffer.concat(
		[...text].map((character) => {
			const value = toSJIS(character);
			return Buffer.from([value >> 8, value & 255]);
		}),
	);

/** Shift JIS of a few characters: JIS X 0208. */
const values = {
	皿: 0x8e4d,
	a: 0,
	点: 0x935f,
	茗: 0xe4aa,
	"、": 0x8141,
	漾: 0xe089,
};
const toSJIS = (character) => values[character];
const options = { toSJISFunc: toSJIS };
const text = "点茗点茗点茗点茗";

/** What the code of a symbol holds; zxing gives the bytes of kanji as Shift JIS. */
async function holds(symbol, bytes) {
	const found = await decodeRows(rowsOfSymbol(symbol));
	assert.deepEqual([...found.bytes], [...bytes]);
}

const rows = [
	[
		"a text of kanji: kanji mode",
		async ({ qr }) => {
			const symbol = qr.create(text, options);
			assert.deepEqual(modesOf(symbol), ["Kanji"]);
			await holds(symbol, sjis(text));
		},
	],
	[
		"a smaller symbol than in byte mode",
		({ qr }) => {
			const inBytes = [{ data: Buffer.from(text), mode: "byte" }];
			assert.ok(qr.create(text, options).version < qr.create(inBytes).version);
		},
	],
	[
		"the segment: mode and data",
		({ qr }) => {
			const [segment] = qr.create(text, options).segments;
			assert.equal(segment.mode.id, "Kanji");
			assert.equal(segment.mode.bit, 8);
			assert.deepEqual([...segment.mode.ccBits], [8, 10, 12]);
			assert.equal(segment.data, text);
			assert.equal(segment.getLength(), 8);
			assert.equal(segment.getBitsLength(), 8 * 13);
		},
	],
	[
		"kanji among others: a segment of its own",
		async ({ qr }) => {
			const symbol = qr.create(`${text}12345678`, options);
			assert.deepEqual(modesOf(symbol), ["Kanji", "Numeric"]);
			await holds(symbol, Buffer.concat([sjis(text), Buffer.from("12345678")]));
		},
	],
	[
		"a segment in mode kanji",
		async ({ qr }) => {
			const symbol = qr.create([{ data: "点茗", mode: "kanji" }], options);
			assert.deepEqual(modesOf(symbol), ["Kanji"]);
			await holds(symbol, sjis("点茗"));
		},
	],
	[
		"a segment of kanji without mode",
		({ qr }) =>
			assert.deepEqual(modesOf(qr.create([{ data: "点茗" }], options)), [
				"Kanji",
			]),
	],
	[
		"kanji beside a numeric segment",
		async ({ qr }) => {
			const segments = [
				{ data: "皿", mode: "kanji" },
				{ data: "123", mode: "numeric" },
			];
			const symbol = qr.create(segments, options);
			assert.deepEqual(modesOf(symbol), ["Kanji", "Numeric"]);
			await holds(symbol, Buffer.concat([sjis("皿"), Buffer.from("123")]));
		},
	],
	[
		"both ranges of Shift JIS",
		async ({ qr }) => holds(qr.create("、点漾茗", options), sjis("、点漾茗")),
	],
	[
		"digits as kanji: thrown",
		({ qr }) =>
			assert.throws(() =>
				qr.create([{ data: "12", mode: "kanji" }], {
					toSJISFunc: () => undefined,
				}),
			),
	],
	[
		"a character that toSJISFunc doesn't know: thrown",
		({ qr }) =>
			assert.throws(() => qr.create("点亜点亜点亜点亜", options), Error),
		{ fails: "qr-tiers", see: "Characters without Shift JIS" },
	],
	[
		"byte mode where it is asked for",
		async ({ qr }) => {
			const symbol = qr.create([{ data: text, mode: "byte" }], options);
			assert.deepEqual(modesOf(symbol), ["Byte"]);
			await holds(symbol, Buffer.from(text));
		},
	],
	...["toDataURL", "toBuffer"].map((name) => [
		`${name}, with toSJISFunc`,
		async ({ qr }) =>
			assert.deepEqual(
				[...(await decodePng(await qr[name](text, options))).bytes],
				[...sjis(text)],
			),
	]),
	[
		"helper/to-sjis",
		async ({ qr, name }) => {
			const helper = require(`${name}/helper/to-sjis`);
			assert.equal(helper("点"), 0x935f);
			assert.equal(helper("茗"), 0xe4aa);
			assert.equal(helper("a"), undefined);
			const symbol = qr.create(text, { toSJISFunc: helper });
			assert.deepEqual(modesOf(symbol), ["Kanji"]);
			await holds(symbol, sjis(text));
		},
	],
	...Object.entries({ L: 1817, M: 1435, Q: 1024, H: 784 }).map(
		([errorCorrectionLevel, count]) => [
			`Kanji, ${errorCorrectionLevel}: ${count} characters fit, and no more`,
			({ qr }) => {
				const all = { ...options, errorCorrectionLevel, maskPattern: 0 };
				const segments = (length) => [
					{ data: "点".repeat(length), mode: "kanji" },
				];
				assert.equal(qr.create(segments(count), all).version, 40);
				assert.throws(() => qr.create(segments(count + 1), all), Error);
			},
		],
	),
	[
		"a toSJISFunc holds for its own call alone",
		({ qr }) => {
			qr.create(text, options);
			assert.deepEqual(modesOf(qr.create(text)), ["Byte"]);
		},
		{ fails: "qrcode", see: "`toSJISFunc`" },
	],
];

const without = [
	[
		"kanji without toSJISFunc: UTF-8 in byte mode",
		async ({ qr }) => {
			const symbol = qr.create(text);
			assert.deepEqual(modesOf(symbol), ["Byte"]);
			await holds(symbol, Buffer.from(text));
		},
	],
	[
		"a segment in mode kanji without toSJISFunc: byte mode",
		async ({ qr }) => {
			const symbol = qr.create([{ data: "点茗", mode: "kanji" }]);
			assert.deepEqual(modesOf(symbol), ["Byte"]);
			await holds(symbol, Buffer.from("点茗"));
		},
	],
];

export default { "kanji without toSJISFunc": without, kanji: rows };
