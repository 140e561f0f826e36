// Latency at a fixed arrival rate, as a share of what a row reached in its rounds or as requests per second.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parametersOf } from "../results/dimensions.js";
import { makeSchedule } from "./arrivals.js";
import { makeBatches } from "./batches.js";
import { runGenerator } from "./generator.js";
import { runSender } from "./sender.js";

const generator = fileURLToPath(
	new URL("open-loop-generator.js", import.meta.url),
);
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
 * As runSender(), but in Node.js: for TLS, which the C program doesn't know. Where it has no CPU for itself (`cpus`) it sleeps between requests
 * rather than take the server's.
 * @type {(load: any, options: Kit.GeneratorOptions & { directory: string }) => Promise<any>}
 */
export async function runInNode(load, { directory, cpus, signal, onLoadEnd }) {
	const file = join(directory, `open-loop.${process.pid}.json`);
	const config = {
		...load,
		schedule: [...load.schedule],
		isAlone: cpus !== undefined,
	};
	writeFileSync(file, JSON.stringify(config));
	try {
		const { lines, ownCpuSeconds, how } = await runGenerator(
			{
				command: process.execPath,
				args: [generator, file],
				durationSeconds: load.durationSeconds,
				isLoadEnd: (line) => line === "load ended",
			},
			{ cpus, signal, onLoadEnd },
		);
		const json = lines.find((line) => line.startsWith("{"));
		if (!json) throw new Error(`the open loop gave no result: ${how}`);
		const result = JSON.parse(json);
		for (const name of ["fromDue", "fromSend", "lag"])
			result[name] = new Map(result[name]);
		return { ...result, ownCpuSeconds };
	} finally {
		rmSync(file, { force: true });
	}
}

/** Connections that are opened in the load would delay it, on both sides. So many are open before as bridge a stall of this length. */
const bridgedSeconds = 0.01;

/**
 * Runs an open loop once: { due, answered, good, sentPerSecond, failures, bytes, fromDue, fromSend, lag, generatorCpuShare }, see
 * estimate(). `arrivals` and `seed`: see makeSchedule(); timeoutSeconds: for answers, after the last request was due.
 * @type {(load: { url: string, requests: object[], ratePerSecond: number, durationSeconds: number, connections: number, arrivals?: string, seed?: number, timeoutSeconds?: number }, options: Kit.GeneratorOptions & { directory: string }) => Promise<Kit.OpenLoad>}
 */
export async function runOpenLoop({ timeoutSeconds = 10, ...load }, options) {
	const { durationSeconds, ratePerSecond, connections } = load;
	const most = Math.max(mostConnections, connections);
	const early = Math.ceil(ratePerSecond * bridgedSeconds);
	const run = load.url.startsWith("https:") ? runInNode : runSender;
	const { ownCpuSeconds, ...result } = await run(
		{
			...load,
			schedule: makeSchedule(load, load.seed),
			connections: Math.min(most, Math.max(connections, early)),
			mostConnections: most,
			timeoutSeconds,
		},
		options,
	);
	return { ...result, generatorCpuShare: ownCpuSeconds / durationSeconds };
}
