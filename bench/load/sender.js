// An open loop by HTTP: runs build/Release/open-loop-sender, in C, whose sources are in sender/. It takes and gives files of plain numbers.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runGenerator } from "./generator.js";
import { estimate } from "./open-loop-estimator.js";

const program = fileURLToPath(
	new URL("../../build/Release/open-loop-sender", import.meta.url),
);
const valuesOfRecord = 4;
/** By what stands in the place of a status; see sender/files.h. */
const failureKinds = {
	0: "timeout",
	"-1": "connect",
	"-2": "read",
	"-3": "write",
};

/** Each request behind its length. */
function requestsFile(host, requests) {
	return Buffer.concat(
		requests
			.map((request) => requestBytes(host, request))
			.flatMap((bytes) => [
				Buffer.from(new Uint32Array([bytes.length]).buffer),
				bytes,
			]),
	);
}

/**
 * A request as it goes over the wire; its body comes in base64.
 * @type {(host: string, request: any) => Buffer}
 */
export function requestBytes(host, { method, target, contentType, body }) {
	const content = Buffer.from(body ?? "", "base64");
	const lines = [
		`${method} ${target} HTTP/1.1`,
		`Host: ${host}`,
		...(body === undefined
			? []
			: [`Content-Type: ${contentType}`, `Content-Length: ${content.length}`]),
	];
	const head = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
	return Buffer.concat([head, content]);
}

/** A file of doubles. */
function readDoubles(file) {
	const { buffer, byteOffset, length } = readFileSync(file);
	return new Float64Array(
		buffer,
		byteOffset,
		length / Float64Array.BYTES_PER_ELEMENT,
	);
}

/**
 * The records of a load, as estimate() takes them.
 * @type {(values: Float64Array, schedule: Float64Array) => Generator<Kit.RequestRecord>}
 */
function* recordsOf(values, schedule) {
	for (const [i, dueMs] of schedule.entries()) {
		const at = i * valuesOfRecord;
		const status = values[at + 3];
		yield {
			dueMs,
			calledMs: values[at],
			sentMs: values[at + 1],
			doneMs: status > 0 ? values[at + 2] : null,
			status,
		};
	}
}

/** @type {(records: Iterable<Kit.RequestRecord>) => Kit.Failures} */
function countFailures(records) {
	const failures = { connect: 0, read: 0, write: 0, timeout: 0, status: 0 };
	for (const { status } of records)
		if (status !== 200) failures[failureKinds[status] ?? "status"] += 1;
	return failures;
}

/** Status → how many answers; those that aren't 200. */
function countStatuses(records) {
	const counts = new Map();
	for (const { status } of records)
		if (status > 0 && status !== 200)
			counts.set(status, (counts.get(status) ?? 0) + 1);
	return counts;
}

function describe(values, schedule, durationSeconds) {
	const windowMs = durationSeconds * 1000;
	const lastMs = values[(schedule.length - 1) * valuesOfRecord];
	return {
		...estimate(recordsOf(values, schedule), windowMs),
		failures: countFailures(recordsOf(values, schedule)),
		statuses: countStatuses(recordsOf(values, schedule)),
		sentPerSecond: (schedule.length * 1000) / Math.max(lastMs, windowMs),
	};
}

function senderArguments(
	url,
	files,
	{ connections, mostConnections, timeoutSeconds },
) {
	const { hostname, port } = new URL(url);
	const values = {
		host: hostname.replace(/^\[|\]$/g, ""), // of an IPv6 address
		port: port || 80,
		...files,
		connections,
		"max-connections": mostConnections,
		"timeout-ms": timeoutSeconds * 1000,
	};
	return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

/**
 * Sends requests in turn when they are due: `schedule` holds ms since the start of the load, in ascending order. What a load may need of
 * `connections` are open before it; more are opened as needed, up to `mostConnections`. Fulfils with what estimate() makes of the records, and
 * failures, sentPerSecond, bytes { received, sent } and the generator's ownCpuSeconds.
 * @type {(load: Kit.Schedule & { url: string, requests: object[], connections: number, mostConnections: number, timeoutSeconds: number }, options: Kit.GeneratorOptions & { directory: string }) => Promise<any>}
 */
export async function runSender(load, { directory, ...options }) {
	const { url, requests, schedule, durationSeconds } = load;
	const folder = mkdtempSync(join(directory, "open-loop-"));
	const files = {
		requests: join(folder, "requests"),
		schedule: join(folder, "schedule"),
		records: join(folder, "records"),
	};
	try {
		writeFileSync(files.requests, requestsFile(new URL(url).host, requests));
		writeFileSync(files.schedule, schedule);
		const { lines, ownCpuSeconds, how } = await runGenerator(
			{
				command: program,
				args: senderArguments(url, files, load),
				durationSeconds,
				isLoadEnd: (line) => line === "load ended",
			},
			options,
		);
		const json = lines.find((line) => line.startsWith("{"));
		if (!json) throw new Error(`the open loop gave no result: ${how}`);
		const values = readDoubles(files.records);
		return {
			...describe(values, schedule, durationSeconds),
			bytes: JSON.parse(json),
			ownCpuSeconds,
		};
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
