/*
 * Bodies in JSON: server/api/body.js and server/native/json_body.c take the same objects and arrays for the same texts and options, and
 * refuse the same ones. The words may differ where there is more than one reason to refuse, or JSON that two libraries limit in their own ways.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { checkTexts } from "../../../server/api/batch.js";
import { parseJson, readers } from "../../../server/api/body.js";
import { createPostParser } from "../../../server/api/query.js";
import { RequestError } from "../../../server/errors.js";
import { refusedBatches, refusedPosts } from "../../contract/refusals.js";
import { Outcomes } from "../outcomes.js";
import { describeValues, hexOf, MAX_WIDTH_PX } from "./values.js";

const parsePost = createPostParser(MAX_WIDTH_PX);

function readObject(bytes) {
	return describeValues(parsePost("", readers["application/json"](bytes)));
}

function readArray(bytes) {
	const array = parseJson(bytes);
	if (!Array.isArray(array) || array.length === 0)
		throw new RequestError("no array");
	return checkTexts(array, Infinity)
		.map((text) => ` text ${hexOf(text)}`)
		.join("");
}

/** A refusal is one, whatever it says: undefined. */
function outcomeOf(read, bytes) {
	try {
		return read(bytes);
	} catch (error) {
		if (error instanceof RequestError) return undefined;
		throw error;
	}
}

const isRefusal = (outcome) => outcome.endsWith(".");

const string = fc.oneof(
	fc
		.string({ unit: "binary", maxLength: 6 })
		.map((text) => JSON.stringify(text)),
	fc.string({ maxLength: 6 }).map((text) => JSON.stringify(text)),
	fc.constantFrom(
		'"L"',
		'"H"',
		'""',
		'"\\ud800"',
		'"\\uD83D\\uDE00"',
		'"\\udc00\\ud800"',
		'"\\u0000"',
		'"\\/\\b"',
		'"\\x"',
		'"\t"',
		'"\u007f"',
	),
);
const number = fc.oneof(
	fc.integer({ min: -1, max: 1100 }).map(String),
	fc.double().map(String),
	fc.constantFrom("1e2", "0.0", "-0", "01", "1.", ".5", "1E+2", "200.0", "4e0"),
);
const other = fc.oneof(
	fc.constantFrom("null", "true", "[]", "{}", "nul", "[1,2]", '{"a":"b"}'),
	fc.json({ maxDepth: 2 }),
);
const value = fc.oneof(string, number, other);
const space = fc.constantFrom("", "", "", " ", "\n\t", "\r", "\f", "\ufeff");
const name = fc.oneof(
	{
		weight: 8,
		arbitrary: fc.constantFrom(
			'"text"',
			'"text"',
			'"ecl"',
			'"width"',
			'"margin"',
			'"\\u0074ext"',
			'"te\\u0000xt"',
			'"__proto__"',
			'"Text"',
		),
	},
	{ weight: 1, arbitrary: string },
);
const member = fc
	.tuple(space, name, space, value, space)
	.map(([a, key, b, content, c]) => `${a}${key}${b}:${content}${c}`);
const object = fc
	.tuple(fc.array(member, { maxLength: 5 }), space)
	.map(([members, end]) => `{${members.join(",")}}${end}`);
const goodObject = fc
	.record(
		{
			text: fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
			ecl: fc.constantFrom("L", "M", "Q", "H", "x"),
			width: fc.integer({ min: 0, max: 1025 }),
			margin: fc.integer({ min: -1, max: 33 }),
		},
		{ requiredKeys: ["text"] },
	)
	.map((members) => JSON.stringify(members));
const array = fc
	.tuple(
		fc.array(fc.oneof({ weight: 4, arbitrary: string }, value), {
			maxLength: 6,
		}),
		space,
	)
	.map(([values, end]) => `[${values.join(`${end},`)}]${end}`);

/** One of these, perhaps with a byte that is another, or cut off. */
const body = fc
	.tuple(
		fc.oneof(object, goodObject, array, value),
		fc.option(fc.tuple(fc.nat(200), fc.nat(255)), { freq: 4 }),
		fc.option(fc.nat(200), { freq: 8 }),
	)
	.map(([text, change, length]) => {
		const bytes = Buffer.from(text);
		if (change && change[0] < bytes.length) bytes[change[0]] = change[1];
		return length === null ? bytes : bytes.subarray(0, length);
	});

export async function create() {
	const outcomes = new Outcomes();
	const compare = async (kind, read, bytes) => {
		const actual = outcomeOf(read, bytes);
		const native = await outcomes.ask(kind, bytes);
		assert.equal(actual, isRefusal(native) ? undefined : native, native);
	};
	return {
		property: fc.asyncProperty(body, async (bytes) => {
			await compare("o", readObject, bytes);
			await compare("a", readArray, bytes);
		}),
		examples: [...refusedPosts, ...refusedBatches].map(([, , bytes]) =>
			Buffer.from(bytes),
		),
		close: () => outcomes.close(),
	};
}
