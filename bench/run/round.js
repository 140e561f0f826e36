// One round of one row, in a process of its own: the luck that a process keeps from its start is a part of what differs between rounds.
import { watchNeighbours } from "../hosts/neighbours.js";
import {
	memoryBytes,
	reapedCpuSeconds,
	watchMemory,
} from "../hosts/process-tree.js";
import { settle } from "../hosts/settle.js";
import { addRound, findMeasurement } from "../results/results.js";
import { median } from "../results/statistics.js";
import { loadHost, startHost } from "./load.js";

/** A round in which others used so much more of the CPUs than in the row's median round is measured again, ... */
const burstShare = 0.1;
/** ... once for so many rounds at most. */
const roundsPerRepeat = 5;

/**
 * Puts load on a host until it is warm. What it holds is watched meanwhile, since that load isn't measured; null of a server that others have
 * started.
 * @type {(context: Kit.Running, row: Kit.Row, host: Kit.Host, round: number) => Promise<Kit.RoundMemory | null>}
 */
async function warmUp(context, row, host, round) {
	const { pid } = host;
	const plan = /** @type {Kit.RoundPlan} */ (context.plans.get(row));
	const how = { round, durationSeconds: plan.warmUpSeconds };
	if (pid === null) {
		await loadHost(context, row, host, how);
		return null;
	}
	const idle = memoryBytes(pid);
	const reapedBefore = reapedCpuSeconds(pid);
	const stopWatching = watchMemory(pid);
	let peak = idle;
	try {
		await loadHost(context, row, host, how);
	} finally {
		peak = stopWatching();
	}
	// Children that came and went may have peaked between two samples.
	const isLowerBound = reapedCpuSeconds(pid) > reapedBefore;
	return { idle, peak, isLowerBound };
}

/**
 * Starts a host, warms it up, uses it and ends it.
 * @template T
 * @param {Kit.Running} context
 * @param {Kit.Row} row
 * @param {number} round
 * @param {(host: Kit.Host, memory: Kit.RoundMemory | null) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withWarmHost(context, row, round, use) {
	const host = await startHost(context, row);
	try {
		const memory = await warmUp(context, row, host, round);
		await settle(host, context.signal);
		return await use(host, memory);
	} finally {
		await host.stop();
	}
}

/** Which statuses a host gives that aren't 200: looking at the answers takes the generator's time, so that is a load of its own. */
async function findStatuses(context, row, host, how) {
	const looking = { ...how, countsStatuses: true };
	const { load } = await loadHost(context, row, host, looking);
	return load.statuses;
}

/** What a round gave, and what others used meanwhile. */
function measureOnce(context, row, round) {
	const { statuses } = findMeasurement(context.results, row);
	return withWarmHost(context, row, round, async (host, memory) => {
		const stopWatching = watchNeighbours();
		const { durationSeconds } = context.plans.get(row);
		const how = { round, durationSeconds };
		const loaded = await loadHost(context, row, host, how);
		const found = { ...loaded, memory, foreignCpuShare: stopWatching() };
		if (statuses || found.load.failures.status === 0) return found;
		await settle(host, context.signal);
		return { ...found, statuses: await findStatuses(context, row, host, how) };
	});
}

function isBurst({ foreignCpuShare }, { samples, repeats }) {
	const usual = median(samples.map((sample) => sample.foreignCpuShare));
	return (
		usual !== null &&
		foreignCpuShare > usual + burstShare &&
		repeats < samples.length / roundsPerRepeat
	);
}

/** @type {(context: Kit.Running, row: Kit.Row, round: number) => Promise<void>} */
export async function measureRound(context, row, round) {
	const { progress, results } = context;
	const measurement = findMeasurement(results, row);
	progress.begin("round", `round ${round}: ${row.name}`);
	let measured = await measureOnce(context, row, round);
	if (isBurst(measured, measurement)) {
		measurement.repeats += 1;
		measured = await measureOnce(context, row, round);
	}
	addRound(results, measurement, round, measured);
	progress.end();
}
