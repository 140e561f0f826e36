// The answer in a sentence: which tier is how much faster, and at what price.

import {
	dimensions,
	thisCommit,
	varyingDimensions,
} from "../results/dimensions.js";
import { isCeiling } from "../results/roles.js";
import { makePanels, shortName } from "./charts/rows.js";
import { formatNumber } from "./format.js";

/** Bounds that are this near to those of an interval may stand for them. */
const nearEnough = 0.02;
/** An interval whose half-width is less than this has no width worth showing. */
const noWidth = 0.00005;
const percent = 100;
/** A sentence that names more than these is no sentence but a table. */
const mostOthers = 4;
const othersNamed = 3;

const areShared = ({ cpus }) => cpus?.areShared ?? false;

/** How often the work is done in the time, or with the CPU time where the rates say little, that the base takes for it once. */
function gainOf(row) {
	if (!areShared(row)) return row.relative.imagesPerSecond;
	const { ratio, low, high, ...others } = row.relative.cpuMicrosPerImage;
	const invert = (value) => (value ? 1 / value : null);
	return {
		ratio: invert(ratio),
		low: invert(high),
		high: invert(low),
		...others,
	};
}

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

function describeMemory({ memoryBytes }, base) {
	const share = memoryBytes.peak / base.memoryBytes.peak;
	if (!(share > 0) || !Number.isFinite(share)) return "";
	const bound = memoryBytes.isLowerBound ? "at least " : "";
	if (share > 0.95 && share < 1.05) return `, at ${bound}the same memory`;
	const shown = share < 1 ? share * percent : share;
	const figure = `${Number(shown.toPrecision(2))}`;
	return `, at ${bound}${figure} ${share < 1 ? "% of" : "times"} its memory`;
}

/**
 * What part of something a row needs: 1/36 (1/39 to 1/33), 83 % (77 % to 91 %), or about 1/36 where there were too few rounds to say.
 * @type {(share: Pick<Kit.Ratio, "ratio" | "low" | "high">) => string}
 */
export function describeShare({ ratio, low, high }) {
	const round = (value) => Number(value.toPrecision(2));
	const show = (value) =>
		(ratio ?? 1) < 0.5
			? `1/${round(1 / value)}`
			: `${Math.round(percent * value)} %`;
	return low === null || high === null
		? `about ${show(ratio)}`
		: `${show(ratio)} (${show(low)} to ${show(high)})`;
}

/** A row beside the base: how much faster it is, or what CPU time it needs where the rates say little. */
function describeGain(row) {
	return areShared(row)
		? describeShare(row.relative.cpuMicrosPerImage)
		: describeRatio(row.relative.imagesPerSecond);
}

function describeWinner({ row, label }, base) {
	const { ratio, distinguishable } = gainOf(row);
	const gain = describeGain(row);
	const isFaster = areShared(row)
		? `needs ${gain} of the CPU time of ${base.label}`
		: `is ${gain} times as fast as ${base.label}`;
	if (distinguishable === false)
		return `No tier can be told apart from ${base.label}; the best of them, ${label}, ${isFaster}.`;
	if ((ratio ?? 0) >= 1)
		return `${label} ${isFaster}${describeMemory(row, base.row)}.`;
	return areShared(row)
		? `No tier needs less CPU time than ${base.label}; ${label} comes nearest and needs ${gain} of it.`
		: `No tier is as fast as ${base.label}; ${label} comes nearest, at ${gain} times its rate.`;
}

/** The best of the others: all are in the tables. */
function describeOthers(others) {
	const isTold = ({ row }) => gainOf(row).distinguishable !== false;
	if (!others.some(isTold)) return "";
	const count = others.length > mostOthers ? othersNamed : mostOthers;
	const list = others.slice(0, count).map((one) => {
		const shown = `${one.label} ${describeGain(one.row)}`;
		return isTold(one) ? shown : `${shown}, not distinguishable`;
	});
	const left = others.length - list.length;
	return `Then: ${list.join("; ")}${left > 0 ? `; and ${left} more` : ""}.`;
}

const describeValue = ({ show }, value) =>
	value === thisCommit ? "this commit" : show(value);

/**
 * The row that another is relative to. Where it is not in the same panel, its label says what is different about it, as in js (get), and
 * so does that of the other if they are the same tier.
 */
function findBase(one, panel, rows) {
	const { row, label } = one;
	const isBase = ({ name }) => name === row.relative.to;
	const inPanel = panel.rows.find((other) => isBase(other.row));
	const base = rows.find(isBase);
	if (inPanel || !base) return { winner: one, base: inPanel };
	const differing = varyingDimensions(rows).filter(
		({ id }) => base[id] !== null && base[id] !== row[id],
	);
	const withValues = (of) => {
		const values = differing.map((one) => describeValue(one, of[one.id]));
		return shortName(of) + (values.length ? ` (${values.join(", ")})` : "");
	};
	const isSame = shortName(base) === label;
	return {
		winner: { row, label: isSame ? withValues(row) : label },
		base: { row: base, label: withValues(base) },
	};
}

function answerFor(panel, rows) {
	const candidates = panel.rows
		.filter(({ row }) => row.relative.to !== row.name && gainOf(row).ratio > 0)
		.filter(({ row }) => !isCeiling(row) && !row.isAgain)
		.toSorted((a, b) => gainOf(b.row).ratio - gainOf(a.row).ratio);
	const [best, ...others] = candidates;
	if (!best) return [];
	const { winner, base } = findBase(best, panel, rows);
	if (!base) return [];
	return [
		{
			title: panel.title,
			headline: describeWinner(winner, base),
			details: describeOthers(others),
		},
	];
}

/** How many of its dimensions have the value that they have by default. */
function usualness({ rows: [{ row }] }) {
	return dimensions.filter(({ id, defaults }) => row[id] === defaults[0])
		.length;
}

/**
 * [{ title, headline, details }], one for each load or way of serving that was measured, the most usual one first, named by its title if
 * there are several; empty if nothing was compared with anything.
 * @type {(results: Kit.Summary) => Kit.Verdict[]}
 */
export function makeAnswers({ rows }) {
	return makePanels(rows, ({ rounds }) => rounds > 0)
		.toSorted((a, b) => usualness(b) - usualness(a))
		.flatMap((panel) => answerFor(panel, rows));
}
