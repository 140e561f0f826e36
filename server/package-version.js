import { readFileSync } from "node:fs";

/** The version in the package.json at that URL. */
export function packageVersion(url) {
	return JSON.parse(readFileSync(new URL(url), "utf8")).version;
}

export const ownVersion = packageVersion(
	new URL("../package.json", import.meta.url),
);
