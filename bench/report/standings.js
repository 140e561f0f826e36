// Who is how fast so far, for a terminal, while it is still being measured.

import { compareAll } from "../results/relative.js";
import { median } from "../results/statistics.js";
import { drawBar } from "./bar.js";
import { formatNumber, formatRatio } from "./format.js";
import { withPlainText } from "./plain.js";
import { layOut } from "./text-table.js";

const barColumns = { fewest: 6, most: 30 };
/** What a line needs beside the name and the bar. */
const figureColumns = 24;

function rank(results) {
	return compareAll(results)
		.filter(({ measurement }) => measurement.samples.length > 0)
		.map(({ measurement, imagesPerSecond }) => ({
			name: withPlainText(measurement.row.name),
			rate:
				median(measurement.samples.map((sample) => sample.imagesPerSecond)) ??
				0,
			ratio: imagesPerSecond.ratio,
		}))
		.toSorted((a, b) => b.rate - a.rate);
}

/**
 * Lines, the fastest first, that fit into so many columns and rows unless names are long; `style` as makeStyle() gives it.
 * @type {(results: Pick<Kit.Results, "measurements">, space: Kit.Space) => string[]}
 */
export function drawStandings(results, { columns, rows, style }) {
	const all = rank(results);
	const hidden = all.length > rows ? all.length - Math.max(0, rows - 1) : 0;
	const shown = all.slice(0, all.length - hidden);
	if (shown.length === 0) return [];
	const longest = Math.max(...shown.map(({ name }) => name.length));
	const left = columns - longest - figureColumns;
	const barWidth =
		left < barColumns.fewest ? 0 : Math.min(left, barColumns.most);
	const cells = shown.map(({ name, rate, ratio }) => [
		name,
		`${formatNumber(rate)}/s`,
		style("cyan", drawBar(rate / all[0].rate, barWidth)),
		formatRatio(ratio),
	]);
	const aligns = ["left", "right", "left", "right"];
	const heads = aligns.map((align) => ({ head: "", align }));
	const lines = layOut(heads, cells).split("\n");
	return [
		...lines.filter((line) => line.trim()),
		...(hidden ? [style("dim", `… and ${hidden} more`)] : []),
	];
}
