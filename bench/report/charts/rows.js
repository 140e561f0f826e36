// Rows of results.json as charts show them: in panels of what was measured under the same circumstances.

import { nameOf, varyingDimensions } from "../../results/dimensions.js";
import { isCeiling } from "../../results/roles.js";

const mostPanels = 24;

/**
 * js, addon@fast: what a row is called in its panel.
 * @type {(row: { id: string, engine?: string | null, isAgain?: boolean }) => string}
 */
export const shortName = ({ id, engine, isAgain }) =>
	nameOf({ id, engine, isAgain });

/** A dimension that does not concern a row fits any value of it. */
const fits = (row, values, chosen) =>
	chosen.every(({ id }) => row[id] === null || row[id] === values[id]);

const describe = (values, chosen) =>
	chosen
		.filter(({ id }) => values[id] !== null)
		.map(({ id, show }) => show(values[id]))
		.join(" · ");

/**
 * [{ title, rows: [{ row, label }] }]: one for each combination of the dimensions that vary, without `across`, if it has a row that
 * isShown(). A row that one of those dimensions does not concern, such as a C server without a Node version, is in each panel that it
 * can be compared with.
 * @type {(rows: Kit.SummaryRow[], isShown: (row: Kit.SummaryRow) => boolean, across?: string[]) => Kit.Panel[]}
 */
export function makePanels(rows, isShown, across = []) {
	const chosen = varyingDimensions(rows).filter(
		({ id }) => !across.includes(id),
	);
	const combinations = new Map();
	for (const row of rows) combinations.set(describe(row, chosen), row);
	const isWhole = (row) => chosen.every(({ id }) => row[id] !== null);
	const whole = [...combinations].filter(([, row]) => isWhole(row));
	const lonely = [...combinations].filter(
		([, row]) => !whole.some(([, values]) => fits(row, values, chosen)),
	);
	const panels = [...whole, ...lonely].map(([title, values]) => ({
		title,
		rows: rows
			.filter((row) => isShown(row) && fits(row, values, chosen))
			.map((row) => ({ row, label: shortName(row) })),
	}));
	return panels.filter(({ rows }) => rows.length > 0);
}

/**
 * As many panels as a chart has space for, and a sentence (or none) on what is left out.
 * @type {(all: Kit.Panel[]) => { panels: Kit.Panel[], cut: string }}
 */
export function limitPanels(all) {
	if (all.length <= mostPanels) return { panels: all, cut: "" };
	return {
		panels: all.slice(0, mostPanels),
		cut: ` Of ${all.length} panels the first ${mostPanels} are drawn; all rows are in the table.`,
	};
}

const dashes = [
	[1, 0],
	[6, 4],
	[2, 3],
	[8, 3, 2, 3],
];

/**
 * The look of each label: { label, colour, dash }; a colour for a tier, grey for what is none, a kind of line for an engine. `rows`: all of the report.
 * @type {(look: { rows: Kit.SummaryRow[], colours: { series: string[] } }) => Kit.Look[]}
 */
export function makeStyles({ rows, colours }) {
	const ids = [...new Set(rows.map(({ id }) => id))].filter(
		(id) => !isCeiling({ id }),
	);
	const engines = [...new Set(rows.map(({ engine }) => engine))].sort(
		(a, b) => Number(b === "fast") - Number(a === "fast"),
	);
	const used = engines.filter((engine) => engine !== null);
	const styles = new Map();
	const count = colours.series.length - 1;
	for (const row of rows) {
		// Where colours have to be used again, the kind of line differs.
		const repeats = Math.floor(Math.max(0, ids.indexOf(row.id)) / count);
		const kind = (engineIndex(row, used) + 2 * repeats) % dashes.length;
		const dash = row.isAgain ? dashes.at(-1) : dashes[kind];
		const colour = isCeiling(row)
			? colours.series.at(-1)
			: colours.series[ids.indexOf(row.id) % count];
		styles.set(shortName(row), { label: shortName(row), colour, dash });
	}
	return [...styles.values()];
}

function engineIndex({ engine }, used) {
	return engine === null ? 0 : used.indexOf(engine) % (dashes.length - 1);
}
