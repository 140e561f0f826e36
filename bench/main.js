// The comparison kit: node bench/main.js --help says what it takes.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { assignCpus } from "./cpus.js";
import { targetFor } from "./http.js";
import { describeMachine } from "./machine.js";
import { exitCodes, parseOptions } from "./options.js";
import { createProgress } from "./progress.js";
import { renderMarkdown } from "./report/markdown.js";
import { renderTerminal } from "./report/terminal.js";
import { createResults, summarise, writeWhole } from "./results.js";
import { findRows } from "./rows.js";
import { expectedSeconds, run } from "./run.js";
import { loadTexts } from "./texts.js";

// A terminal's Ctrl-C reaches us once directly and once through npm.
const sameSignalMs = 1000;

function createDirectory(out) {
	const time = new Date()
		.toISOString()
		.slice(0, 19)
		.replace("T", "-")
		.replaceAll(":", "");
	const directory = out
		? resolve(out)
		: fileURLToPath(new URL(`../results/${time}`, import.meta.url));
	mkdirSync(directory, { recursive: true });
	return directory;
}

function describeSettings(options, texts, cpus) {
	const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
	return {
		engines: options.engine,
		node: options.node.version,
		rounds: options.rounds,
		durationSeconds: options.duration,
		connections: options.connections,
		processes: options.processes,
		text: options.text,
		textCount: texts.length,
		meanTextBytes: bytes / texts.length,
		generatorCpus: cpus.generator,
		serverCpus: cpus.server,
		cpusAreShared: cpus.areShared,
	};
}

function abortOnSignal() {
	const controller = new AbortController();
	let firstMs;
	const stop = () => {
		const now = performance.now();
		if (firstMs !== undefined && now - firstMs > sameSignalMs)
			process.exit(exitCodes.interrupted);
		firstMs ??= now;
		controller.abort();
	};
	for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, stop);
	return controller.signal;
}

/** What run() works with. */
function createContext(options, texts, signal) {
	const directory = createDirectory(options.out);
	const targetsFile = join(directory, "requests.txt");
	writeFileSync(targetsFile, `${texts.map(targetFor).join("\n")}\n`);
	const cpus = assignCpus(options.processes);
	const settings = describeSettings(options, texts, cpus);
	const machine = describeMachine();
	const launchOptions = {
		processes: options.processes,
		node: options.node.path,
	};
	const { engine: engines } = options;
	return {
		directory,
		targetsFile,
		settings,
		texts,
		cpus,
		signal,
		findTiers: () =>
			findRows(options.tiers, { engines, launchOptions, signal }),
		results: createResults({ directory, machine, settings }),
		progress: createProgress(process.stderr, expectedSeconds(settings)),
	};
}

function report({ results, directory }) {
	const summary = summarise(results);
	writeWhole(join(directory, "report.md"), renderMarkdown(summary));
	const colours = process.stdout.isTTY && !process.env.NO_COLOR;
	process.stdout.write(renderTerminal(summary, { colours }));
	process.stdout.write(
		`In ${relative(process.cwd(), directory) || "."}: results.json, report.md, requests.txt.\n`,
	);
}

function complain(error, exitCode) {
	process.stderr.write(`error: ${error.message}\n`);
	process.exit(exitCode);
}

function prepareContext(options, signal) {
	try {
		return createContext(options, loadTexts(options.text), signal);
	} catch (error) {
		return complain(error, exitCodes.badOption);
	}
}

const options = parseOptions();
const signal = abortOnSignal();
const context = prepareContext(options, signal);
if (context.results.machine.generator === null)
	complain(
		new Error("wrk is missing: install it with apt-get install wrk."),
		exitCodes.tierFailed,
	);
try {
	await run(context);
} catch (error) {
	if (!signal.aborted) throw error;
	process.exitCode = exitCodes.interrupted;
}
report(context);
const { leftOut, entries } = context.results;
if (
	!process.exitCode &&
	(leftOut.length || entries.some(({ problem }) => problem))
)
	process.exitCode = exitCodes.tierFailed;
