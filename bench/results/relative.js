// Rows in relation to each other.

import { areServedAlike, haveSameWorkload } from "./dimensions.js";
import { baseTier, ceilings } from "./roles.js";
import { pairedDifference, pairedRatio, pairRounds } from "./statistics.js";

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
