// The names of a batch's files: cli/batch_name.h says what a pattern may have in it.
import { Complaint, exitCodes } from "./complaint.js";

const FIELD = /(\{line\}|\{text\})/;
const LONGEST_NBYTES = 255;
const LINE_DIGITS = 6;

/**
 * A sentence about what is wrong with the pattern, or "".
 * @type {(pattern: string) => string}
 */
export function checkPattern(pattern) {
	if (!FIELD.test(pattern))
		return "--name must have {line} or {text} in it, so that each file has a name of its own.";
	for (const piece of pattern.split(FIELD)) {
		if (piece.includes("/") && !piece.startsWith("{"))
			return "--name must not have a / in it: all files are in one folder.";
		if (piece.includes("{") && !FIELD.test(piece))
			return "--name must have no { but those of {line} and {text}.";
	}
	return "";
}

/** @type {(text: Uint8Array, isAtBeginning: boolean) => string} */
function escapeText(text, isAtBeginning) {
	return Buffer.from(text)
		.toString("latin1")
		.replace(/[^\w.~\x80-\xff-]|^\./g, (character) =>
			character === "." && !isAtBeginning
				? character
				: `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
		);
}

/**
 * The name's bytes, which may be no UTF-8. Throws a Complaint if there are too many.
 * @type {(pattern: string, number: number, text: Uint8Array) => Buffer}
 */
export function formatName(pattern, number, text) {
	let name = "";
	for (const piece of Buffer.from(pattern).toString("latin1").split(FIELD))
		if (piece === "{line}") name += String(number).padStart(LINE_DIGITS, "0");
		else if (piece === "{text}") name += escapeText(text, name === "");
		else name += piece;
	if (name.length > LONGEST_NBYTES)
		throw new Complaint(
			exitCodes.text,
			`The file's name would have ${name.length} bytes: at most ${LONGEST_NBYTES} are allowed.`,
		);
	return Buffer.from(name, "latin1");
}
