import { readFileSync } from "node:fs";

/**
 * The version in the package.json at that URL.
 * @type {(url: string | URL) => string}
 */
export function packageVersion(url) {
	return JSON.parse(readFileSync(new URL(url), "utf8")).version;
}

/** @type {string} */
export const ownVersion = packageVersion(
	new URL("../package.json", import.meta.url),
);
