// The comparison kit: node bench/main.js --help says what it takes.
import { join, relative } from "node:path";
import { runChart } from "./commands/chart.js";
import { runCompare, showComparison } from "./commands/compare.js";
import { createContext } from "./commands/context.js";
import { exitCodes, parseOptions } from "./commands/options.js";
import { h2loadVersion } from "./load/h2load.js";
import { wrkVersion } from "./load/wrk.js";
import { hasColours } from "./report/colours.js";
import { renderMarkdown } from "./report/markdown.js";
import { readForReport } from "./report/read.js";
import { renderTerminal } from "./report/terminal.js";
import { compareCommits } from "./results/compare.js";
import { summarise, writeWhole } from "./results/results.js";
import { run } from "./run/run.js";

// A terminal's Ctrl-C reaches us once directly and once through npm.
const sameSignalMs = 1000;

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

/** Whoever reads the report may have seen enough, as head has; the files are written all the same. */
function letReadersLeave() {
	process.stdout.on("error", (error) => {
		if (error.code !== "EPIPE") throw error;
	});
}

async function main() {
	letReadersLeave();
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
