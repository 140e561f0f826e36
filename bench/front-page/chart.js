// The chart of the front page: a bar for each step.
import { makeFigureChart } from "../report/charts/figures.js";
import { renderSvg } from "../report/charts/render.js";
import { formatRatio } from "../report/format.js";
import { findRow, steps } from "./blocks.js";

const widthPx = 800;

/**
 * The pictures by theme, as SVG.
 * @type {(tiers: Kit.Summary) => Promise<Record<"light" | "dark", string>>}
 */
export async function drawSteps(tiers) {
	// One engine for each tier: its name says enough.
	const rows = [...steps.keys()].map((name) => ({
		...findRow(tiers, name),
		engine: null,
	}));
	const chart = makeFigureChart(rows, {
		id: "steps",
		title: "Requests a second, as a multiple of npm qrcode in Express",
		lookFor: "",
		notShown: "",
		axis: { title: "times the requests/s of js", unit: "x", isLinear: true },
		figuresOf: ({ relative }) => ({
			value: relative.imagesPerSecond.ratio,
			text: formatRatio(relative.imagesPerSecond.ratio),
		}),
		columns: [],
	});
	const { draw } = chart;
	const drawn = { ...chart, draw: (look) => draw?.({ ...look, rows }) };
	const [light, dark] = await Promise.all(
		["light", "dark"].map((theme) => renderSvg(drawn, { theme, widthPx })),
	);
	return { light, dark };
}
