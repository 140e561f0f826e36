// The closed-loop load generator for gRPC: h2load, one thread, a connection for each request in flight. It knows HTTP/2 and sends one
// body over and over, but nothing of gRPC: what went wrong is told from the length of the answers.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, statSync } from "node:fs";
import { runGenerator } from "./generator.js";

/**
 * "h2load 1.52.0", or null where there is none.
 * @type {() => string | null}
 */
export function h2loadVersion() {
	try {
		const output = execFileSync("h2load", ["--version"], { stdio: "pipe" });
		const [version] = /[\d.]+\d/.exec(output.toString()) ?? [];
		return `h2load ${version}`;
	} catch {
		return null;
	}
}

function h2loadArguments(
	{ url, bodyFile, connections, durationSeconds },
	logFile,
) {
	return [
		"--threads=1",
		`--clients=${connections}`,
		"--max-concurrent-streams=1",
		`--duration=${Math.round(durationSeconds * 1000)}ms`,
		`--data=${bodyFile}`,
		"--header=content-type: application/grpc",
		"--header=te: trailers",
		`--log-file=${logFile}`,
		url,
	];
}

/** The log has a line for each answer: start in µs, HTTP status or -1, latency in µs. */
function readLog(path) {
	const histogram = new Map();
	const lines = readFileSync(path, "utf8").trimEnd().split("\n");
	for (const line of lines) {
		const [, status, us] = line.split("\t").map(Number);
		if (status > 0) histogram.set(us, (histogram.get(us) ?? 0) + 1);
	}
	return histogram;
}

function readTotals(lines) {
	const text = lines.join("\n");
	const number = (pattern) => Number(pattern.exec(text)?.[1]);
	const [, value, unit] = /^finished in ([\d.]+)(us|ms|s),/m.exec(text) ?? [];
	return {
		seconds: Number(value) / { us: 1e6, ms: 1e3, s: 1 }[unit],
		requests: number(/(\d+) done,/),
		succeeded: number(/(\d+) succeeded,/),
		errored: number(/(\d+) errored,/),
		timeouts: number(/(\d+) timeout/),
		bytes: number(/^traffic: \S+ \((\d+)\) total/m),
		dataBytes: number(/, \S+ \((\d+)\) data$/m),
	};
}

/** How many answers lack their message, as those have whose gRPC status is not OK; one that was cut off at the end may hide one such. */
function countEmpty({ succeeded, dataBytes }, answerNbytes) {
	return Math.max(0, succeeded - Math.floor(dataBytes / answerNbytes));
}

/**
 * Runs h2load once with the body in a file, to be answered by messages of `answerNbytes`. The result is like that of runWrk, but
 * bytesSent are without headers, and failures of
 * the kind `status` are answers without a message.
 * @type {(load: Kit.GeneratorOptions & { url: string, bodyFile: string, answerNbytes: number, connections: number, durationSeconds: number }) => Promise<Kit.Load>}
 */
export async function runH2load({ cpus, signal, onLoadEnd, ...load }) {
	const { durationSeconds, bodyFile, answerNbytes } = load;
	const logFile = `${bodyFile}.${process.pid}.log`;
	try {
		const { lines, ownCpuSeconds, how } = await runGenerator(
			{
				command: "h2load",
				args: h2loadArguments(load, logFile),
				durationSeconds,
				isLoadEnd: (line) => line.startsWith("Main benchmark duration is over"),
			},
			{ cpus, signal, onLoadEnd },
		);
		const totals = readTotals(lines);
		if (!(totals.seconds > 0 && totals.dataBytes >= 0))
			throw new Error(`h2load gave no result (${how})`);
		const failures = {
			connect: 0,
			read: totals.errored,
			write: 0,
			timeout: totals.timeouts,
			status:
				totals.requests - totals.succeeded + countEmpty(totals, answerNbytes),
		};
		return {
			requests: totals.requests,
			seconds: totals.seconds,
			bytes: totals.bytes,
			failures,
			histogram: readLog(logFile),
			bytesSent: totals.requests * statSync(bodyFile).size,
			generatorCpuShare: ownCpuSeconds / totals.seconds,
		};
	} finally {
		rmSync(logFile, { force: true });
	}
}
