// Latency at a fixed arrival rate, as a share of what a row reached in its rounds or as requests per second.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parametersOf } from "../results/dimensions.js";
import { makeBatches } from "./batches.js";
import { runGenerator } from "./generator.js";

const generator = fileURLToPath(
	new URL("open-loop-generator.js", import.meta.url),
);
const timeoutSeconds = 10;
const mostConnections = 1000;

/**
 * What a row is sent by HTTP, in the order of its closed loop.
 * @type {(row: Kit.Sent & { exchange: Kit.HttpExchange }, texts: string[]) => object[]}
 */
export function openLoopRequests(row, texts) {
	const parameters = parametersOf(row);
	return makeBatches(texts, row.batchSize).map((batch) => {
		const request = row.exchange.request(batch, parameters);
		return { ...request, body: request.body?.toString("base64") };
	});
}

/**
 * Runs the generator once: { due, answered, good, sentPerSecond, failures, bytes, fromDue, fromSend, lag, generatorCpuShare }, see
 * estimate(). Where it has no CPU for itself (`cpus`) it sleeps between requests rather than take the server's.
 * @type {(load: { url: string, requests: object[], ratePerSecond: number, durationSeconds: number, connections: number }, options: Kit.GeneratorOptions & { directory: string }) => Promise<Kit.OpenLoad>}
 */
export async function runOpenLoop(
	{ url, requests, ratePerSecond, durationSeconds, connections },
	{ directory, cpus, signal, onLoadEnd },
) {
	const file = join(directory, `open-loop.${process.pid}.json`);
	const config = {
		url,
		requests,
		ratePerSecond,
		durationSeconds,
		connections,
		timeoutSeconds,
		isAlone: cpus !== undefined,
		mostConnections: Math.max(mostConnections, connections),
	};
	writeFileSync(file, JSON.stringify(config));
	try {
		const { lines, ownCpuSeconds, how } = await runGenerator(
			{
				command: process.execPath,
				args: [generator, file],
				durationSeconds,
				isLoadEnd: (line) => line === "load ended",
			},
			{ cpus, signal, onLoadEnd },
		);
		const json = lines.find((line) => line.startsWith("{"));
		if (!json) throw new Error(`the open loop gave no result: ${how}`);
		const result = JSON.parse(json);
		for (const name of ["fromDue", "fromSend", "lag"])
			result[name] = new Map(result[name]);
		return { ...result, generatorCpuShare: ownCpuSeconds / durationSeconds };
	} finally {
		rmSync(file, { force: true });
	}
}
