// The cost of one call, without a server: npm run bench:core -- --help says what it takes.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createProgress } from "../commands/progress.js";
import { hasColours, makeStyle } from "../report/colours.js";
import { drawTable, wrap } from "../report/text-table.js";
import { writeWhole } from "../results/files.js";
import { describeMachine } from "../run/machine.js";
import { buildOther, describeDifferences, measureAgainst } from "./against.js";
import {
	findContenders,
	findEngines,
	isOutput,
	makesModules,
	modulesOf,
	plainOutput,
	widestFast,
} from "./contenders.js";
import { loadCorpus } from "./corpora.js";
import {
	countAllInstructions,
	measureRounds,
	measureZlibNine,
} from "./measure.js";
import { exitCodes, parseOptions } from "./options.js";
import {
	makeAgainstTable,
	makeCorpusTables,
	makeRatioTable,
	makeSizesTable,
} from "./report.js";
import { measureSizes } from "./sizes.js";

function complain(error, exitCode = exitCodes.failed) {
	process.stderr.write(`error: ${error.message}\n`);
	process.exit(exitCode);
}

function orComplain(task, exitCode) {
	try {
		return task();
	} catch (error) {
		return complain(error, exitCode);
	}
}

function valgrindVersion() {
	try {
		return execFileSync("valgrind", ["--version"], { encoding: "utf8" }).trim();
	} catch {
		throw new Error(
			"valgrind is missing: install it with apt-get install valgrind.",
		);
	}
}

function abortOnSignal() {
	const controller = new AbortController();
	for (const name of ["SIGINT", "SIGTERM", "SIGHUP"])
		process.on(name, () => controller.abort());
	return controller.signal;
}

/** Those that were asked for, and those that they are compared with. */
function chooseContenders(all, { contenders, control }) {
	const controls = [control];
	if (contenders.some(makesModules))
		controls.push(modulesOf(control), modulesOf("bare"));
	if (contenders.some(isOutput)) controls.push(plainOutput);
	const wanted = [...contenders, ...controls];
	return all.filter(({ id }) => wanted.includes(id));
}

/** Of npm: what the contenders in JavaScript stand on. */
const packages = ["qrcode", "qr", "lean-qr"];

function createResults(options, engines, valgrind) {
	const { rounds, timeMs, control } = options;
	return {
		startedAt: new Date().toISOString(),
		machine: describeMachine(packages),
		settings: { rounds, timeMs, control, valgrind },
		engines,
		corpora: {},
	};
}

function expectSteps(progress, kindsLeft, contenders, { rounds, callgrind }) {
	progress.expect("sample", kindsLeft * rounds * contenders.length);
	const natives = contenders.filter(({ isNative }) => isNative).length;
	progress.expect("count", callgrind ? kindsLeft * natives : 0);
}

/** Measures one corpus into `corpus`. */
async function measureCorpus(corpus, contenders, context) {
	const texts = loadCorpus(context.kind);
	writeFileSync(context.textsFile, texts.map((text) => `${text}\0`).join(""));
	corpus.zlibNineBytes = await measureZlibNine(context);
	if (context.options.callgrind)
		corpus.instructions = await countAllInstructions(
			contenders,
			texts.length,
			context,
		);
	await measureRounds(contenders, corpus.samples, context);
}

async function measureAll(contenders, results, save, { folder, signal }) {
	const progress = createProgress(process.stderr, { sample: 0.55, count: 15 });
	try {
		for (const [i, kind] of options.text.entries()) {
			const kindsLeft = options.text.length - i;
			expectSteps(progress, kindsLeft, contenders, options);
			const textsFile = path.join(folder, kind);
			const corpus = { samples: {}, zlibNineBytes: null, instructions: null };
			results.corpora[kind] = corpus;
			const context = { kind, textsFile, options, progress, signal };
			await measureCorpus(corpus, contenders, context);
			save();
		}
	} finally {
		progress.close();
		save();
	}
}

function print(tables) {
	const style = makeStyle(hasColours(process.stdout));
	const bold = (text) => style("bold", text);
	for (const table of tables)
		process.stdout.write(`\n${drawTable(table, bold)}\n`);
}

function printNotes({ machine, settings, engines }) {
	const { rounds, timeMs, valgrind } = settings;
	const notes = [
		`${machine.cpu}, Node ${machine.node}, commit ${machine.gitCommit ?? "unknown"}.`,
		`Medians of ${rounds} samples of ${timeMs} ms CPU time; ratios are geometric means within the rounds, with 95 % t-intervals.`,
		`Engine fast is ${widestFast(engines)} on this CPU. The addon's figure includes what Node adds to a call.`,
		"lean-qr draws whole pixels a module, so its images are up to 200 px wide; all others but qrcode-defaults are exactly that.",
	];
	if (valgrind)
		notes.push(
			`Instructions as ${valgrind} counts them; without a figure: vectors that it can't emulate, and what runs in Node.`,
		);
	process.stdout.write(
		`\n${notes.map((note) => `- ${wrap(note, "  ")}`).join("\n")}\n`,
	);
}

async function compareContenders(contenders, results, save, context) {
	await measureAll(contenders, results, save, context);
	for (const [kind, corpus] of Object.entries(results.corpora))
		print(makeCorpusTables(kind, contenders, options.control, corpus));
	print([makeRatioTable(contenders, results.corpora)]);
	printNotes(results);
}

async function compareBuilds(results, save, context) {
	const other = await buildOther(options.against, context.signal);
	results.against = { ref: other.ref, commit: other.commit };
	const { corpora } = results;
	await measureAgainst(other, corpora, save, { options, ...context });
	print([makeAgainstTable(other, options.contenders, corpora)]);
	process.stdout.write(`\n- ${describeDifferences(corpora)}\n`);
}

async function compareSizes(results, save, context) {
	const progress = createProgress(process.stderr, { size: 6 });
	const { corpora } = results;
	try {
		await measureSizes(corpora, save, { options, progress, ...context });
	} finally {
		progress.close();
		save();
	}
	print([makeSizesTable(corpora)]);
	process.stdout.write(
		`\n- ${wrap("Means of 8 texts, at level L with a margin of 4. zlib: level 9, the best of the five filters for each image. zopfli: of those rows, up to 1024 px.", "  ")}\n`,
	);
}

const engines = orComplain(findEngines);
const all = findContenders(engines);
const options = parseOptions(all.map(({ id }) => id));
const valgrind = options.callgrind ? orComplain(valgrindVersion) : null;
const contenders = chooseContenders(all, options);
const results = createResults(options, engines, valgrind);
const save = () => {
	if (options.json)
		writeWhole(options.json, `${JSON.stringify(results, null, "\t")}\n`);
};
orComplain(save, exitCodes.badOption);

const signal = abortOnSignal();
const folder = mkdtempSync(path.join(os.tmpdir(), "bench-core-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
try {
	const context = { folder, signal };
	if (options.against) await compareBuilds(results, save, context);
	else if (options.sizes) await compareSizes(results, save, context);
	else await compareContenders(contenders, results, save, context);
} catch (error) {
	if (signal.aborted) process.exit(exitCodes.interrupted);
	complain(error);
}
