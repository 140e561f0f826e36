// What the generators can drive on this machine: they are run against a server that does next to nothing.
import { openLoopRequests, runOpenLoop } from "../load/open-loop.js";
import { createLoad } from "../load/workload.js";
import { describeLatencies } from "../results/histogram.js";
import { lagLimitMs } from "../results/open-loop.js";

const closedSeconds = 1;
const openSeconds = 0.4;
const firstRate = 2000;
/** Beyond what the server answers requests wait for it, and sending them is no feat any more. */
const mostShare = 1.2;

/** It sends nearly all within the limit of when they are due. */
async function keepsUp(load, options) {
	const { lag, failures } = await runOpenLoop(load, options);
	const { p99 } = describeLatencies(lag).latencyMs;
	return (p99 ?? 0) <= lagLimitMs && failures.timeout === 0;
}

/** Rates that double, up to the last one. */
function* ratesUpTo(last) {
	for (let rate = firstRate; rate < last; rate *= 2) yield rate;
	yield last;
}

/** The rate grows until the generator comes late twice; once may be the machine. */
async function findOpenRate(load, last, options) {
	/** @type {number | null} */
	let reached = null;
	for (const rate of ratesUpTo(last)) {
		const pace = { ratePerSecond: rate, durationSeconds: openSeconds };
		const atRate = { ...load, ...pace };
		const isKept =
			(await keepsUp(atRate, options)) || (await keepsUp(atRate, options));
		if (!isKept) break;
		reached = rate;
	}
	return reached;
}

/**
 * `ceiling`: a server that does next to nothing. Fulfils with { server, connections, closedLoop: { requestsPerSecond, generatorCpuShare }, openLoop: { requestsPerSecond: the highest that
 * was kept up with, up to 1.2 times the closed loop's, null if none } or null unless it is asked for }. Rejects if the server can't be started.
 * @type {(ceiling: Kit.Ceiling, load: { connections: number, withOpenLoop: boolean }, options: { directory: string, signal?: AbortSignal }) => Promise<Kit.Calibration>}
 */
export async function calibrate(
	{ row, texts, start },
	{ connections, withOpenLoop },
	{ directory, signal },
) {
	const { areShared, server, generator } = row.cpus;
	const pinned = (cpus) => (areShared ? undefined : cpus);
	const host = await start({ signal, cpus: pinned(server) });
	const options = { cpus: pinned(generator), signal };
	try {
		const run = await createLoad(row, texts, { directory });
		const load = await run(host, 0, {
			...options,
			connections,
			durationSeconds: closedSeconds,
		});
		const requests = openLoopRequests(row, texts);
		const openLoad = { url: host.url, requests, connections };
		const requestsPerSecond = load.requests / load.seconds;
		return {
			server: row.id,
			connections,
			closedLoop: {
				requestsPerSecond,
				generatorCpuShare: load.generatorCpuShare,
			},
			openLoop: withOpenLoop
				? {
						requestsPerSecond: await findOpenRate(
							openLoad,
							mostShare * requestsPerSecond,
							{ ...options, directory },
						),
					}
				: null,
		};
	} finally {
		await host.stop();
	}
}
