import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { StartError } from "./errors.js";

export const COMMAND = fileURLToPath(
	new URL("../build/Release/qrpng", import.meta.url),
);

/** Resolves to a Map from the names of the command's engines, the default first, to their libraries. */
export async function readEngines() {
	const { stdout } = await promisify(execFile)(COMMAND, ["--version"]).catch(
		(error) => {
			throw new StartError(
				`build/Release/qrpng can't be run (${error.code}): build it with "npm run build".`,
			);
		},
	);
	const lines = stdout.matchAll(/^engine (\S+): (.*)$/gm);
	return new Map(Array.from(lines, ([, name, libraries]) => [name, libraries]));
}
