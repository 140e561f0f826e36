/*
 * The package's functions with anything at all: each call gives an image or an error that names what is wrong, the addon and the WebAssembly
 * module the same one, and what they were given is as it was.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import * as addon from "../../../lib/index.js";
import { load } from "../../../lib/wasm-node.js";

const anyOf = (...values) => fc.constantFrom(...values);
const anything = fc.anything({
	withBigInt: true,
	withDate: true,
	withMap: true,
	withNullPrototype: true,
	withSparseArray: true,
	withTypedArray: true,
	withUnicodeString: true,
	maxDepth: 2,
});
const numbers = anyOf(0, 1, 4, -1, 0.5, 1e9, 4096, 4097, 2 ** 31, 2 ** 53);
const number = fc.oneof(
	numbers,
	anyOf(Number.NaN, Infinity, -0, "3", "", null, true, 21n, [5]),
	fc.integer({ min: -2, max: 500 }),
	fc.double({ min: -1, max: 50 }),
);
/** Now and then anything instead. */
const mostly = (usual) =>
	fc.oneof({ weight: 8, arbitrary: usual }, { weight: 1, arbitrary: anything });
const colour = mostly(
	fc.oneof(
		anyOf("#000", "#ffff", "#1a2b3c", "#12345678", "red", "", "#12", 0, 255),
		fc.string({ maxLength: 9 }),
	),
);
const options = mostly(
	fc.record(
		{
			errorCorrectionLevel: mostly(
				anyOf("L", "m", "Quartile", "HIGH", "x", { bit: 2 }, { bit: 9 }),
			),
			width: mostly(number),
			scale: mostly(number),
			margin: mostly(number),
			version: mostly(fc.oneof(number, fc.integer({ min: 0, max: 41 }))),
			maskPattern: mostly(fc.oneof(number, fc.integer({ min: -1, max: 8 }))),
			maskRule: mostly(anyOf("iso", "libqrencode", "")),
			color: mostly(
				fc.record({ dark: colour, light: colour }, { requiredKeys: [] }),
			),
			type: mostly(
				anyOf("png", "svg", "utf8", "terminal", "image/png", "txt", "jpeg"),
			),
			small: mostly(fc.boolean()),
			inverse: mostly(fc.boolean()),
			title: mostly(fc.string({ unit: "binary", maxLength: 8 })),
			dpi: mostly(number),
			effort: mostly(anyOf(0, 1, 2)),
			engine: mostly(anyOf("fast", "steam")),
			rendererOpts: mostly(fc.object({ maxDepth: 1 })),
			strict: mostly(fc.boolean()),
			unknown: anything,
		},
		{ requiredKeys: [] },
	),
);
const segment = mostly(
	fc.record(
		{
			data: mostly(
				fc.oneof(
					anyOf("123", "AB C", "abc", "漢字", "", 12345, 0),
					fc.string({ unit: "binary", maxLength: 12 }),
					fc.uint8Array({ maxLength: 12 }),
					fc.array(fc.integer({ min: -5, max: 300 }), { maxLength: 5 }),
				),
			),
			mode: mostly(
				anyOf("numeric", "Alphanumeric", "byte", "kanji", { id: "Byte" }, "x"),
			),
		},
		{ requiredKeys: ["data"] },
	),
);
const text = mostly(
	fc.oneof(
		fc.string({ unit: "binary", maxLength: 40 }),
		fc.string({ maxLength: 40 }),
		anyOf("", "1".repeat(7090), "a".repeat(2953), "語".repeat(985)),
		fc.uint8Array({ maxLength: 40 }),
		fc.array(segment, { maxLength: 5 }),
	),
);

/** Ours; or a TypeError of JavaScript's, where something has no value as a string or number. */
const isExpected = (error) =>
	error instanceof TypeError ||
	(error.name === "QrpngError" &&
		/^ERR_QRPNG_[A-Z_]+$/.test(error.code) &&
		error.message.endsWith("."));

/** What comes out, so that it can be compared: bytes, a string, a symbol; or the error's code and sentence. */
function outcomeOf(packaging, name, args) {
	try {
		const made = packaging[name](...args);
		return ArrayBuffer.isView(made)
			? Buffer.from(made.buffer, made.byteOffset, made.byteLength)
			: made;
	} catch (error) {
		assert.ok(isExpected(error), error);
		// The module has fewer engines to name.
		const isOfEngine = error.code === "ERR_QRPNG_BAD_ENGINE";
		return [error.code, isOfEngine ? "" : error.message];
	}
}

const calls = ["toBufferSync", "toStringSync", "toDataURLSync", "create"];

export async function create() {
	const wasm = await load();
	const call = fc.tuple(anyOf(...calls), text, options);
	return {
		property: fc.property(call, ([name, ...args]) => {
			const before = fc.stringify(args);
			const expected = outcomeOf(addon, name, args);
			const actual = outcomeOf(wasm, name, args);
			assert.deepEqual(actual, expected);
			assert.equal(fc.stringify(args), before);
		}),
	};
}
