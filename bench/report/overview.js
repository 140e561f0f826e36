// The main table: a row for each that was measured, with the figures that decide.

import { nameOf, varyingDimensions } from "../results/dimensions.js";
import { isCeiling } from "../results/roles.js";
import { answerName, rowColumns, unitOfWork } from "./columns.js";
import { formatMegabytes, formatNumber, formatRatio } from "./format.js";
import { describeBase, optional, priceColumn, table } from "./tables.js";

const atLeast = (isBound) => (isBound ? "≥ " : "");

function describeInterval({ name, relative: { to, imagesPerSecond } }) {
	const { low, high } = imagesPerSecond;
	if (name === to) return "";
	if (low === null) return "–";
	return `${formatRatio(low)}–${formatRatio(high)}`.replaceAll("x", "");
}

function rateColumns(results) {
	const unit = unitOfWork(results);
	const rate = ({ isGeneratorLimited, imagesPerSecond }) =>
		atLeast(isGeneratorLimited) + formatNumber(imagesPerSecond.median);
	const requests = ({ requestsPerSecond }) =>
		formatNumber(requestsPerSecond.median);
	const hasBatches = unit === "image";
	return [
		[`${unit}s/s`, rate],
		...(hasBatches ? [["requests/s", requests, "right", optional]] : []),
	];
}

function figureColumns(results) {
	const memory = ({ memoryBytes: { isLowerBound, peak } }) =>
		atLeast(isLowerBound) + formatMegabytes(peak);
	return [
		["ratio", ({ relative }) => formatRatio(relative.imagesPerSecond.ratio)],
		["95 %\ninterval", describeInterval, "right", optional],
		["p99\nms", ({ latencyMs }) => formatNumber(latencyMs.p99)],
		[
			`CPU µs\n/${unitOfWork(results)}`,
			({ cpuMicrosPerImage }) => formatNumber(cpuMicrosPerImage.median),
		],
		...priceColumn(results),
		["memory\nMB", memory],
		[
			`${answerName(results)}\nbytes`,
			({ responseBytes }) => formatNumber(responseBytes.mean),
			"right",
			optional,
		],
	];
}

const titleFor = (results) =>
	`All rows, slowest first, relative to ${describeBase(results)}`;

const workloadOf = (rows) =>
	varyingDimensions(rows).filter((one) => one.isWorkload);

/** What is measured under the same load: [[title, rows]], the title "" if there is but one. */
function groupRows(rows, workload) {
	const groups = new Map();
	for (const row of rows) {
		const title = workload.map(({ id, show }) => show(row[id])).join(" · ");
		groups.set(title, [...(groups.get(title) ?? []), row]);
	}
	return groups.size > 1 ? [...groups] : [["", rows]];
}

const rateOf = ({ imagesPerSecond }) => imagesPerSecond.median ?? 0;
const slowestFirst = (rows) => rows.toSorted((a, b) => rateOf(a) - rateOf(b));

/** addon@fast, constant (ceiling) */
const nameOfTier = (row) =>
	nameOf({ id: row.id, engine: row.engine, isAgain: row.isAgain }) +
	(isCeiling(row) ? " (ceiling)" : "");

/**
 * For drawTable().
 * @type {(results: Kit.Summary) => Kit.Table}
 */
export function makeOverview(results) {
	const { rows } = results;
	const columns = [
		...rowColumns(results),
		...rateColumns(results),
		...figureColumns(results),
	];
	const makeCells = (row) => columns.map(([, cell]) => cell(row));
	return {
		...table(titleFor(results), { ...results, rows: [] }, columns),
		groups: groupRows(rows, workloadOf(rows)).map(([, group]) =>
			slowestFirst(group).map(makeCells),
		),
	};
}

/**
 * The same for where there is little space: { title, columns, barColumn: before which of them a bar goes, groups: [{ title, rows:
 * [{ cells, share: of the highest rate, isBase, isCeiling }] }] }.
 * @type {(results: Kit.Summary) => Kit.GroupedTable}
 */
export function makeGroupedOverview(results) {
	const { rows } = results;
	const workload = workloadOf(rows);
	const inTitle = ["tier", "engine", ...workload.map(({ head }) => head)];
	const names = [
		["tier", nameOfTier, "left"],
		...rowColumns(results).filter(([head]) => !inTitle.includes(head)),
	];
	const rates = rateColumns(results);
	/** @type {Kit.Cells} */
	const columns = [...names, ...rates, ...figureColumns(results)];
	const most = Math.max(...rows.map(rateOf));
	const makeRow = (row) => ({
		cells: columns.map(([, cell]) => cell(row)),
		share: most > 0 ? rateOf(row) / most : 0,
		isBase: row.relative.to === row.name,
		isCeiling: isCeiling(row),
	});
	return {
		title: titleFor(results),
		columns: columns.map(([head, , align = "right", importance]) => ({
			head,
			align,
			isOptional: importance === optional,
		})),
		barColumn: names.length + 1,
		groups: groupRows(rows, workload).map(([title, group]) => ({
			title,
			rows: slowestFirst(group).map(makeRow),
		})),
	};
}
