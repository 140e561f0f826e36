// After the rounds of a run: every row at fixed arrival rates.
import { settle, whileAlive } from "../hosts/settle.js";
import { openLoopRequests, runOpenLoop } from "../load/open-loop.js";
import { connectionsFor } from "../results/dimensions.js";
import { addOpenLoad } from "../results/open-loop.js";
import { findMeasurement } from "../results/results.js";
import { median } from "../results/statistics.js";
import { withWarmHost } from "./round.js";

/** So many passes over all rates; latencies are pooled over them. */
export const passes = 3;

/**
 * Requests per second for a row that reached those samples in its rounds.
 * @type {(rate: { share?: number, perSecond?: number }, samples: { requestsPerSecond: number }[]) => number}
 */
export function rateFor({ share = 1, perSecond }, samples) {
	if (perSecond) return perSecond;
	const rates = samples.map(({ requestsPerSecond }) => requestsPerSecond);
	return share * Number(median(rates));
}

async function measureOpenLoop(context, row, rate, pass) {
	const { progress, results, directory, signal } = context;
	const measurement = findMeasurement(results, row);
	const ratePerSecond = rateFor(rate, measurement.samples);
	progress.begin("open loop", `open loop, ${rate.wanted}: ${row.name}`);
	const { areShared, generator, server } = row.cpus;
	const isAlone = !areShared && server.length > 0;
	const cpus = isAlone ? generator : undefined;
	await withWarmHost(context, row, 0, async (host) => {
		const load = {
			url: host.url,
			ratePerSecond,
			requests: openLoopRequests(row, context.texts.get(row.text)),
			durationSeconds: context.settings.durationSeconds,
			arrivals: context.settings.arrivals,
			seed: pass,
			connections: connectionsFor(row),
		};
		const running = runOpenLoop(load, { directory, cpus, signal });
		const result = await whileAlive(host, running);
		addOpenLoad(measurement, { ...rate, ratePerSecond }, result);
		await settle(host, signal);
	});
	progress.end();
}

/**
 * Every rate in turn, each over all rows, so that drift hits all alike; and all of it several times. `takeStep` does something with each
 * row and fulfils with those that are left.
 * @type {(context: Kit.Running, rows: Kit.Row[], takeStep: Kit.TakeStep) => Promise<void>}
 */
export async function runOpenLoops(
	{ settings, progress, results },
	rows,
	takeStep,
) {
	const isHttp = ({ exchange }) => exchange.protocol === "http";
	const { rates } = settings;
	if (!rates) return;
	for (const { id } of rows.filter((row) => !isHttp(row)))
		results.skipped.push({ id, reason: "has no open loop for gRPC" });
	let left = rows.filter(isHttp);
	for (let pass = 1; pass <= passes; pass += 1)
		for (const [i, rate] of rates.entries()) {
			const steps = (passes - pass + 1) * rates.length - i;
			progress.expect("open loop", left.length * steps);
			progress.milestone(`open loop, ${rate.wanted}, ${pass} of ${passes}`);
			left = await takeStep(left, (context, row) =>
				measureOpenLoop(context, row, rate, pass),
			);
			left.push(...left.splice(0, 1));
		}
}
