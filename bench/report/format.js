// Numbers and times as people read them.

const missing = "–";

/**
 * Three significant digits, no fewer than all before the point, thousands separated.
 * @type {(value: number | null) => string}
 */
export function formatNumber(value) {
	if (value === null || !Number.isFinite(value)) return missing;
	if (value === 0) return "0";
	// Rounded first, since 9.996 has as many digits before the point as 10.
	const rounded = Math.abs(Number(value.toPrecision(3)));
	const decimals = 2 - Math.floor(Math.log10(rounded));
	const digits = Math.min(Math.max(decimals, 0), 4);
	const text = value.toLocaleString("en-US", {
		minimumFractionDigits: digits,
		maximumFractionDigits: digits,
	});
	return text.replace("-", "−");
}

/**
 * 1 round, 2 rounds
 * @type {(count: number) => string}
 */
export const formatRounds = (count) =>
	`${count} round${count === 1 ? "" : "s"}`;

/**
 * How a run was measured: 10 rounds of 2 s, or as many as there were if that was left to the kit.
 * @type {(results: Pick<Kit.Summary, "settings" | "rows">) => string}
 */
export function describePace({ settings, rows }) {
	const { rounds, durationSeconds } = settings;
	const most = Math.max(0, ...rows.map((row) => row.rounds));
	return `${formatRounds(rounds === "auto" ? most : rounds)} of ${durationSeconds} s`;
}

/** @type {(bytes: number | null) => string} */
export function formatMegabytes(bytes) {
	return formatNumber(bytes === null ? null : bytes / 1e6);
}

/** @type {(share: number | null) => string} */
export function formatPercent(share) {
	return share === null ? missing : `${Math.round(share * 100)}`;
}

/** @type {(low: number | null, high: number | null) => string} */
export function formatRange(low, high) {
	return low === null
		? missing
		: `${formatNumber(low)} to ${formatNumber(high)}`;
}

/** Below this two decimals are more than 2 % off. */
const fewestForTwoDecimals = 0.295;

/**
 * 12.3x, 0.50x or 0.123x, never more than 2 % off; what it is a multiple of is in the heading.
 * @type {(ratio: number | null) => string}
 */
export function formatRatio(ratio) {
	if (ratio === null || !Number.isFinite(ratio)) return missing;
	if (ratio >= 9.995) return `${formatNumber(ratio)}x`;
	const isLarge = ratio >= fewestForTwoDecimals;
	return `${isLarge ? ratio.toFixed(2) : ratio.toPrecision(3)}x`;
}
