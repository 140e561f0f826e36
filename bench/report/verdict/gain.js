// What one row gets done beside another, in the same rounds.
import { pairedRatio, pairRounds } from "../../results/statistics.js";

/** A gain of less than this is none to pay for. */
export const worthwhile = 1.1;

const invert = (value) => (value ? 1 / value : null);

/** @type {(ratio: Kit.Ratio) => Kit.Ratio} */
const inverse = (given) => ({
	...given,
	ratio: invert(given.ratio),
	low: invert(given.high),
	high: invert(given.low),
});

/**
 * Rates say little where the generator takes the servers' CPUs.
 * @type {(row: Kit.SummaryRow) => boolean}
 */
export const isByCpu = ({ cpus }) => cpus?.areShared ?? false;

/**
 * As results.json has it for the base of a row, from the same rounds for any other.
 * @type {(row: Kit.SummaryRow, other: Kit.SummaryRow, figure: string) => Kit.Ratio}
 */
export function ratioOf(row, other, figure) {
	return row.relative.to === other.name
		? row.relative[figure]
		: pairedRatio(pairRounds(row, other, figure));
}

/**
 * How often a row does the work in the time, or with the CPU time where CPUs are shared, that another takes for it once.
 * @type {(row: Kit.SummaryRow, other: Kit.SummaryRow) => Kit.Ratio}
 */
export function gainOver(row, other) {
	if (isByCpu(row) || isByCpu(other)) {
		const byCpu = inverse(ratioOf(row, other, "cpuMicrosPerImage"));
		if (byCpu.ratio !== null) return byCpu;
	}
	return ratioOf(row, other, "imagesPerSecond");
}

/**
 * Whether the rounds can tell two rows apart, as far as there were enough of them to say.
 * @type {(gain: Kit.Ratio) => boolean}
 */
export const isTold = ({ low, high }) =>
	low === null || high === null || low > 1 || high < 1;

/** @type {(gain: Kit.Ratio) => boolean} */
export const isWorthwhile = (gain) =>
	(gain.ratio ?? 0) >= worthwhile && isTold(gain);
