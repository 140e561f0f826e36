// How long the loads of a row are. Rows of one tier and workload have the same, or the shorter ones would pay more for requests that are
// cut off at the end.
import { connectionsFor, haveSameWorkload } from "../results/dimensions.js";

// Requests that are cut off when a round ends cost CPU time and are not counted: a round is to be longer than this many of each connection.
const requestsPerRound = 4;
/** A warm-up has to reach an answer on each connection. */
const requestsPerWarmUp = 1.5;
const longestSeconds = 30;

const bound = (seconds) =>
	Math.min(longestSeconds, Math.ceil(10 * seconds) / 10);

/** Seconds until each connection has had so many answers, at least those wanted. */
const atLeast = (wanted, requests, cycleSeconds) =>
	Math.max(wanted, bound(requests * cycleSeconds));

/**
 * How long a trial load is: as a warm-up, if all connections wait in one line for requests like the first.
 * @type {(row: Kit.Row, requestMs: number, settings: { warmUpSeconds: number }) => number}
 */
export function guessTrialSeconds(row, requestMs, { warmUpSeconds }) {
	const cycleSeconds =
		(requestMs / 1000) * Math.max(1, connectionsFor(row) / row.processes);
	return atLeast(warmUpSeconds, requestsPerWarmUp, cycleSeconds);
}

const areAlike = (a, b) =>
	a.id === b.id &&
	haveSameWorkload(a, b) &&
	a.transport === b.transport &&
	a.batchSize === b.batchSize;

/**
 * Row → { durationSeconds of a round, warmUpSeconds before it }: of rows of the same tier and workload, what the slowest one needs. `rates`:
 * the requests a second of each row's trial.
 * @type {(rates: Map<Kit.Row, number>, settings: { durationSeconds: number, warmUpSeconds: number }) => Map<Kit.Row, Kit.RoundPlan>}
 */
export function planLoads(rates, { durationSeconds, warmUpSeconds }) {
	const planOf = (row) => {
		const alike = [...rates].filter(([other]) => areAlike(row, other));
		const cycles = alike.map(([one, rate]) => connectionsFor(one) / rate);
		const slowest = Math.max(...cycles);
		return {
			durationSeconds: atLeast(durationSeconds, requestsPerRound, slowest),
			warmUpSeconds: atLeast(warmUpSeconds, requestsPerWarmUp, slowest),
		};
	};
	return new Map([...rates.keys()].map((row) => [row, planOf(row)]));
}
