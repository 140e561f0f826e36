// Rows in relation to each other.

import { areServedAlike, haveSameWorkload } from "./dimensions.js";
import { baseTier, ceilings } from "./roles.js";
import { pairedDifference, pairedRatio, pairRounds } from "./statistics.js";

/** What a tier costs beyond what its kind of host costs anyway; null without a ceiling that was measured. */
function compareToCeiling(entry, entries) {
	if (entry.tier.target) return null;
	const id = entry.node ? ceilings.express : ceilings.program;
	const ceiling = entries.find(
		({ tier }) => tier.id === id && areServedAlike(tier, entry.tier),
	);
	if (!ceiling || ceiling === entry) return null;
	const pairs = pairRounds(entry, ceiling, "cpuMicrosPerImage");
	return {
		id,
		cpuMicrosPerImage: {
			...pairedDifference(pairs),
			ratio: pairedRatio(pairs),
		},
	};
}

/** What a row is relative to: the first of the base tier, or else of any, that encodes the same under the same load. */
function findBase(entry, entries) {
	const alike = entries.filter(({ tier }) =>
		haveSameWorkload(tier, entry.tier),
	);
	return alike.find(({ tier }) => tier.id === baseTier) ?? alike[0];
}

/** Each entry in relation to its base: [{ entry, isBase, to, imagesPerSecond, cpuMicrosPerImage, ceiling }] */
export function compareAll({ entries }) {
	return entries.map((entry) => {
		const base = findBase(entry, entries);
		const ratio = (figure) => pairedRatio(pairRounds(entry, base, figure));
		return {
			entry,
			isBase: entry === base,
			to: base.tier.name,
			imagesPerSecond: ratio("imagesPerSecond"),
			cpuMicrosPerImage: ratio("cpuMicrosPerImage"),
			ceiling: compareToCeiling(entry, entries),
		};
	});
}
