// The command line: cli/node/arguments.js and cli/arguments.c make the same of it, in the same words.
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseArguments } from "../../../cli/node/arguments.js";
import { Complaint } from "../../../cli/node/complaint.js";
import { groups } from "../../../cli/options.js";
import { Outcomes } from "../outcomes.js";

const options = groups
	.flatMap((group) => group.options)
	.filter((option) => !option.isNative);

/** In the order of outcomes.c. */
const fields = [
	..."level width scale margin engine version mask maskRule format".split(" "),
	..."dark light isInverted dpi effort title isByteOnly".split(" "),
	..."text readPath outputPath batchPath folderPath namePattern".split(" "),
	..."isNulSeparated threads".split(" "),
];

function describeField(name, value) {
	if (name === "dark" || name === "light")
		return value.toString(16).padStart(8, "0");
	if (typeof value === "boolean") return Number(value);
	return value ?? "-";
}

function outcomeOf(args) {
	try {
		const settings = parseArguments(args);
		if (typeof settings === "string") return "printed";
		return fields
			.map((name) => `${name} ${describeField(name, settings[name])}`)
			.join(" ");
	} catch (error) {
		if (!(error instanceof Complaint)) throw error;
		return `qrpng: ${error.message.replaceAll("qr-tiers", "qrpng")}\n`;
	}
}

/** What qrpng alone has. */
const PIPE = /^--pi?p?e?(?:=|$)/;
/** Numbers and all. */
const asInJavaScript = (outcome) =>
	outcome
		.replace(", --output and --pipe.", " and --output.")
		.replace(/ margin (\S+)/, (_, margin) => ` margin ${Number(margin)}`);

const text = fc
	.string({ unit: "grapheme", maxLength: 10 })
	.map((string) => string.toWellFormed().replace(/[\0\ufffd]/g, ""));
const value = fc.oneof(
	fc.constantFrom(
		"1",
		"40",
		"0",
		"-1",
		"007",
		"0.5",
		"4.",
		"1e2",
		"9999999999",
	),
	fc.constantFrom("L", "H", "l", "iso", "ISO", "png", "SVG", "ansiutf8", "-"),
	fc.constantFrom(
		"a.svg",
		"b.TXT",
		"c.jpg",
		"d",
		".png",
		"e.x/y",
		"{line}.svg",
	),
	fc.constantFrom(
		"{text}",
		"{x}",
		"a/{line}",
		"#fff",
		"12345678",
		"#12345",
		"",
	),
	text,
);
const names = options.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
const beginnings = fc
	.tuple(fc.constantFrom(...names), fc.nat(12))
	.map(([name, length]) => name.slice(0, length + 1));
const long = fc.oneof(fc.constantFrom(...names), beginnings, text);
const letters = fc.string({
	unit: fc.constantFrom(
		...options.flatMap(({ letter }) => letter ?? []),
		..."dilmx1-",
	),
	minLength: 1,
	maxLength: 3,
});
/** One or two arguments. */
const part = fc.oneof(
	long.map((name) => [`--${name}`]),
	fc.tuple(long, value).map(([name, end]) => [`--${name}=${end}`]),
	fc.tuple(long, value).map(([name, next]) => [`--${name}`, next]),
	letters.map((all) => [`-${all}`]),
	fc.tuple(letters, value).map(([all, next]) => [`-${all}`, next]),
	value.map((one) => [one]),
);
const usual = fc.oneof(
	fc
		.tuple(fc.constantFrom(...options), value)
		.map(([{ name, value: takes }, one]) =>
			takes ? [`--${name}=${one}`] : [`--${name}`],
		),
	text.map((one) => [one]),
);
const line = fc.oneof(
	fc.array(part, { maxLength: 5 }),
	fc.array(usual, { maxLength: 4 }),
);

export async function create() {
	const outcomes = new Outcomes();
	return {
		property: fc.asyncProperty(line, async (parts) => {
			const args = parts.flat();
			if (args.some((one) => PIPE.test(one))) return;
			// What ends with NUL is told apart from what ends the input.
			const bytes = Buffer.from(args.map((one) => `${one}\0`).join(""));
			const native = await outcomes.ask("c", bytes);
			assert.equal(outcomeOf(args), asInJavaScript(native));
		}),
		close: () => outcomes.close(),
	};
}
