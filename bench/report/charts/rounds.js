// How the rate went over the run, round by round.
import { unitOfWork } from "../columns.js";
import { formatNumber } from "../format.js";
import { describeRows } from "./figures.js";
import { drawLines } from "./lines.js";
import { limitPanels, makePanels } from "./rows.js";
import { linearAxis, logAxis } from "./scales.js";

const fewestPoints = 2;

const pointsOf = ({ samples }) =>
	samples
		.filter(({ atSeconds }) => atSeconds !== undefined)
		.map(({ atSeconds, imagesPerSecond }) => ({
			x: atSeconds,
			y: imagesPerSecond,
		}));
const isShown = (row) => pointsOf(row).length >= fewestPoints;

/** @type {(results: Kit.Summary) => Kit.Chart} */
export function roundsChart(results) {
	const id = "rounds";
	const rows = results.rows.filter(isShown);
	const unit = unitOfWork(results);
	const title = `${unit === "image" ? "Images" : "Requests"}/s over the run`;
	if (rows.length === 0)
		return { id, title, missing: "It takes several rounds; try --rounds 6." };
	const { panels, cut } = limitPanels(makePanels(results.rows, isShown));
	const rates = rows.map((row) => pointsOf(row).map(({ y }) => y));
	const list = (values) => values.map(formatNumber).join(", ");
	const axes = {
		x: { type: "quantitative", ...linearAxis({ title: "s into the run" }) },
		y: logAxis(rates.flat(), { title: `${unit}s/s (log scale)` }),
	};
	return {
		id,
		title,
		lookFor:
			"Whether lines are level. Where all of them dip at once, something else used the machine, and ratios hold all the same; where one alone climbs or falls, that tier isn't steady.",
		notShown: `What happened within a round.${cut}`,
		alternative: `Round by round: ${describeRows(rows.map(({ name }, i) => [name, list(rates[i])]))}`,
		table: {
			head: ["row", "rounds", `${unit}s/s, in the order of the rounds`],
			rows: rows.map(({ name }, i) => [
				name,
				`${rates[i].length}`,
				list(rates[i]),
			]),
		},
		draw: (look) => drawLines(panels, pointsOf, axes, look),
	};
}
