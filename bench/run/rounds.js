// How many rounds a run has: as many as were asked for, or as many as the intervals need.
import { compareAll, widestInterval } from "../results/relative.js";
import { wantedHalfWidth } from "../results/statistics.js";

// The fewer rounds there may be, the more often those few look alike by chance.
const fewestRounds = 10;
const mostRounds = 200;
// What --rounds auto is expected to need, while nothing is known.
const usualRounds = 20;

/** The widest interval of the rows that are still measured, as a half-width; null while one has none. */
function widestOf(results) {
	const going = results.measurements.filter(({ problem }) => !problem);
	const widths = compareAll(results)
		.filter(({ measurement, isBase }) => going.includes(measurement) && !isBase)
		.map(({ measurement: { cpus }, ...relative }) =>
			widestInterval({ cpus, relative }),
		);
	return widths.includes(null) ? null : Math.max(0, ...widths.map(Number));
}

/** Whether every row that is still measured is known well enough in relation to the base. */
function isPrecise(results) {
	const widest = widestOf(results);
	return widest !== null && widest <= wantedHalfWidth;
}

/** An interval narrows with the root of the number of rounds. */
function expectedRounds(results) {
	const widest = results.measurements.length ? widestOf(results) : null;
	if (widest === null) return usualRounds;
	const wanted = results.roundsDone * (widest / wantedHalfWidth) ** 2;
	return Math.min(mostRounds, Math.max(fewestRounds, Math.ceil(wanted)));
}

/**
 * { wantsMore(results), roundsLeft(round, results), suffix } for the settings { rounds: a number or "auto", limitMinutes }.
 * @type {(settings: { rounds: number | "auto", limitMinutes: number }) => { wantsMore: (results: Kit.Results) => boolean, roundsLeft: (round: number, results: Kit.Results) => number, suffix: string }}
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
		roundsLeft: (round, results) =>
			Math.max(1, expectedRounds(results) - round + 1),
		suffix: "",
	};
}
