// Whether a rate is the tier's own, or what its generator can drive.

/** A rate that comes so near to what the generator can drive may be its own. */
const nearlyAll = 0.8;
const busyShare = 0.9;

/**
 * Requests per second with all of its CPU; where the server had to be waited for, in proportion.
 * @type {(calibration: Kit.Calibration) => number}
 */
export function generatorCapacity({ closedLoop }) {
	const { requestsPerSecond, generatorCpuShare } = closedLoop;
	return requestsPerSecond / Math.min(1, generatorCpuShare);
}

/**
 * Whether a row's rate, in its closed loop, may be the generator's rather than its own.
 * @type {(row: { requestsPerSecond: number | null, generatorCpuShare: number | null }, calibration: Kit.Calibration | null) => boolean}
 */
export function isGeneratorLimited(
	{ requestsPerSecond, generatorCpuShare },
	calibration,
) {
	if ((generatorCpuShare ?? 0) > busyShare) return true;
	if (!calibration || requestsPerSecond === null) return false;
	return requestsPerSecond > nearlyAll * generatorCapacity(calibration);
}
