// What a tier costs: CPU time, memory, bytes, time to start.
import { answerName, unitOfWork } from "../columns.js";
import { formatMegabytes, formatNumber, formatRange } from "../format.js";
import { makeFigureChart } from "./figures.js";

/** @type {(results: Kit.Summary) => Kit.Chart} */
export function cpuChart(results) {
	const unit = unitOfWork(results);
	const cpuOf = ({ cpuMicrosPerImage }) => cpuMicrosPerImage;
	return makeFigureChart(results.rows, {
		id: "cpu",
		title: `CPU time for one ${unit}`,
		lookFor:
			"The fairest measure of cost, and the steadiest: the CPU time of the whole process tree, also of children that came and went. Dot: median of the rounds; band: from the lowest to the highest.",
		notShown:
			"What the kernel does for the network outside of these processes, and how well a tier uses several cores.",
		missing: "No round was measured.",
		axis: { title: `CPU µs per ${unit}` },
		figuresOf: (row) => {
			const { median, low, high } = cpuOf(row);
			return {
				value: median,
				low,
				high,
				text: `${formatNumber(median)} µs`,
				marks: row.samples.map((sample) => sample.cpuMicrosPerImage),
			};
		},
		columns: [
			[`CPU µs per ${unit}`, (row) => formatNumber(cpuOf(row).median)],
			[
				"lowest–highest round",
				(row) => formatRange(cpuOf(row).low, cpuOf(row).high),
			],
			[
				`CPU seconds for a million ${unit}s`,
				(row) => formatNumber(cpuOf(row).median),
			],
		],
	});
}

/** @type {(results: Kit.Summary) => Kit.Chart} */
export function memoryChart({ rows }) {
	const bound = ({ memoryBytes }) => (memoryBytes.isLowerBound ? "≥ " : "");
	const megabytes = (name) => (row) =>
		bound(row) + formatMegabytes(row.memoryBytes[name]);
	return makeFigureChart(rows, {
		id: "memory",
		title: "Memory under load",
		lookFor:
			"The bar is the most that all processes of a tier held, in the median round, the tick what they held when it was ready. ≥: short-lived children may have peaked between two samples.",
		notShown:
			"Growth over hours, and the size that other tools print: they mostly sum RSS, which counts pages that a tier's processes share once for each of them. Here they count once.",
		missing: "Memory was not measured.",
		axis: { title: "MB", isLinear: true },
		figuresOf: (row) => {
			const { peak, idle } = row.memoryBytes;
			return {
				value: peak === null ? null : peak / 1e6,
				text: `${megabytes("peak")(row)} MB`,
				marks: idle ? [idle / 1e6] : [],
			};
		},
		columns: [
			["peak MB", megabytes("peak")],
			["idle MB", ({ memoryBytes }) => formatMegabytes(memoryBytes.idle)],
		],
	});
}

/** @type {(results: Kit.Summary) => Kit.Chart} */
export function bytesChart(results) {
	const answer = answerName(results);
	const mean = ({ responseBytes }) => responseBytes.mean;
	return makeFigureChart(results.rows, {
		id: "bytes",
		title: `Bytes of an ${answer}`,
		lookFor: `Smaller ${answer}s to the same text: what each client downloads and each cache holds.`,
		notShown: "Headers, which are some 250 bytes more over HTTP/1.1.",
		missing: "No answer was measured.",
		axis: { title: "bytes", isLinear: true },
		figuresOf: (row) => ({ value: mean(row), text: formatNumber(mean(row)) }),
		columns: [["bytes in the mean", (row) => formatNumber(mean(row))]],
	});
}

/** @type {(results: Kit.Summary) => Kit.Chart} */
export function startupChart(results) {
	return makeFigureChart(results.rows, {
		id: "startup",
		title: `From process start to the first ${answerName(results)}`,
		lookFor:
			"What a deployment, a crash or a scale-up costs: the median of the starts, with all CPUs to itself.",
		notShown:
			"The speed right after that: a JIT needs more requests to warm up.",
		missing: "Start-up was not measured.",
		axis: { title: "ms", isLinear: true },
		figuresOf: ({ startupMs }) => ({
			value: startupMs,
			text: `${formatNumber(startupMs)} ms`,
		}),
		columns: [["ms", ({ startupMs }) => formatNumber(startupMs)]],
	});
}

/**
 * Where the CPU time goes: in the process itself, or in the kernel for it.
 * @type {(results: Kit.Summary) => Kit.Chart}
 */
export function kernelChart(results) {
	const percent = (share) => `${Math.round(100 * share)} %`;
	const microsOf = ({ cpuMicrosPerImage, cpuSystemShare }, isSystem) =>
		cpuMicrosPerImage.median * (isSystem ? cpuSystemShare : 1 - cpuSystemShare);
	return makeFigureChart(results.rows, {
		id: "kernel",
		title: "CPU time that goes to the kernel",
		lookFor:
			"The part of the CPU time that is spent on sockets, processes and pipes rather than in the tier's own code. Where it is large, a faster encoder changes little.",
		notShown: "How much time that is: see the table, and the chart above.",
		missing: "Not recorded: these results are from an older kit.",
		axis: { title: "% of the CPU time", isLinear: true },
		figuresOf: ({ cpuSystemShare }) => ({
			value: cpuSystemShare === null ? null : 100 * cpuSystemShare,
			text: percent(cpuSystemShare),
		}),
		columns: [
			["kernel", ({ cpuSystemShare }) => percent(cpuSystemShare)],
			["kernel µs", (row) => formatNumber(microsOf(row, true))],
			["own µs", (row) => formatNumber(microsOf(row, false))],
		],
	});
}
