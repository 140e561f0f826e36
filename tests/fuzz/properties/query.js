// The query: server/api/query.js and server/native/query.c make the same of it, in the same words.
import assert from "node:assert/strict";
import fc from "fast-check";
import { createQueryParser } from "../../../server/api/query.js";
import { refusedQueries } from "../../contract/refusals.js";
import { Outcomes } from "../outcomes.js";
import { describeValues, MAX_WIDTH_PX } from "./values.js";

const parse = createQueryParser(MAX_WIDTH_PX);

function outcomeOf(query) {
	try {
		return describeValues(parse(query));
	} catch (error) {
		return error.message;
	}
}

/** What Node's parser lets through: printable ASCII. */
const printable = fc.string({
	unit: fc
		.integer({ min: 0x21, max: 0x7e })
		.map((code) => String.fromCharCode(code)),
	maxLength: 12,
});
const name = fc.constantFrom(
	"text",
	"ecl",
	"width",
	"margin",
	"%74ext",
	"te%78t",
	"wid+th",
	"Text",
	"__proto__",
	"constructor",
);
const value = fc.oneof(
	printable,
	fc.constantFrom("L", "H", "%4c", "l", "", "LL", "%C3%A9", "%C3", "%ff", "%"),
	fc.integer({ min: -1, max: 1100 }).map(String),
	fc.constantFrom("007", "1e2", "%31", "+1", "1.0", "0x10", "4294967496"),
	fc.string({ unit: "binary", maxLength: 8 }).map(safeEscape),
	fc
		.uint8Array({ maxLength: 8 })
		.map((bytes) =>
			Array.from(bytes, (byte) => `%${Buffer.of(byte).toString("hex")}`).join(
				"",
			),
		),
);

function safeEscape(text) {
	return encodeURIComponent(text.toWellFormed());
}

const parameter = fc.oneof(
	{ weight: 6, arbitrary: fc.tuple(name, value).map((pair) => pair.join("=")) },
	{
		weight: 1,
		arbitrary: fc.tuple(printable, value).map((pair) => pair.join("=")),
	},
	{ weight: 1, arbitrary: printable },
);
const query = fc.array(parameter, { maxLength: 6 }).map((all) => all.join("&"));

export async function create() {
	const outcomes = new Outcomes();
	return {
		property: fc.asyncProperty(query, async (raw) => {
			const expected = await outcomes.ask("q", Buffer.from(raw));
			assert.equal(outcomeOf(raw), expected, JSON.stringify(raw));
		}),
		examples: refusedQueries.map(([raw]) => raw),
		close: () => outcomes.close(),
	};
}
