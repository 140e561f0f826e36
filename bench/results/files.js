// The files of a run: results.json, written anew after every step, and latencies.ndjson, which grows.
import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkResults } from "./schema.js";

export const resultsFile = "results.json";
/** A line for each round of each row: { row, round, latencyUs: [[latency, count], …] }. */
export const latenciesFile = "latencies.ndjson";

/**
 * Replaces a file as a whole, so that whoever reads it never sees half of it.
 * @type {(path: string, text: string) => void}
 */
export function writeWhole(path, text) {
	const temporary = `${path}.${process.pid}.tmp`;
	writeFileSync(temporary, text);
	renameSync(temporary, path);
}

/**
 * What a run has left in a directory, or a file by itself, of whatever version. Throws a sentence if that cannot be read.
 * @type {(directoryOrFile: string) => any}
 */
export function readUnchecked(directoryOrFile) {
	let path = directoryOrFile;
	try {
		if (statSync(path).isDirectory()) path = join(path, resultsFile);
		return JSON.parse(readFileSync(path, "utf8"));
	} catch (error) {
		throw new Error(`${path} cannot be read: ${error.message}`);
	}
}

/**
 * The same; throws also if they are not what today's kit writes.
 * @type {(directoryOrFile: string) => Kit.Summary}
 */
export function readResults(directoryOrFile) {
	const results = readUnchecked(directoryOrFile);
	checkResults(results);
	return results;
}
