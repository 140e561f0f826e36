// A thread of a batch: makes the codes of a portion after the other, and writes them.
import { parentPort, workerData } from "node:worker_threads";
import { FolderWriter } from "./batch-folder.js";
import { formatName } from "./batch-name.js";
import { Codes } from "./codes.js";
import { Complaint, exitCodes, reasonOf } from "./complaint.js";

/**
 * What became of a portion. failure: of the system, which ends the whole.
 * @typedef {{ written: number, kept: number, refusals: Saying[], failure?: Saying }} Outcome
 * @typedef {{ number: number, sentence: string }} Saying
 */

const FAULTS_OF_NAME = new Set(["EISDIR", "ENAMETOOLONG", "EILSEQ"]);

const port = /** @type {import("node:worker_threads").MessagePort} */ (
	parentPort
);
const { settings, index, stopping } = workerData;
const codes = new Codes(settings);
const writer = new FolderWriter(settings.folderPath, index);

/** @type {(outcome: Outcome, number: number, text: Uint8Array) => void} */
function makeFile(outcome, number, text) {
	const bytes = codes.make(text);
	const name = formatName(settings.namePattern, number, text);
	try {
		if (writer.write(name, bytes)) outcome.written++;
		else outcome.kept++;
	} catch (error) {
		const exitCode = FAULTS_OF_NAME.has(error.code)
			? exitCodes.text
			: exitCodes.system;
		const sentence = `${name} can't be written: ${reasonOf(error)}.`;
		throw new Complaint(exitCode, sentence);
	}
}

/** @type {(portion: import("./batch-list.js").Portion) => Outcome} */
function makeFiles({ first, bytes, ends }) {
	/** @type {Outcome} */
	const outcome = { written: 0, kept: 0, refusals: [] };
	for (const [i, end] of ends.entries()) {
		if (Atomics.load(stopping, 0)) break;
		const number = first + i;
		try {
			makeFile(outcome, number, bytes.subarray(ends[i - 1] ?? 0, end));
		} catch (error) {
			const saying = { number, sentence: error.message };
			if (error.exitCode === exitCodes.text) outcome.refusals.push(saying);
			else {
				Atomics.store(stopping, 0, 1);
				outcome.failure = saying;
			}
		}
	}
	return outcome;
}

port.on("message", (portion) => port.postMessage(makeFiles(portion)));
