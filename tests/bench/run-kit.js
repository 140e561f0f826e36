// Runs the kit to its end.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../bench/main.js", import.meta.url));

/** { status, stdout, stderr } */
export function runKit(...args) {
	return spawnSync(process.execPath, [main, ...args], {
		encoding: "utf8",
		timeout: 120_000,
	});
}
