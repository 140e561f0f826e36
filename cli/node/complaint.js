// What goes wrong: one sentence on standard error, and an exit code.
import { writeSync } from "node:fs";
import { getSystemErrorMap } from "node:util";

export const COMMAND = "qr-tiers";

/** The same as those of qrpng. */
export const exitCodes = { ok: 0, system: 1, usage: 2, text: 3 };

export class Complaint extends Error {
	/**
	 * @param {number} exitCode
	 * @param {string} sentence
	 */
	constructor(exitCode, sentence) {
		super(sentence);
		this.exitCode = exitCode;
	}
}

/**
 * In one write, so that sentences of several processes don't mix.
 * @type {(sentence: string) => void}
 */
export function complain(sentence) {
	try {
		writeSync(2, `${COMMAND}: ${sentence}\n`);
	} catch {
		// There is nobody left to tell.
	}
}

/** Where libuv says it in other words than C. */
const REASONS = new Map([
	["EISDIR", "Is a directory"],
	["EEXIST", "File exists"],
	["EIO", "Input/output error"],
	["ELOOP", "Too many levels of symbolic links"],
	["ENAMETOOLONG", "File name too long"],
	["ENOMEM", "Cannot allocate memory"],
	["ETXTBSY", "Text file busy"],
]);

/**
 * Why a call to the system failed, in the words of qrpng.
 * @type {(error: any) => string}
 */
export function reasonOf({ code, errno, message }) {
	const known = REASONS.get(code);
	if (known !== undefined) return known;
	const [, words = message] = getSystemErrorMap().get(errno) ?? [];
	return code === undefined ? words : words[0].toUpperCase() + words.slice(1);
}

/** How the command calls the options that its sentences are about. */
const NAMES = new Map([
	["errorCorrectionLevel", "ecl"],
	["maskPattern", "mask"],
	["maskRule", "mask-rule"],
	["version", "symversion"], // --version tells versions, as everywhere
]);
const ABOUT_AN_OPTION =
	/^(?:errorCorrectionLevel|maskPattern|maskRule|version|width|scale|margin|engine|format|dpi|title)\b/;

/**
 * A sentence of the core, with the names that options have here.
 * @type {(message: string) => string}
 */
export function describe(message) {
	return message.replace(
		ABOUT_AN_OPTION,
		(name) => `--${NAMES.get(name) ?? name}`,
	);
}

const FAULTS_OF_TEXT = new Set([
	"ERR_QRPNG_TEXT_EMPTY",
	"ERR_QRPNG_TEXT_TOO_LONG",
	"ERR_QRPNG_WIDTH_TOO_SMALL",
	"ERR_QRPNG_SCALE_TOO_LARGE",
]);

/**
 * Of an error of the core.
 * @type {(code: string) => number}
 */
export function exitCodeOf(code) {
	if (FAULTS_OF_TEXT.has(code)) return exitCodes.text;
	return code.startsWith("ERR_QRPNG_BAD_") ? exitCodes.usage : exitCodes.system;
}
