// How long the loads of a row are. Rows of one tier and workload have the same, or the shorter ones would pay more for requests that are
// cut off at the end.
import { connectionsFor, haveSameWorkload } from "../results/dimensions.js";

// Requests that are cut off when a load ends cost CPU time and are not counted: a round is to be longer than this many of them.
const requestsPerConnection = 4;
const longestSeconds = 30;
// A trial load is for so many requests of each connection, as long as the first request took.
const requestsPerTrial = 1.5;
const shortestTrialSeconds = 0.2;

/** A host that gets no faster by more than this from one load to the next has warmed up. */
const stableGain = 1.05;
export const mostTrials = 4;

const roundUp = (seconds) => Math.ceil(10 * seconds) / 10;
const bound = (seconds) => Math.min(longestSeconds, roundUp(seconds));

/**
 * How long a trial load is, from what the first request took.
 * @type {(row: Kit.Row, requestMs: number, durationSeconds: number) => number}
 */
export function guessTrialSeconds(row, requestMs, durationSeconds) {
	const cycleSeconds =
		(requestMs / 1000) * Math.max(1, connectionsFor(row) / row.processes);
	return bound(
		Math.max(
			shortestTrialSeconds,
			durationSeconds / 2,
			requestsPerTrial * cycleSeconds,
		),
	);
}

/** @type {(rates: number[]) => boolean} */
export function needsMoreTrials(rates) {
	const [before, last] = rates.slice(-2);
	return rates.length < 2 || last > stableGain * before;
}

/** What a row itself needs: a warm-up until it was stable, and enough requests of each connection in a round. */
function needsOf({ seconds, rates, connections }, durationSeconds) {
	const cycleSeconds = connections / (rates.at(-1) ?? 1);
	return {
		durationSeconds: Math.max(
			durationSeconds,
			bound(requestsPerConnection * cycleSeconds),
		),
		warmUpSeconds: seconds * Math.max(1, rates.length - 1),
	};
}

const areAlike = (a, b) =>
	a.id === b.id &&
	haveSameWorkload(a, b) &&
	a.transport === b.transport &&
	a.batchSize === b.batchSize;

/**
 * Row → { durationSeconds of a round, warmUpSeconds before it }: of rows of the same tier and workload, what the most demanding one needs.
 * @type {(trials: Map<Kit.Row, Kit.Trials>, settings: { durationSeconds: number }) => Map<Kit.Row, Kit.RoundPlan>}
 */
export function planLoads(trials, { durationSeconds }) {
	const needs = new Map(
		[...trials].map(([row, found]) => [row, needsOf(found, durationSeconds)]),
	);
	const most = (row, what) =>
		Math.max(
			...[...needs]
				.filter(([other]) => areAlike(row, other))
				.map(([, need]) => need[what]),
		);
	return new Map(
		[...needs.keys()].map((row) => [
			row,
			{
				durationSeconds: most(row, "durationSeconds"),
				warmUpSeconds: most(row, "warmUpSeconds"),
			},
		]),
	);
}
