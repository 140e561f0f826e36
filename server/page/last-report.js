import { lstat, readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Where the kit puts a folder for each run, whose name begins with the time. */
export const RESULTS = fileURLToPath(
	new URL("../../results/", import.meta.url),
);

/**
 * Resolves to the newest FOLDER/report.html in it, undefined if there is none. Links, which could lead out of it, don't count.
 * @type {(directory: string) => Promise<string | undefined>}
 */
export async function findLastReport(directory) {
	const folders = (await entriesOf(directory))
		.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
		.map(({ name }) => name)
		.sort()
		.reverse();
	for (const folder of folders) {
		const name = path.join(folder, "report.html");
		if (await isFile(path.join(directory, name))) return name;
	}
}

/** @type {(directory: string) => Promise<import("node:fs").Dirent[]>} */
async function entriesOf(directory) {
	try {
		return await readdir(directory, { withFileTypes: true });
	} catch {
		return [];
	}
}

/** @type {(name: string) => Promise<boolean>} */
async function isFile(name) {
	try {
		return (await lstat(name)).isFile();
	} catch {
		return false;
	}
}
