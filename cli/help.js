// What --help prints, from the table of options.
import {
	ambiguousLetters,
	clash,
	examples,
	exitCodes,
	groups,
	intro,
} from "./options.js";

const COLUMNS = 80;
const INDENT = 22;

/** @type {(text: string, columns: number) => string[]} */
function wrap(text, columns) {
	const lines = [""];
	for (const word of text.split(" ")) {
		const line = lines.at(-1);
		if (line && line.length + 1 + word.length > columns) lines.push(word);
		else lines[lines.length - 1] = line ? `${line} ${word}` : word;
	}
	return lines;
}

/** @type {(left: string, text: string, indent: number) => string} */
function entry(left, text, indent) {
	const [first, ...rest] = wrap(text, COLUMNS - indent);
	const begin =
		left.length + 2 > indent
			? `${left}\n${" ".repeat(indent)}${first}`
			: `${left.padEnd(indent)}${first}`;
	return [begin, ...rest.map((line) => " ".repeat(indent) + line)].join("\n");
}

/** @type {(option: import("./options.js").Option) => string} */
function optionEntry({ name, letter, value, help }) {
	const short = letter ? `-${letter}, ` : "    ";
	const left = `  ${short}--${name}${value ? ` ${value}` : ""}`;
	return entry(left, help, INDENT);
}

/** @type {() => string} */
function refusedLetters() {
	return Object.entries(ambiguousLetters)
		.map(([letter, meanings]) => `-${letter} (${meanings.join(" or ")})`)
		.join(", ");
}

/**
 * For the native command, or for the one in JavaScript.
 * @type {(command: string, isNative: boolean) => string}
 */
export function formatHelp(command, isNative) {
	const parts = [
		[`Usage: ${command} [OPTION]... [TEXT]`, ...wrap(intro, COLUMNS)],
		...groups.map(({ title, options }) => [
			`${title}:`,
			...options
				.filter((option) => isNative || !option.isNative)
				.map(optionEntry),
		]),
		[
			"Coming from qrcode or qrencode:",
			...wrap(`${clash} Refused: ${refusedLetters()}.`, COLUMNS - 2).map(
				(line) => `  ${line}`,
			),
		],
		[
			"Exit status, with a sentence on standard error for all but 0:",
			...exitCodes.map(([code, text]) => entry(`  ${code}`, text, 5)),
		],
		[
			"Examples:",
			...examples.map(([args, before = ""]) => `  ${before}${command} ${args}`),
		],
	];
	return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
