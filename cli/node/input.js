// The text, byte for byte.
import fs from "node:fs";
import { isatty } from "node:tty";
import { Complaint, complain, exitCodes, reasonOf } from "./complaint.js";

/** One byte more than any code holds: whoever has so many has too many. */
export const MAX_TEXT_NBYTES = 7090;

const RETRY_MS = 10;

/** @type {(file: number, buffer: Buffer, offset: number) => number} */
function readSome(file, buffer, offset) {
	for (;;)
		try {
			return fs.readSync(file, buffer, offset, buffer.length - offset, null);
		} catch (error) {
			if (error.code === "EOF") return 0; // what Windows calls it
			if (error.code !== "EAGAIN") throw error;
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
		}
}

/** @type {(file: number) => Uint8Array} */
function readToEnd(file) {
	const buffer = Buffer.allocUnsafe(MAX_TEXT_NBYTES);
	let nbytes = 0;
	while (nbytes < buffer.length) {
		const nread = readSome(file, buffer, nbytes);
		if (nread === 0) break;
		nbytes += nread;
	}
	return buffer.subarray(0, nbytes);
}

/** @type {() => Uint8Array} */
function readStandardInput() {
	if (isatty(0))
		complain("type the text, then Ctrl-D (twice if the line is not ended)");
	try {
		return readToEnd(0);
	} catch {
		throw new Complaint(exitCodes.system, "Standard input can't be read.");
	}
}

/** @type {(file: string) => Uint8Array} */
function readFile(file) {
	try {
		const descriptor = fs.openSync(file, "r");
		try {
			return readToEnd(descriptor);
		} finally {
			fs.closeSync(descriptor);
		}
	} catch (error) {
		throw new Complaint(
			exitCodes.system,
			`${file} can't be read: ${reasonOf(error)}.`,
		);
	}
}

/** @type {(settings: import("./arguments.js").Settings) => Uint8Array} */
export function readText({ text, readPath = "-" }) {
	if (text !== undefined) return Buffer.from(text);
	return readPath === "-" ? readStandardInput() : readFile(readPath);
}
