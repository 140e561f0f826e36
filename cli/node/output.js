// Where codes go: standard output, or a file that is there whole or not at all.
import fs from "node:fs";
import file from "../../lib/output/file.cjs";
import { Complaint, exitCodes, reasonOf } from "./complaint.js";

const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/** @type {(place: string, error: unknown) => Complaint} */
const refuse = (place, error) =>
	new Complaint(
		exitCodes.system,
		`${place} can't be written: ${reasonOf(error)}.`,
	);

/** @type {(bytes: string | Uint8Array) => void} */
export function writeToStandardOutput(bytes) {
	let rest = Buffer.from(bytes);
	while (rest.length > 0)
		try {
			rest = rest.subarray(fs.writeSync(1, rest));
		} catch (error) {
			if (error.code !== "EAGAIN") throw refuse("Standard output", error);
		}
}

/**
 * Has signals that would end the process wait until it is done.
 * @type {(work: () => Promise<void>) => Promise<void>}
 */
async function withoutSignals(work) {
	/** @type {NodeJS.Signals | undefined} */
	let signal;
	const keep = (/** @type {NodeJS.Signals} */ name) => {
		signal = name;
	};
	for (const name of SIGNALS) process.on(name, keep);
	try {
		await work();
	} finally {
		for (const name of SIGNALS) process.off(name, keep);
	}
	if (signal !== undefined) process.kill(process.pid, signal);
}

/** @type {(path: string, bytes: Uint8Array) => Promise<void>} */
export async function writeToPath(path, bytes) {
	await withoutSignals(async () => {
		try {
			await file.writeFile(path, bytes, { isCareful: true });
		} catch (error) {
			throw refuse(path, error);
		}
	});
}
