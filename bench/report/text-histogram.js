// Latencies as bars of text, as hey draws them.
import { drawBar } from "./bar.js";
import { withShortNames } from "./columns.js";
import { formatNumber } from "./format.js";
import { gap, layOut } from "./text-table.js";

const barColumns = 40;

function drawRow({ name, histogram }, bold) {
	const most = Math.max(...histogram.map(({ count }) => count));
	const columns = ["from ms", "requests", ""].map((head, i) => ({
		head,
		align: i === 2 ? "left" : "right",
	}));
	const lines = histogram.map(({ fromMs, count }) => [
		formatNumber(fromMs),
		count.toLocaleString("en-US"),
		drawBar(count / most, barColumns),
	]);
	const table = layOut(columns, lines).replace(/^/gm, gap);
	return `${bold(`Latency of ${name}`)}\n${table}`;
}

/**
 * One for each row that has been measured; a bar stands for the requests that took at least so long, and less than the next.
 * @type {(results: Kit.Summary, bold: (text: string) => string) => string[]}
 */
export const drawHistograms = (results, bold) =>
	withShortNames(results)
		.rows.filter(({ histogram }) => histogram.length > 0)
		.map((row) => drawRow(row, bold));
