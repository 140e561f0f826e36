import { accessSync, constants } from "node:fs";
import { dirname } from "node:path";
import { StartError } from "./errors.js";

const MAX_NBYTES = 107; // sun_path has one more, for the NUL

/**
 * Throws a StartError if no Unix socket can be made at this path, which is in the folder for temporary files.
 * @type {(path: string) => void}
 */
export function checkSocketPath(path) {
	const nbytes = Buffer.byteLength(path);
	if (nbytes > MAX_NBYTES)
		throw new StartError(
			`The path of a Unix socket has at most ${MAX_NBYTES} bytes, and ${path} has ${nbytes}: set TMPDIR to a shorter folder.`,
		);
	try {
		accessSync(dirname(path), constants.W_OK | constants.X_OK);
	} catch ({ code }) {
		throw new StartError(
			`A Unix socket can't be made in ${dirname(path)} (${code}): set TMPDIR to a folder that you may write to.`,
		);
	}
}
