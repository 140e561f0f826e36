// A host process (a server under test), from its start to its end.
import { createInterface } from "node:readline";
import { startChild, stopChild } from "./child.js";

const readyLine = /^listening on (http:\/\/[^\s/]+)\/?(?:\s+\((.*)\))?$/;
const readyTimeoutMs = 15_000;
const keptLines = 20;

/** Keeps the last lines of a stream, so that a failure can be explained, and never lets its pipe fill. */
function keepLastLines(stream) {
	const lines = [];
	createInterface({ input: stream }).on("line", (line) => {
		lines.push(line.slice(0, 300));
		if (lines.length > keptLines) lines.shift();
	});
	return lines;
}

/**
 * The engine that a host says it uses, null for tiers without one.
 * @type {(details: string) => string | null}
 */
export function engineIn(details) {
	return /\bengine (\w[\w-]*)/.exec(details)?.[1] ?? null;
}

/** The address of a host's gRPC service, null without one. */
function grpcAddressIn(details) {
	return /\bgrpc on ([^\s,)]+)/i.exec(details)?.[1] ?? null;
}

/**
 * The version of Node.js that a host says it runs on, null for programs of their own.
 * @type {(details: string) => string | null}
 */
export function nodeIn(details) {
	return /\bNode (\d[\w.-]*)/.exec(details)?.[1] ?? null;
}

function withOutput(sentence, lines) {
	return new Error(
		lines.length ? `${sentence}: ${lines.join(" / ")}` : sentence,
	);
}

function waitUntilReady(state, errorLines, signal) {
	return new Promise((resolve, reject) => {
		const fail = (sentence) => reject(withOutput(sentence, errorLines));
		const timer = setTimeout(
			() => fail(`it was not ready after ${readyTimeoutMs / 1000} s`),
			readyTimeoutMs,
		);
		const onAbort = () => reject(signal.reason);
		signal?.addEventListener("abort", onAbort, { once: true });
		state.ended.then(async (how) => {
			// The last lines of stderr may still be on their way.
			await new Promise(setImmediate);
			fail(`${how} before it was ready`);
		});
		createInterface({ input: state.child.stdout }).on("line", (line) => {
			const match = readyLine.exec(line);
			if (match) resolve({ url: match[1], details: match[2] ?? "" });
		});
		state.cleanUp = () => {
			clearTimeout(timer);
			signal?.removeEventListener("abort", onAbort);
		};
	}).finally(() => state.cleanUp());
}

/**
 * Starts a host and waits for its ready line. Rejects with the reason, and its exit code if it ended, if it does not come.
 * @type {(how: Kit.Launch & { cpus?: number[], signal?: AbortSignal }) => Promise<Kit.Host>}
 */
export async function startHost({ command, args, env, cpus, cwd, signal }) {
	signal?.throwIfAborted();
	const startedAtMs = performance.now();
	const state = startChild(command, args, { env, cpus, cwd });
	const errorLines = keepLastLines(state.child.stderr);
	try {
		const { url, details } = await waitUntilReady(state, errorLines, signal);
		return {
			pid: state.pid,
			url,
			details,
			grpcAddress: grpcAddressIn(details),
			startedAtMs,
			stop: () => stopChild(state),
			/** Rejects, with its last output, if the host has ended. */
			async checkAlive() {
				if (state.hasEnded) throw withOutput(await state.ended, errorLines);
			},
		};
	} catch (error) {
		error.exitCode = state.child.exitCode;
		await stopChild(state);
		throw error;
	}
}
