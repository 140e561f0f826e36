// create(): what it returns, and the options of the symbol.
import assert from "node:assert/strict";
import { decodeRows, rowsOfSymbol } from "../judge.js";

const text = "I am a pony!";
const decode = (symbol) => decodeRows(rowsOfSymbol(symbol));

async function holds(symbol, expected) {
	const found = await decode(symbol);
	for (const [name, value] of Object.entries(expected))
		assert.equal(found[name], value, name);
}

/** The mask that the format information beside the top left finder names: ISO/IEC 18004, 7.9. */
function maskOf({ modules }) {
	const bits = [2, 3, 4].map((column) => Number(modules.get(8, column)));
	return ((bits[0] << 2) | (bits[1] << 1) | bits[2]) ^ 0b101;
}

const levelBits = { L: 1, M: 0, Q: 3, H: 2 };
const spellings = {
	L: ["L", "l", "low", "LOW", "Low"],
	M: ["M", "m", "medium", "MEDIUM", "Medium"],
	Q: ["Q", "q", "quartile", "QUARTILE", "Quartile"],
	H: ["H", "h", "high", "HIGH", "High"],
};

const levels = Object.entries(spellings).flatMap(([level, names]) => [
	...names.map((errorCorrectionLevel) => [
		`errorCorrectionLevel "${errorCorrectionLevel}"`,
		({ qr }) => holds(qr.create(text, { errorCorrectionLevel }), { level }),
	]),
	[
		`errorCorrectionLevel as create() returns it: ${level}`,
		({ qr }) => {
			const { errorCorrectionLevel } = qr.create(text, {
				errorCorrectionLevel: level,
			});
			return holds(qr.create("other", { errorCorrectionLevel }), { level });
		},
	],
]);

const ignoredLevels = ["X", "", 1, null, undefined, {}].map((value) => [
	`errorCorrectionLevel ${JSON.stringify(value)}: M, the default`,
	({ qr }) =>
		holds(qr.create(text, { errorCorrectionLevel: value }), { level: "M" }),
]);

const versions = [1, 2, 7, 10, 26, 27, 40, "5"].map((version) => [
	`version ${JSON.stringify(version)}`,
	async ({ qr }) => {
		const symbol = qr.create("pony", { version, maskPattern: 0 });
		assert.equal(symbol.version, Number(version));
		assert.equal(symbol.modules.size, 17 + 4 * Number(version));
		await holds(symbol, { text: "pony", version: Number(version) });
	},
]);

const ignoredVersions = [0, 41, -1, Number.NaN, "x", "", null, undefined].map(
	(version) => [
		`version ${Number.isNaN(version) ? "NaN" : JSON.stringify(version)}: the smallest`,
		({ qr }) => assert.equal(qr.create("pony", { version }).version, 1),
	],
);

const masks = [0, 1, 2, 3, 4, 5, 6, 7, "3"].map((maskPattern) => [
	`maskPattern ${JSON.stringify(maskPattern)}`,
	async ({ qr }) => {
		const symbol = qr.create(text, { maskPattern });
		assert.equal(symbol.maskPattern, Number(maskPattern));
		assert.equal(maskOf(symbol), Number(maskPattern));
		await holds(symbol, { text });
	},
]);

const ignoredMasks = [-1, 8, Number.NaN, "x", "", null, undefined].map(
	(maskPattern) => [
		`maskPattern ${Number.isNaN(maskPattern) ? "NaN" : JSON.stringify(maskPattern)}: the best`,
		({ qr }) =>
			assert.equal(
				qr.create(text, { maskPattern }).maskPattern,
				qr.create(text).maskPattern,
			),
	],
);

const returned = [
	["text", ({ qr }) => holds(qr.create(text), { text, level: "M" })],
	[
		"text, options",
		({ qr }) =>
			holds(qr.create(text, { errorCorrectionLevel: "Q" }), { level: "Q" }),
	],
	["text, undefined", ({ qr }) => holds(qr.create(text, undefined), { text })],
	[
		"an array of segments",
		({ qr }) => holds(qr.create([{ data: text, mode: "byte" }]), { text }),
	],
	["not a promise", ({ qr }) => assert.equal(qr.create(text).then, undefined)],
	[
		"version: the smallest that holds the text",
		({ qr }) => {
			assert.equal(qr.create("a".repeat(14)).version, 1);
			assert.equal(qr.create("a".repeat(15)).version, 2);
		},
	],
	[
		"errorCorrectionLevel: the bits of the level",
		({ qr }) => {
			for (const [name, bit] of Object.entries(levelBits)) {
				const symbol = qr.create(text, { errorCorrectionLevel: name });
				assert.equal(symbol.errorCorrectionLevel.bit, bit);
			}
		},
	],
	[
		"maskPattern: the one that was chosen",
		({ qr }) => {
			const symbol = qr.create(text);
			assert.equal(symbol.maskPattern, maskOf(symbol));
		},
	],
	[
		"modules.size: modules on a side",
		({ qr }) => assert.equal(qr.create("pony").modules.size, 21),
	],
	[
		"modules.data: a Uint8Array, row by row, 1 for dark",
		({ qr }) => {
			const { modules } = qr.create(text);
			assert.ok(modules.data instanceof Uint8Array);
			assert.equal(modules.data.length, modules.size ** 2);
			for (let i = 0; i < modules.data.length; i++) {
				const row = Math.floor(i / modules.size);
				const module = modules.get(row, i % modules.size);
				assert.equal(modules.data[i], module);
				assert.ok(module === 0 || module === 1);
			}
		},
	],
	[
		"modules.get(row, column)",
		({ qr }) => {
			const { modules } = qr.create(text);
			// The finder patterns, and the dark module below the left one.
			assert.equal(modules.get(0, 0), 1);
			assert.equal(modules.get(1, 1), 0);
			assert.equal(modules.get(0, modules.size - 1), 1);
			assert.equal(
				modules.get(modules.size - 1, modules.size - 1 - 7),
				modules.data[modules.data.length - 1 - 7],
			);
			assert.equal(modules.get(modules.size - 8, 8), 1);
		},
	],
	[
		"modules.isReserved(row, column): of the function patterns and the format",
		({ qr }) => {
			const { modules } = qr.create(text);
			assert.ok(modules.isReserved(0, 0));
			assert.ok(modules.isReserved(8, 0));
			assert.ok(modules.isReserved(6, 10));
			assert.ok(!modules.isReserved(modules.size - 1, modules.size - 1));
		},
	],
	[
		"modules.reservedBit: as many as function modules",
		({ qr }) => {
			const { modules } = qr.create("pony");
			const reserved = modules.reservedBit.reduce((sum, one) => sum + one, 0);
			// Version 1 has 208 modules of data: ISO/IEC 18004, table 1.
			assert.equal(reserved, 21 * 21 - 208);
			assert.ok(modules.reservedBit instanceof Uint8Array);
		},
	],
	[
		"modules.reservedBit: with alignment patterns and version information",
		({ qr }) => {
			const { modules } = qr.create("pony", { version: 7 });
			const reserved = modules.reservedBit.reduce((sum, one) => sum + one, 0);
			assert.equal(reserved, 45 * 45 - 1568);
		},
	],
	[
		"modules.set(row, column, value, reserved)",
		({ qr }) => {
			const { modules } = qr.create(text);
			const [row, column] = [modules.size - 1, modules.size - 1];
			modules.set(row, column, 1, true);
			assert.equal(modules.get(row, column), 1);
			assert.ok(modules.isReserved(row, column));
			modules.set(row, column, 0, false);
			assert.equal(modules.get(row, column), 0);
		},
	],
	[
		"modules.xor(row, column, value)",
		({ qr }) => {
			const { modules } = qr.create(text);
			const before = modules.get(20, 20);
			modules.xor(20, 20, 1);
			assert.equal(modules.get(20, 20), 1 - before);
			modules.xor(20, 20, 0);
			assert.equal(modules.get(20, 20), 1 - before);
		},
	],
	[
		"a symbol that is written to leaves others alone",
		({ qr }) => {
			const { modules } = qr.create(text);
			modules.set(0, 0, 0, false);
			assert.equal(qr.create(text).modules.get(0, 0), 1);
		},
	],
	[
		"the modules that images show",
		async ({ qr }) => {
			const blocks = await qr.toString(text, { margin: 0 });
			const { rowsOfHalfBlocks } = await import("../judge.js");
			const symbol = qr.create(text);
			assert.deepEqual(
				rowsOfHalfBlocks(blocks).slice(0, symbol.modules.size),
				rowsOfSymbol(symbol),
			);
		},
	],
];

const errors = [
	[
		"an empty text: thrown",
		({ qr }) => assert.throws(() => qr.create(""), Error),
	],
	["no text: thrown", ({ qr }) => assert.throws(() => qr.create(), Error)],
	[
		"a number as text: thrown",
		({ qr }) => assert.throws(() => qr.create(5), Error),
	],
	[
		"null as text: thrown",
		({ qr }) => assert.throws(() => qr.create(null), Error),
	],
	[
		"a text that no code can hold: thrown",
		({ qr }) => assert.throws(() => qr.create("a".repeat(2332)), Error),
	],
	[
		"a text too long for the version: thrown, with the smallest that holds it",
		({ qr }) =>
			assert.throws(() => qr.create("a".repeat(100), { version: 1 }), /\b6\b/),
	],
	[
		"a toSJISFunc that is no function: thrown",
		({ qr }) => assert.throws(() => qr.create(text, { toSJISFunc: 1 }), Error),
	],
];

/** README's table: the characters that fit, by mode and level. */
const capacities = [
	["Numeric", "1", { L: 7089, M: 5596, Q: 3993, H: 3057 }],
	["Alphanumeric", "A", { L: 4296, M: 3391, Q: 2420, H: 1852 }],
	["Byte", "a", { L: 2953, M: 2331, Q: 1663, H: 1273 }],
].flatMap(([mode, character, byLevel]) =>
	Object.entries(byLevel).map(([errorCorrectionLevel, count]) => [
		`${mode}, ${errorCorrectionLevel}: ${count} characters fit, and no more`,
		({ qr }) => {
			// A mask that is given saves trying all.
			const options = { errorCorrectionLevel, maskPattern: 0 };
			const segments = (length) => [
				{ data: character.repeat(length), mode: mode.toLowerCase() },
			];
			assert.equal(qr.create(segments(count), options).version, 40);
			assert.throws(() => qr.create(segments(count + 1), options), Error);
		},
	]),
);

export default {
	create: [...returned, ...errors, ...capacities],
	"options of the symbol": [
		...levels,
		...ignoredLevels,
		...versions,
		...ignoredVersions,
		...masks,
		...ignoredMasks,
	],
};
