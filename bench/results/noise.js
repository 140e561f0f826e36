// Finds out whether rounds differ more than they should.
import { median } from "./statistics.js";

// For a normal distribution the median of the distances from the median is this part of the standard deviation.
const deviationsPerMedianDistance = 1.4826;
/** A round is an outlier if it is so many standard deviations off, and by a share that matters. */
const outlierDeviations = 5;
const outlierShare = 0.1;
const fewestSamples = 5;

/**
 * For the samples of a row: { deviation: robust standard deviation of the rates as a share of their median, outliers: [{ round, share }] },
 * where share is how far off a round was; null with too few samples.
 * @type {(samples: { round: number, imagesPerSecond: number }[]) => { deviation: number, outliers: { round: number, share: number }[] } | null}
 */
export function findNoise(samples) {
	if (samples.length < fewestSamples) return null;
	const rates = samples.map(({ imagesPerSecond }) => imagesPerSecond);
	const centre = Number(median(rates));
	const shares = samples.map(({ round, imagesPerSecond }) => ({
		round,
		share: imagesPerSecond / centre - 1,
	}));
	const distances = shares.map(({ share }) => Math.abs(share));
	const deviation = deviationsPerMedianDistance * Number(median(distances));
	const limit = Math.max(outlierShare, outlierDeviations * deviation);
	return {
		deviation,
		outliers: shares.filter(({ share }) => Math.abs(share) > limit),
	};
}
