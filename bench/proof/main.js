// npm run bench:proof: whether the kit finds what is there, and nothing else. It runs the kit over and over on the same code, or on code with a
// known amount of work added, and counts how often its intervals hold the truth.
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { writeWhole } from "../results/files.js";
import { addUp, describeRun } from "./add-up.js";
import { withNeighbour } from "./neighbour.js";
import { parseOptions } from "./options.js";
import { plant } from "./plant.js";
import { kinds } from "./runs.js";

const exitCodes = { failed: 1, interrupted: 130 };
const settingsFile = "proof.json";
const runFile = "run.json";

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
const writeJson = (path, value) =>
	writeWhole(path, `${JSON.stringify(value, null, "\t")}\n`);

/** Runs of other settings can't be added up. */
function requireSameSettings(directory, settings) {
	const path = join(directory, settingsFile);
	if (!existsSync(path)) return writeJson(path, settings);
	if (!isDeepStrictEqual(readJson(path), settings))
		throw new Error(
			`${directory} holds runs with other options: ${JSON.stringify(readJson(path))}. Give another --dir.`,
		);
}

const isBusyRun = {
	none: () => false,
	all: () => true,
	half: (n) => n % 2 === 0,
};

/** What is in the directory of a run, once it has ended well. */
function findRuns(directory) {
	return readdirSync(directory)
		.filter((name) => existsSync(join(directory, name, runFile)))
		.toSorted()
		.map((name) => readJson(join(directory, name, runFile)));
}

/** @type {(n: number, directory: string, options: Kit.ProofOptions & { copy: Kit.PlantedCopy | null, signal: AbortSignal }) => Promise<Kit.ProofRun>} */
async function doRun(n, directory, options) {
	const isBusy = isBusyRun[options.busy](n);
	rmSync(directory, { recursive: true, force: true });
	mkdirSync(directory);
	const startMs = performance.now();
	const found = await withNeighbour(isBusy, () =>
		kinds[options.kind].run(directory, options),
	);
	const seconds = (performance.now() - startMs) / 1000;
	const run = { n, isBusy, seconds, ...found };
	writeJson(join(directory, runFile), run);
	return run;
}

/** @type {(options: Kit.ProofOptions, signal: AbortSignal) => Promise<void>} */
async function prove(options, signal) {
	const { dir, runs, kind, tier, planted, kitOptions } = options;
	const directory = resolve(dir);
	mkdirSync(directory, { recursive: true });
	requireSameSettings(directory, { kind, tier, planted, kitOptions });
	const copy =
		planted === null ? null : await plant(directory, { ...options, signal });
	for (let n = 1; n <= runs; n += 1) {
		const folder = join(directory, `${n}`.padStart(3, "0"));
		if (existsSync(join(folder, runFile))) continue;
		signal.throwIfAborted();
		const run = await doRun(n, folder, { ...options, copy, signal });
		process.stderr.write(`${describeRun(run, runs)}\n`);
	}
	process.stdout.write(addUp(findRuns(directory), { ...options, copy }));
}

function abortOnSignal() {
	const controller = new AbortController();
	for (const name of ["SIGINT", "SIGTERM", "SIGHUP"])
		process.on(name, () => controller.abort());
	return controller.signal;
}

const options = parseOptions();
const signal = abortOnSignal();
try {
	await prove(options, signal);
} catch (error) {
	if (!signal.aborted) process.stderr.write(`error: ${error.message}\n`);
	process.exitCode = signal.aborted ? exitCodes.interrupted : exitCodes.failed;
}
