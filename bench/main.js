// The comparison kit: node bench/main.js --help says what it takes.
import { mkdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildCommit } from "./against.js";
import { calibrate } from "./calibration.js";
import { runChart } from "./chart-main.js";
import { compareCommits } from "./compare.js";
import { runCompare, showComparison } from "./compare-main.js";
import { thisCommit } from "./dimensions.js";
import { h2loadVersion } from "./h2load.js";
import { describeMachine } from "./machine.js";
import { findNodes } from "./nodes.js";
import { exitCodes, parseOptions } from "./options.js";
import { createProgress } from "./progress.js";
import { hasColours } from "./report/colours.js";
import { renderMarkdown } from "./report/markdown.js";
import { readForReport } from "./report/read.js";
import { drawStandings } from "./report/standings.js";
import { renderTerminal } from "./report/terminal.js";
import { createResults, summarise, writeWhole } from "./results.js";
import { findRows } from "./rows.js";
import { expectedSeconds, run } from "./run.js";
import { quoteForShell } from "./shell.js";
import { chooseSubject } from "./subject.js";
import { announceTargets } from "./target.js";
import { wrkVersion } from "./wrk.js";

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

function describeTexts(texts) {
	return [...texts].map(([kind, list]) => {
		const bytes = list.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
		return { kind, count: list.length, meanBytes: bytes / list.length };
	});
}

function describeSettings(options, { values, texts, other, tierDirectory }) {
	const { engine, rounds, limit, duration, cpuPrice = null, rates } = options;
	return {
		command: `npm run bench -- ${quoteForShell(process.argv.slice(2))}`,
		engines: engine,
		cpuHourPrice: cpuPrice,
		...{ rounds, limitMinutes: limit, durationSeconds: duration },
		dimensions: values,
		texts: describeTexts(texts),
		tierDirectory: tierDirectory?.name ?? null,
		rates: rates ?? null,
		against: other && { ref: other.ref, commit: other.commit },
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

/** What buildCommit() gives, null if all rows are of this tree. */
async function buildOther({ commit, build }, signal) {
	const ref = commit.find((value) => value !== thisCommit);
	if (!ref) return null;
	const onStep = (text) => process.stderr.write(`${text}\n`);
	return buildCommit(ref, { builds: build, signal, onStep });
}

/** What run() works with. Throws for options that are wrong. */
async function createContext(options, signal) {
	const subject = await chooseSubject(options);
	const { selections, texts, tierDirectory } = subject;
	const nodePaths = await findNodes(options.values.node);
	const values = {
		...options.values,
		...{ text: [...texts.keys()], node: [...nodePaths.keys()] },
	};
	const other = await buildOther(options.values, signal);
	const settings = describeSettings(options, {
		...{ values, texts, other, tierDirectory },
	});
	for (const sentence of announceTargets(options.target ?? [], settings))
		process.stderr.write(`${sentence}\n`);
	const directory = createDirectory(options.out);
	const { engine: engines, again } = options;
	const rowOptions = {
		...{ values, engines, again, nodePaths, other, tierDirectory, signal },
	};
	const connections = Math.max(...values.connections);
	const [someTexts] = texts.values();
	const load = { texts: someTexts, connections, withOpenLoop: !!options.rates };
	const results = createResults({
		...{ directory, machine: describeMachine(), settings },
	});
	return {
		...{ directory, settings, texts, signal },
		calibrate: () => calibrate(load, { directory, signal }),
		findTiers: () => findRows(selections, rowOptions),
		results,
		progress: createProgress(process.stderr, expectedSeconds(settings), {
			drawStandings: (space) => drawStandings(results, space),
		}),
	};
}

async function report(summary, directory) {
	writeWhole(join(directory, "report.md"), renderMarkdown(summary));
	// What draws the charts takes long to load.
	const { renderHtml } = await import("./report/html/page.js");
	writeWhole(join(directory, "report.html"), await renderHtml(summary));
	const { stdout } = process;
	const terminal = {
		colours: hasColours(stdout),
		columns: stdout.columns || undefined,
	};
	stdout.write(renderTerminal(summary, terminal));
}

/** What changed since the other commit, if there is one: gives the exit code for it. */
function reportCommits(summary, directory, { failOnRegression }) {
	const comparison = compareCommits(summary);
	if (!comparison) return 0;
	const [html, markdown, json] = ["html", "md", "json"].map((type) =>
		join(directory, `comparison.${type}`),
	);
	return showComparison(comparison, { failOnRegression, html, markdown, json });
}

function complain(error, exitCode) {
	process.stderr.write(`error: ${error.message}\n`);
	process.exit(exitCode);
}

/** Makes the report of an earlier run again. */
async function reportAgain(directory) {
	let results;
	try {
		results = readForReport(directory);
	} catch (error) {
		complain(error, exitCodes.badOption);
	}
	await report(results, directory);
	await reportCommits(results, directory, {});
}

function requireGenerators({ transport }) {
	const isHttp = transport.some((name) => name !== "grpc");
	if (isHttp && !wrkVersion())
		throw new Error("wrk is missing: install it with apt-get install wrk.");
	if (transport.includes("grpc") && !h2loadVersion())
		throw new Error(
			"h2load is missing: install it with apt-get install nghttp2-client.",
		);
}

async function measure(options) {
	const signal = abortOnSignal();
	let context;
	try {
		requireGenerators(options.values);
		context = await createContext(options, signal);
	} catch (error) {
		complain(
			error,
			signal.aborted ? exitCodes.interrupted : exitCodes.badOption,
		);
	}
	try {
		await run(context);
	} catch (error) {
		if (!signal.aborted) throw error;
		process.exitCode = exitCodes.interrupted;
	}
	const { results, directory } = context;
	const summary = summarise(results);
	await report(summary, directory);
	if ((await reportCommits(summary, directory, options)) !== 0)
		process.exitCode ??= exitCodes.tierFailed;
	const shown = relative(process.cwd(), directory) || ".";
	process.stdout.write(
		`In ${shown}: report.html, report.md, results.json, latencies.ndjson, requests/.\n`,
	);
	const { leftOut, entries } = results;
	const isWhole = !leftOut.length && entries.length > 0;
	if (!isWhole || entries.some(({ problem }) => problem))
		process.exitCode ??= exitCodes.tierFailed;
}

async function main() {
	const [word, ...rest] = process.argv.slice(2);
	if (word === "compare") {
		process.exitCode = await runCompare(rest);
		return;
	}
	if (word === "chart") {
		process.exitCode = await runChart(rest);
		return;
	}
	const { reportDirectory, ...options } = parseOptions();
	if (reportDirectory) await reportAgain(reportDirectory);
	else await measure(options);
}

await main();
