// What a report says, as plain tables and sentences made from results.json alone; how it looks is up to terminal.js and markdown.js.

import { nameOf, varyingDimensions } from "../results/dimensions.js";
import { baseTier, groupOf } from "../results/roles.js";
import {
	answerName,
	countFailures,
	rowColumns,
	unitOfWork,
	withShortNames,
} from "./columns.js";
import {
	formatMegabytes,
	formatNumber,
	formatPercent,
	formatRange,
	formatRatio,
} from "./format.js";

export const optional = "optional";

function speedTable(results) {
	const latency = (name) => (row) => formatNumber(row.latencyMs[name]);
	const hasBatches = unitOfWork(results) === "image";
	const range = ({ low, high }) => formatRange(low, high);
	const requests = [
		[
			"requests/s",
			(row) =>
				(row.isGeneratorLimited ? "≥ " : "") +
				formatNumber(row.requestsPerSecond.median),
		],
	];
	return table("Speed", results, [
		...rowColumns(results),
		...(hasBatches
			? [
					[
						"images/s",
						({ imagesPerSecond }) => formatNumber(imagesPerSecond.median),
					],
					...requests,
				]
			: [
					...requests,
					[
						"lowest–highest",
						({ requestsPerSecond }) => range(requestsPerSecond),
						"right",
						optional,
					],
				]),
		["mean ms", latency("mean"), "right", optional],
		["p50 ms", latency("p50")],
		["p90 ms", latency("p90"), "right", optional],
		["p99 ms", latency("p99")],
		["max ms", latency("max")],
	]);
}

/**
 * µs for an image are seconds for a million.
 * @type {(results: Kit.Summary) => Kit.Cells}
 */
export function priceColumn({ settings: { cpuHourPrice } }) {
	if (cpuHourPrice === null) return [];
	const price = ({ cpuMicrosPerImage: { median } }) =>
		formatNumber(median === null ? null : (median / 3600) * cpuHourPrice);
	return [["a million\nimages cost", price]];
}

function costTable(results) {
	const memory = (name) => (row) =>
		(row.memoryBytes.isLowerBound ? "≥ " : "") +
		formatMegabytes(row.memoryBytes[name]);
	return table("Cost", results, [
		...rowColumns(results),
		[
			`CPU µs\n/${unitOfWork(results)}`,
			(row) => formatNumber(row.cpuMicrosPerImage.median),
		],
		...priceColumn(results),
		["idle\nMB", memory("idle"), "right", optional],
		["peak\nMB", memory("peak")],
		[
			`${answerName(results)}\nbytes`,
			(row) => formatNumber(row.responseBytes.mean),
		],
		[
			`first\n${answerName(results)} ms`,
			(row) => formatNumber(row.startupMs),
			"right",
			optional,
		],
		["failed\nrequests", (row) => `${countFailures(row)}`],
		["generator\nCPU %", (row) => formatPercent(row.generatorCpuShare)],
	]);
}

function intervalCell({ low, high, distinguishable }) {
	if (low === null) return "–";
	const range = `${formatRatio(low)}–${formatRatio(high)}`;
	return distinguishable ? range : `${range} not\ndistinguishable`;
}

/**
 * "js = 1.00x"; and of what, where rows of several workloads each have a base of their own.
 * @type {(results: Kit.Summary) => string}
 */
export function describeBase(results) {
	const { rows } = withShortNames(results);
	const bases = new Set(rows.map(({ relative }) => relative.to));
	if (bases.size === 1) return `${[...bases][0]} = 1.00x`;
	const workload = varyingDimensions(rows)
		.filter(({ isWorkload }) => isWorkload)
		.map(({ id }) => id);
	const name = rows.some(({ id }) => id === baseTier)
		? baseTier
		: "the first row";
	return `${name} = 1.00x with the same ${workload.join(" and ")}`;
}

/**
 * Of the table that has all ratios with their intervals.
 * @type {(results: Kit.Summary) => string}
 */
export const relativeTitle = (results) =>
	`Relative to ${describeBase(results)}`;

function relativeTable(results) {
	const { rows } = results;
	const baseOf = ({ relative }) =>
		rows.find(({ name }) => name === relative.to);
	const times = (pick) => (row) =>
		formatRatio(ratioOf(pick(row), pick(baseOf(row))));
	const unit = unitOfWork(results);
	return table(relativeTitle(results), results, [
		...rowColumns(results),
		[
			`${unit}s/s`,
			({ relative }) => formatRatio(relative.imagesPerSecond.ratio),
		],
		[
			"95 % interval",
			(row) =>
				row === baseOf(row) ? "" : intervalCell(row.relative.imagesPerSecond),
		],
		["n", ({ relative }) => `${relative.imagesPerSecond.rounds}`],
		[
			"mean\nlatency",
			times(({ latencyMs }) => latencyMs.mean),
			"right",
			optional,
		],
		["p99", times(({ latencyMs }) => latencyMs.p99)],
		[
			`CPU\n/${unit}`,
			({ relative }) => formatRatio(relative.cpuMicrosPerImage.ratio),
		],
		[
			"peak\nmemory",
			times(({ memoryBytes }) => memoryBytes.peak),
			"right",
			optional,
		],
		[
			`${answerName(results)}\nbytes`,
			times(({ responseBytes }) => responseBytes.mean),
			"right",
			optional,
		],
		[
			`first\n${answerName(results)}`,
			times(({ startupMs }) => startupMs),
			"right",
			optional,
		],
	]);
}

function ratioOf(value, base) {
	return value === null || base === null ? null : value / base;
}

/** The latency-against-load curve: a line for each rate of each row. */
function openLoopTable(results) {
	const points = results.rows.flatMap((row) =>
		(row.openLoop ?? []).map((point) => ({ ...row, point })),
	);
	const figure = (pick) => (row) => formatNumber(pick(row.point));
	return table(
		"Open loop: latency at fixed arrival rates, from when each request was due",
		{ ...results, rows: points },
		[
			...rowColumns(results),
			["rate", ({ point }) => point.wanted],
			[
				"due/s",
				({ point }) =>
					formatNumber(point.ratePerSecond) +
					(point.isGeneratorLimited ? " late" : ""),
			],
			[
				"goodput\n/s",
				figure(({ goodputPerSecond }) => goodputPerSecond.median),
			],
			["p50 ms", figure(({ latencyMs }) => latencyMs.p50)],
			["p90 ms", figure(({ latencyMs }) => latencyMs.p90), "right", optional],
			["p99 ms", figure(({ latencyMs }) => latencyMs.p99)],
			["max ms", figure(({ latencyMs }) => latencyMs.max)],
			[
				"p99 ms\nfrom send",
				figure(({ p99FromSendMs }) => p99FromSendMs),
				"right",
				optional,
			],
			["n", ({ point }) => formatNumber(point.due)],
			["failed", ({ point }) => formatNumber(countFailures(point))],
		],
	);
}

/** What each row costs beyond what its kind of host costs anyway. */
function ceilingTable(results) {
	const rows = results.rows.filter(
		({ relative }) => relative.ceiling?.cpuMicrosPerImage.rounds > 0,
	);
	const figure = (format) => (row) =>
		format(row.relative.ceiling.cpuMicrosPerImage);
	return table(
		`CPU/${unitOfWork(results)} above a constant image from the same kind of host`,
		{ ...results, rows },
		[
			...rowColumns(results),
			["above", ({ relative }) => relative.ceiling.id, "left"],
			["µs", figure(({ difference }) => formatNumber(difference))],
			["95 % interval", figure(({ low, high }) => formatRange(low, high))],
			["times", figure(({ ratio }) => formatRatio(ratio.ratio))],
			["95 % interval", figure(({ ratio }) => intervalCell(ratio))],
			["n", figure(({ rounds }) => `${rounds}`)],
		],
	);
}

/**
 * For drawTable(), of columns as rowColumns() gives them. Rows that encode the same and have an engine in common are a group.
 * @type {(title: string, results: Kit.Summary, columns: Kit.Cells) => Kit.Table}
 */
export function table(title, { rows, settings }, columns) {
	const groups = new Map();
	for (const row of rows) {
		const { text, width, connections } = row;
		const engine = groupOf(row, settings.engines);
		const group = [text, width, connections, engine].join();
		groups.set(group, [...(groups.get(group) ?? []), row]);
	}
	return {
		title,
		columns: columns.map(([head, , align = "right", importance]) => ({
			head,
			align,
			isOptional: importance === optional,
		})),
		groups: [...groups.values()].map((group) =>
			group.map((row) => columns.map(([, cell]) => cell(row))),
		),
		rowNames: [...groups.values()].map((group) =>
			group.map(({ name }) => name),
		),
	};
}

/** Throughput and tail latency as the connections grow: a line for each row, a column for each number of connections. */
function saturationTable(results) {
	const counts = [...new Set(results.rows.map((row) => row.connections))];
	if (counts.length < 2) return { groups: [] };
	const others = varyingDimensions(results.rows).filter(
		({ id }) => id !== "connections",
	);
	const withoutConnections = ({ id, engine, isAgain, ...row }) =>
		nameOf({
			id,
			engine,
			isAgain,
			...Object.fromEntries(others.map(({ id }) => [id, row[id]])),
		});
	const names = [...new Set(results.rows.map(withoutConnections))];
	const cell = (name, count) => {
		const row = results.rows.find(
			(other) =>
				other.connections === count && withoutConnections(other) === name,
		);
		if (!row?.rounds) return "–";
		const rate = formatNumber(row.imagesPerSecond.median);
		return `${rate} (${formatNumber(row.latencyMs.p99)})`;
	};
	const unit = unitOfWork(results);
	return {
		title: `Saturation: ${unit}s/s, and p99 in ms, with so many connections`,
		columns: [
			{ head: "", align: "left" },
			...counts.map((count) => ({ head: `${count}`, align: "right" })),
		],
		groups: [
			names.map((name) => [name, ...counts.map((count) => cell(name, count))]),
		],
	};
}

/** What users of hey, ab and wrk expect of each row. */
function totalsTable(results) {
	const megabytes = (figure) => (row) => formatMegabytes(row.totals[figure]);
	const kind = (name) => [
		name,
		({ failures }) => `${failures[name]}`,
		"right",
		optional,
	];
	return table("Totals of all rounds", results, [
		...rowColumns(results),
		["seconds", ({ totals }) => formatNumber(totals.seconds)],
		["requests", ({ totals }) => totals.requests.toLocaleString("en-US")],
		["200", ({ totals }) => totals.answers.ok.toLocaleString("en-US")],
		["other\nstatus", ({ totals }) => `${totals.answers.other}`],
		...["connect", "read", "write", "timeout"].map(kind),
		["success\n%", ({ totals }) => formatSuccess(totals.successRatio)],
		["MB\nreceived", megabytes("bytesReceived"), "right", optional],
		["MB sent", megabytes("bytesSent"), "right", optional],
		[
			"fastest\nms",
			({ latencyMs }) => formatNumber(latencyMs.min),
			"right",
			optional,
		],
		["average\nms", ({ latencyMs }) => formatNumber(latencyMs.mean)],
		["slowest\nms", ({ latencyMs }) => formatNumber(latencyMs.max)],
	]);
}

/** Never 100 if anything failed. */
function formatSuccess(ratio) {
	if (ratio === null) return formatNumber(null);
	return `${Math.floor(ratio * 1e5) / 1e3}`;
}

const usualPercentiles = [50, 75, 90, 95, 99, 100];

function percentilesTable(results) {
	const { percentiles = [] } =
		results.rows.find(({ rounds }) => rounds > 0) ?? {};
	const columns = percentiles.map(({ percent }, i) => [
		`${percent} %`,
		(row) => formatNumber(row.percentiles[i]?.ms ?? null),
		"right",
		...(usualPercentiles.includes(percent) ? [] : [optional]),
	]);
	return table(
		"Latency: so many of the requests were answered in … ms",
		results,
		[...rowColumns(results), ...columns],
	);
}

function histogramTable(results) {
	const bounds = results.rows.flatMap(({ histogram }) =>
		histogram.map(({ fromMs }) => fromMs),
	);
	const bins = [...new Set(bounds)].sort((a, b) => a - b);
	const share = (fromMs) => (row) => {
		const bin = row.histogram.find((other) => other.fromMs === fromMs);
		if (!bin) return "";
		const total = row.histogram.reduce((sum, { count }) => sum + count, 0);
		return formatNumber((100 * bin.count) / total);
	};
	return table(
		"Latency: % of the requests that took at least … ms, and less than the next",
		results,
		[
			...rowColumns(results),
			...bins.map((fromMs) => [`${fromMs}`, share(fromMs)]),
		],
	);
}

const withRows = ({ groups }) => groups.some((rows) => rows.length > 0);

/**
 * The same as makeTables() gives, for those who want to know more.
 * @type {(results: Kit.Summary) => Kit.Table[]}
 */
export function makeDetailTables(results) {
	return makeAll([totalsTable, percentilesTable, histogramTable], results);
}

const makeAll = (makers, results) =>
	makers.map((makeTable) => makeTable(results)).filter(withRows);

/**
 * Every figure of a row: [{ title, columns: [{ head, align, isOptional: can be left out for lack of space }], groups: [rows] }]
 * @type {(results: Kit.Summary) => Kit.Table[]}
 */
export const makeFigureTables = (results) =>
	makeAll([speedTable, costTable, relativeTable], results);

/**
 * What is found by putting rows together, and under other loads.
 * @type {(results: Kit.Summary) => Kit.Table[]}
 */
export const makeFurtherTables = (results) =>
	makeAll([ceilingTable, openLoopTable, saturationTable], results);

/** @type {(results: Kit.Summary) => Kit.Table[]} */
export const makeTables = (results) => [
	...makeFigureTables(results),
	...makeFurtherTables(results),
];
