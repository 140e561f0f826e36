// npm run bench: measures, and reports what was measured, also after Ctrl-C.
import { relative } from "node:path";
import { h2loadVersion } from "../load/h2load.js";
import { wrkVersion } from "../load/wrk.js";
import { summarise } from "../results/summary.js";
import { run } from "../run/run.js";
import { createContext } from "./context.js";
import { exitCodes } from "./options.js";
import { report } from "./report.js";

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

function requireGenerators({ transport }) {
	const isHttp = transport.some((name) => name !== "grpc");
	if (isHttp && !wrkVersion())
		throw new Error("wrk is missing: install it with apt-get install wrk.");
	if (transport.includes("grpc") && !h2loadVersion())
		throw new Error(
			"h2load is missing: install it with apt-get install nghttp2-client.",
		);
}

/** What run() works with; ends the process if the options are wrong. */
async function prepare(options, signal) {
	try {
		requireGenerators(options.values);
		return await createContext(options, signal);
	} catch (error) {
		process.stderr.write(`error: ${error.message}\n`);
		return process.exit(
			signal.aborted ? exitCodes.interrupted : exitCodes.badOption,
		);
	}
}

/**
 * Does what the options say and gives the exit code.
 * @type {(options: Kit.Options) => Promise<number>}
 */
export async function measure(options) {
	const signal = abortOnSignal();
	const context = await prepare(options, signal);
	let exitCode = 0;
	try {
		await run(context);
	} catch (error) {
		if (!signal.aborted) throw error;
		exitCode = exitCodes.interrupted;
	}
	const { results, directory } = context;
	const gate = await report(summarise(results), directory, options);
	const shown = relative(process.cwd(), directory) || ".";
	process.stdout.write(
		`In ${shown}: report.html, report.md, results.json, latencies.ndjson, requests/.\n`,
	);
	const { leftOut, measurements } = results;
	const isWhole = !leftOut.length && measurements.length > 0;
	const isGood = isWhole && !measurements.some(({ problem }) => problem);
	return exitCode || (isGood && gate === 0 ? 0 : exitCodes.tierFailed);
}
