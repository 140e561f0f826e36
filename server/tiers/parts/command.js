import { execFile } from "node:child_process";
import { basename } from "node:path";
import { promisify } from "node:util";
import {
	buildCommand,
	buildName,
	builtFile,
} from "../../../lib/build-folder.cjs";
import { StartError } from "../../errors.js";

export const COMMAND = builtFile("qrpng");
export const SERVER = builtFile("qrpng-server");

/**
 * Resolves to a Map from the names of the program's engines, the default first, to their libraries.
 * @type {(program?: string) => Promise<Map<string, string>>}
 */
export async function readEngines(program = COMMAND) {
	const { stdout } = await promisify(execFile)(program, ["--version"]).catch(
		(error) => {
			throw new StartError(
				`build/${buildName()}/${basename(program)} can't be run (${error.code}): build it with "${buildCommand()}".`,
			);
		},
	);
	const lines = stdout.matchAll(/^engine (\S+): (.*)$/gm);
	return new Map(Array.from(lines, ([, name, libraries]) => [name, libraries]));
}
