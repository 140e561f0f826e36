// How many rounds a run has: as many as were asked for, or as many as the intervals need.

// The fewer rounds there may be, the more often those few look alike by chance.

import { compareAll } from "../results/relative.js";
import { halfWidth, wantedHalfWidth } from "../results/statistics.js";

const fewestRounds = 10;
const mostRounds = 200;
// What --rounds auto is expected to need, for the time left.
const usualRounds = 12;

const isNarrow = (ratio) => {
	const width = halfWidth(ratio);
	return width !== null && width <= wantedHalfWidth;
};

/** Whether every row that is still measured is known well enough in relation to the base. */
function isPrecise(results) {
	const going = results.measurements.filter(({ problem }) => !problem);
	return compareAll(results)
		.filter(({ measurement, isBase }) => going.includes(measurement) && !isBase)
		.every(({ imagesPerSecond }) => isNarrow(imagesPerSecond));
}

/**
 * { wantsMore(results), roundsLeft(round), suffix } for the settings { rounds: a number or "auto", limitMinutes }.
 * @type {(settings: { rounds: number | "auto", limitMinutes: number }) => { wantsMore: (results: Kit.Results) => boolean, roundsLeft: (round: number) => number, suffix: string }}
 */
export function planRounds({ rounds, limitMinutes }) {
	if (rounds !== "auto")
		return {
			wantsMore: ({ roundsDone }) => roundsDone < rounds,
			roundsLeft: (round) => rounds - round + 1,
			suffix: ` of ${rounds}`,
		};
	const endMs = performance.now() + limitMinutes * 60_000;
	return {
		wantsMore: (results) =>
			results.roundsDone < fewestRounds ||
			(results.roundsDone < mostRounds &&
				performance.now() < endMs &&
				!isPrecise(results)),
		roundsLeft: (round) => Math.max(1, usualRounds - round + 1),
		suffix: "",
	};
}
