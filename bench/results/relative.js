// Rows in relation to each other.

import { areServedAlike, haveSameWorkload } from "./dimensions.js";
import { baseTier, ceilings } from "./roles.js";
import {
	halfWidth,
	pairedDifference,
	pairedRatio,
	pairRounds,
} from "./statistics.js";

/**
 * What a row is judged by in relation to its base: CPU time where it is known, and the rate unless generator and server share the CPUs.
 * @type {(row: { cpus: Kit.Cpus, relative: { imagesPerSecond: Kit.Ratio, cpuMicrosPerImage: Kit.Ratio } }) => Kit.Ratio[]}
 */
export function judgedRatios({ cpus, relative }) {
	const { imagesPerSecond, cpuMicrosPerImage } = relative;
	const rate = cpus?.areShared ? [] : [imagesPerSecond];
	return [...rate, cpuMicrosPerImage].filter(({ ratio }) => ratio !== null);
}

/**
 * Half the width of the widest interval that a row is judged by, as a share of its ratio; null if one is missing.
 * @type {(row: Parameters<typeof judgedRatios>[0]) => number | null}
 */
export function widestInterval(row) {
	const widths = judgedRatios(row).map(halfWidth);
	return widths.includes(null) || widths.length === 0
		? null
		: Math.max(...widths.map(Number));
}

/** What a row costs beyond what its kind of host costs anyway; null without a ceiling that was measured. */
function compareToCeiling(measurement, measurements) {
	if (measurement.row.target) return null;
	const id = measurement.node ? ceilings.express : ceilings.program;
	const ceiling = measurements.find(
		({ row }) => row.id === id && areServedAlike(row, measurement.row),
	);
	if (!ceiling || ceiling === measurement) return null;
	const pairs = pairRounds(measurement, ceiling, "cpuMicrosPerImage");
	return {
		id,
		cpuMicrosPerImage: {
			...pairedDifference(pairs),
			ratio: pairedRatio(pairs),
		},
	};
}

/** What a row is relative to: the first of the base tier, or else of any, that encodes the same under the same load. */
function findBase(measurement, measurements) {
	const alike = measurements.filter(({ row }) =>
		haveSameWorkload(row, measurement.row),
	);
	return alike.find(({ row }) => row.id === baseTier) ?? alike[0];
}

/**
 * Each measurement in relation to its base: [{ measurement, isBase, to, imagesPerSecond, cpuMicrosPerImage, ceiling }]
 * @type {(results: Pick<Kit.Results, "measurements">) => Kit.Relative[]}
 */
export function compareAll({ measurements }) {
	return measurements.map((measurement) => {
		const base = findBase(measurement, measurements);
		const ratio = (figure) =>
			pairedRatio(pairRounds(measurement, base, figure));
		return {
			measurement,
			isBase: measurement === base,
			to: base.row.name,
			imagesPerSecond: ratio("imagesPerSecond"),
			cpuMicrosPerImage: ratio("cpuMicrosPerImage"),
			ceiling: compareToCeiling(measurement, measurements),
		};
	});
}
