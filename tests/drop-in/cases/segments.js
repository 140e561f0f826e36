// Segments, binary data, and how texts are split.
import assert from "node:assert/strict";
import { decodePng, decodeRows, rowsOfSymbol } from "../judge.js";

const modesOf = ({ segments }) => segments.map(({ mode }) => mode.id);
const decode = (symbol) => decodeRows(rowsOfSymbol(symbol));

async function holds({ qr }, segments, expected, modes) {
	const symbol = qr.create(segments);
	const { text, bytes } = await decode(symbol);
	if (typeof expected === "string") assert.equal(text, expected);
	else assert.deepEqual([...bytes], expected);
	if (modes) assert.deepEqual(modesOf(symbol), modes);
}

/** [what, segments, what the code holds, modes]. */
const accepted = [
	["numeric", [{ data: "0123", mode: "numeric" }], "0123", ["Numeric"]],
	[
		"numeric from a number",
		[{ data: 123, mode: "numeric" }],
		"123",
		["Numeric"],
	],
	["a number without mode", [{ data: 123 }], "123", ["Numeric"]],
	[
		"alphanumeric",
		[{ data: "A $%*+-./:", mode: "alphanumeric" }],
		"A $%*+-./:",
		["Alphanumeric"],
	],
	["byte from a string", [{ data: "añ", mode: "byte" }], "añ", ["Byte"]],
	[
		"digits as alphanumeric",
		[{ data: "123", mode: "alphanumeric" }],
		"123",
		["Alphanumeric"],
	],
	["digits as byte", [{ data: "123", mode: "byte" }], "123", ["Byte"]],
	[
		"README's example",
		[
			{ data: "ABCDEFG", mode: "alphanumeric" },
			{ data: "0123456", mode: "numeric" },
		],
		"ABCDEFG0123456",
		["Alphanumeric", "Numeric"],
	],
	[
		"all three, in their order",
		[
			{ data: "12", mode: "numeric" },
			{ data: "ab", mode: "byte" },
			{ data: "AB", mode: "alphanumeric" },
		],
		"12abAB",
		["Numeric", "Byte", "Alphanumeric"],
	],
	[
		"two of one mode stay two",
		[
			{ data: "12", mode: "numeric" },
			{ data: "34", mode: "numeric" },
		],
		"1234",
		["Numeric", "Numeric"],
	],
	[
		"modes in capitals",
		[
			{ data: "12", mode: "NUMERIC" },
			{ data: "a", mode: "Byte" },
		],
		"12a",
		["Numeric", "Byte"],
	],
	["without mode, digits", [{ data: "123" }], "123", ["Numeric"]],
	["without mode, capitals", [{ data: "ABC" }], "ABC", ["Alphanumeric"]],
	["without mode, others", [{ data: "abc" }], "abc", ["Byte"]],
	["mode undefined", [{ data: "123", mode: undefined }], "123", ["Numeric"]],
	["a mode that is none", [{ data: "123", mode: "morse" }], "123", ["Numeric"]],
	[
		"strings",
		["123", "ABC", "abc"],
		"123ABCabc",
		["Numeric", "Alphanumeric", "Byte"],
	],
	[
		"a string beside a segment",
		["abc", { data: "1", mode: "numeric" }],
		"abc1",
	],
	[
		"those without data are left out",
		[{ mode: "byte" }, { data: "", mode: "byte" }, { data: "a" }],
		"a",
		["Byte"],
	],
	["UTF-8", [{ data: "grüß 🦆", mode: "byte" }], "grüß 🦆", ["Byte"]],
].map(([what, segments, expected, modes]) => [
	what,
	(kit) => holds(kit, segments, expected, modes),
]);

const bytes = [253, 254, 255, 0, 128];
const binary = [
	["a plain array", bytes],
	["a Buffer", Buffer.from(bytes)],
	["a Uint8Array", new Uint8Array(bytes)],
	["a Uint8ClampedArray", new Uint8ClampedArray(bytes)],
	["part of a Buffer", Buffer.from([1, ...bytes, 1]).subarray(1, 6)],
].flatMap(([what, data]) => [
	[
		`byte from ${what}`,
		(kit) => holds(kit, [{ data, mode: "byte" }], bytes, ["Byte"]),
	],
	[`${what} without mode`, (kit) => holds(kit, [{ data }], bytes, ["Byte"])],
]);

const more = [
	[
		"binary data beside a text",
		(kit) =>
			holds(
				kit,
				[
					{ data: "ab", mode: "byte" },
					{ data: [255, 0], mode: "byte" },
				],
				[97, 98, 255, 0],
			),
	],
	[
		"binary data in an image",
		async ({ qr }) => {
			const data = new Uint8ClampedArray([253, 254, 255]);
			const png = await qr.toBuffer([{ data, mode: "byte" }]);
			assert.deepEqual([...(await decodePng(png)).bytes], [253, 254, 255]);
		},
	],
	[
		"every value of a byte",
		(kit) => {
			const all = Array.from({ length: 256 }, (_, i) => i);
			return holds(kit, [{ data: Uint8Array.from(all), mode: "byte" }], all);
		},
	],
	[
		"values of a plain array above 255 are clamped",
		(kit) => holds(kit, [{ data: [300, 1], mode: "byte" }], [255, 1]),
		{ fails: "qrcode", see: "Arrays of numbers" },
	],
	[
		"modes as create() returns them",
		({ qr }) => {
			const [{ mode }] = qr.create("123").segments;
			return holds({ qr }, [{ data: "4567", mode }], "4567", ["Numeric"]);
		},
	],
	[
		"the segments that create() returned",
		({ qr }) => {
			const { segments } = qr.create("ABCDE12345678?A1A");
			return holds({ qr }, segments, "ABCDE12345678?A1A");
		},
	],
	[
		"the array is left as it was",
		({ qr }) => {
			const segments = [{ data: "123", mode: "numeric" }, { data: "abc" }];
			qr.create(segments);
			assert.deepEqual(segments, [
				{ data: "123", mode: "numeric" },
				{ data: "abc" },
			]);
		},
	],
	[
		"a large one",
		(kit) => {
			const data = "1234567890".repeat(300);
			return holds(kit, [{ data, mode: "numeric" }], data);
		},
	],
];

const refused = [
	["letters as numeric", [{ data: "12a", mode: "numeric" }]],
	["capitals as numeric", [{ data: "ABC", mode: "numeric" }]],
	["small letters as alphanumeric", [{ data: "abc", mode: "alphanumeric" }]],
	["bytes as numeric", [{ data: Buffer.from([255]), mode: "numeric" }]],
	["more than any code holds", [{ data: "1".repeat(7090), mode: "numeric" }]],
].map(([what, segments]) => [
	`${what}: thrown`,
	({ qr }) => assert.throws(() => qr.create(segments), Error),
]);

/** [text, [[mode, data], …]]. */
const splits = [
	[
		"ABCDE12345678?A1A",
		[
			["Alphanumeric", "ABCDE"],
			["Numeric", "12345678"],
			["Byte", "?A1A"],
		],
	],
	["1234567", [["Numeric", "1234567"]]],
	["HELLO WORLD", [["Alphanumeric", "HELLO WORLD"]]],
	["hello", [["Byte", "hello"]]],
	["A1", [["Alphanumeric", "A1"]]],
	["grüß", [["Byte", "grüß"]]],
	["a\nb", [["Byte", "a\nb"]]],
	[
		"abcdefgh1234567890",
		[
			["Byte", "abcdefgh"],
			["Numeric", "1234567890"],
		],
	],
].map(([text, expected]) => [
	`${JSON.stringify(text)}: ${expected.map(([mode]) => mode).join(", ")}`,
	async ({ qr }) => {
		const symbol = qr.create(text);
		const found = symbol.segments.map(({ mode, data }) => [
			mode.id,
			typeof data === "string" ? data : Buffer.from(data).toString(),
		]);
		assert.deepEqual(found, expected);
		assert.equal((await decode(symbol)).text, text);
	},
]);

const shapes = [
	[
		"numeric: mode and data",
		({ qr }) => {
			const [segment] = qr.create("123").segments;
			assert.equal(segment.mode.id, "Numeric");
			assert.equal(segment.mode.bit, 1);
			assert.deepEqual([...segment.mode.ccBits], [10, 12, 14]);
			assert.equal(segment.data, "123");
		},
	],
	[
		"alphanumeric: mode and data",
		({ qr }) => {
			const [segment] = qr.create("ABC").segments;
			assert.equal(segment.mode.id, "Alphanumeric");
			assert.equal(segment.mode.bit, 2);
			assert.deepEqual([...segment.mode.ccBits], [9, 11, 13]);
			assert.equal(segment.data, "ABC");
		},
	],
	[
		"byte: mode, and a Uint8Array as data",
		({ qr }) => {
			const [segment] = qr.create("añ").segments;
			assert.equal(segment.mode.id, "Byte");
			assert.equal(segment.mode.bit, 4);
			assert.deepEqual([...segment.mode.ccBits], [8, 16, 16]);
			assert.ok(segment.data instanceof Uint8Array);
			assert.deepEqual([...segment.data], [97, 0xc3, 0xb1]);
		},
	],
	[
		"getLength(): characters, or bytes",
		({ qr }) => {
			const lengthOf = (text) => qr.create(text).segments[0].getLength();
			assert.deepEqual(["1234", "ABC", "añ"].map(lengthOf), [4, 3, 3]);
		},
	],
	[
		"getBitsLength(): bits without the header",
		({ qr }) => {
			const bitsOf = (text) => qr.create(text).segments[0].getBitsLength();
			assert.deepEqual(
				["1234", "12345", "ABC", "añ"].map(bitsOf),
				[14, 17, 17, 24],
			);
		},
	],
];

const texts = [
	["a NUL", "a\0b"],
	["emoji", "🦆🦆"],
	["Cyrillic", "Привет"],
	["Greek", "Γειά"],
	["Chinese", "汉字"],
	["Japanese", "ポニー"],
	["line breaks", "a\r\nb"],
	["a URL", "https://example.com/?q=1&lang=de#top"],
	["spaces alone", "   "],
	[
		"every character of alphanumeric mode",
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:",
	],
].map(([what, text]) => [what, (kit) => holds(kit, text, text)]);

export default {
	segments: [...accepted, ...binary, ...more, ...refused, ...shapes],
	"texts, and how they are split": [...splits, ...texts],
};
