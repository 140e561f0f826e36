// Ratios with their intervals, in words.
import { formatNumber } from "./format.js";

/** Bounds that are this near to those of an interval may stand for them. */
const nearEnough = 0.02;
/** An interval whose half-width is less than this has no width worth showing. */
const noWidth = 0.00005;
/**
 * 36.0 ± 1.5, or 36 (20 to 65) where that is lopsided, or about 36 where there were too few rounds to say.
 * @type {(ratio: Pick<Kit.Ratio, "ratio" | "low" | "high">) => string}
 */
export function describeRatio({ ratio, low, high }) {
	if (ratio === null || low === null || high === null)
		return `about ${formatNumber(ratio)}`;
	const half = (high - low) / 2;
	if (half < noWidth) return formatNumber(ratio);
	const decimals =
		half < 1 ? Math.min(4, -Math.floor(Math.log10(half))) : Number(ratio < 10);
	const [shown, error] = [ratio, half].map((value) =>
		value.toLocaleString("en-US", {
			minimumFractionDigits: decimals,
			maximumFractionDigits: decimals,
		}),
	);
	const [centre, width] = [shown, error].map((text) =>
		Number(text.replaceAll(",", "")),
	);
	const isNear = (bound, wanted) =>
		Math.abs(bound - wanted) <= nearEnough * wanted;
	return isNear(centre - width, low) && isNear(centre + width, high)
		? `${shown} ± ${error}`
		: `${formatNumber(ratio)} (${formatNumber(low)} to ${formatNumber(high)})`;
}
