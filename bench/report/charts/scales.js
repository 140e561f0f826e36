// Axes whose ends and marks are round numbers.

const steps = [1, 2, 5];
/** A logarithmic axis over more decades than this has marks at powers of ten alone. */
const fewDecades = 2.2;
/** Values that differ more than this do not fit a linear axis. */
const widestLinearRatio = 12;

const isShowable = (value) => Number.isFinite(value) && value > 0;

/** 1, 2, 5, 10, …, from the last one below `low` to the first one above `high`. */
function roundNumbers(low, high) {
	const numbers = [];
	for (let power = Math.floor(Math.log10(low)); ; power += 1)
		for (const step of steps) {
			const number = Number(`${step}e${power}`);
			if (number <= low) numbers.length = 0;
			numbers.push(number);
			if (number >= high) return numbers;
		}
}

/** For numbers of up to 12 digits: 1,000 and 0.05, not 1e3. */
export const numberFormat = ",.12~g";

/** @type {(values: number[]) => boolean} */
export function needsLog(values) {
	const good = values.filter(isShowable);
	return Math.max(...good) / Math.min(...good) > widestLinearRatio;
}

/**
 * A logarithmic scale and axis for these values, with `unit` behind the numbers.
 * @type {(values: number[], options: { unit?: string, title?: string }) => any}
 */
export function logAxis(values, { unit = "", title }) {
	const good = values.filter(isShowable);
	const all = roundNumbers(Math.min(...good) * 0.97, Math.max(...good) * 1.03);
	const decades = Math.log10(all.at(-1) / all[0]);
	const isPower = (number) => /^10*$|^0\.0*1$/.test(`${number}`);
	const marks = decades > fewDecades ? all.filter(isPower) : all;
	return {
		scale: { type: "log", domain: [all[0], all.at(-1)], nice: false },
		axis: {
			title,
			values: marks,
			labelExpr: `format(datum.value, '${numberFormat}') + '${unit}'`,
		},
	};
}

/** @type {(options: { unit?: string, title?: string, tickCount?: number }) => any} */
export function linearAxis({ unit = "", title, tickCount }) {
	return {
		scale: { zero: true, nice: true },
		axis: {
			title,
			tickCount,
			labelExpr: `format(datum.value, '${numberFormat}') + '${unit}'`,
		},
	};
}
