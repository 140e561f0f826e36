// Results that are kept in a file, a line of JSON each, so that a long run can be stopped, go on, and be added up.
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { root } from "../contract/hosts.js";

/** What is measured: a commit, and whether anything was changed since. */
function commit() {
	try {
		const args = ["describe", "--always", "--dirty"];
		return execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
	} catch {
		return "unknown";
	}
}

/** With no file it remembers only. */
export class Ledger {
	/** The oldest first. */
	entries;
	#file;
	#commit = commit();

	/** @param {string} [file] */
	constructor(file) {
		this.#file = file;
		const text = file && existsSync(file) ? readFileSync(file, "utf8") : "";
		this.entries = text
			.split("\n")
			.filter((line) => line.endsWith("}")) // the last one may have been cut short
			.map((line) => JSON.parse(line));
	}

	add(result) {
		const entry = { commit: this.#commit, ...result };
		this.entries.push(entry);
		if (this.#file) appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
	}

	/** Those with the fewest seconds so far come first. */
	sortByNeed(named) {
		const seconds = ({ name }) =>
			this.entries
				.filter((entry) => entry.name === name)
				.reduce((sum, entry) => sum + entry.seconds, 0);
		return named.toSorted((a, b) => seconds(a) - seconds(b));
	}

	/** From each name to its entries. @returns {Map<string, any[]>} */
	byName() {
		const groups = new Map(); // Node 20 has no Map.groupBy
		for (const entry of this.entries)
			groups.set(entry.name, [...(groups.get(entry.name) ?? []), entry]);
		return groups;
	}

	/** The commits that the entries are of. @returns {string[]} */
	commits() {
		return [...new Set(this.entries.map((entry) => entry.commit))];
	}
}

/** { a: 1 }, { a: 2, b: 1 } → { a: 3, b: 1 } */
export function addCounts(list) {
	const sums = {};
	for (const counts of list)
		for (const [key, count] of Object.entries(counts))
			sums[key] = (sums[key] ?? 0) + count;
	return sums;
}

/** @returns {number} */
export const sumOf = (counts) =>
	Object.values(counts).reduce((a, b) => a + b, 0);
