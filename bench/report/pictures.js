// The charts of a report as pictures, for slides and READMEs.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { makeCharts } from "./charts/index.js";
import { renderSvg } from "./charts/render.js";
import { withPlainText } from "./plain.js";

const widthPx = 800;
/** Pixels of a PNG for one of the SVG, for sharp screens. */
const pngScale = 2;
// Debian's fonts-dejavu-core; others that are installed are used for what it lacks.
const font = "DejaVu Sans";

function toPng(svg) {
	/** @type {import("@resvg/resvg-js").ResvgRenderOptions} */
	const options = {
		fitTo: { mode: "zoom", value: pngScale },
		font: { defaultFontFamily: font, sansSerifFamily: font },
	};
	return new Resvg(svg, options).render().asPng();
}

/**
 * Writes ID.svg, ID-dark.svg and ID.png for each chart into `directory`/charts; gives their paths, and what could not be drawn.
 * @type {(untrusted: Kit.Summary, directory: string) => Promise<{ paths: string[], missing: Kit.Chart[] }>}
 */
export async function writePictures(untrusted, directory) {
	const { charts, missing } = makeCharts(withPlainText(untrusted));
	const folder = join(directory, "charts");
	const paths = [];
	const write = (name, content) => {
		const path = join(folder, name);
		writeFileSync(path, content);
		paths.push(path);
	};
	if (charts.length > 0) mkdirSync(folder, { recursive: true });
	for (const chart of charts) {
		const [light, dark] = await Promise.all(
			["light", "dark"].map((theme) => renderSvg(chart, { theme, widthPx })),
		);
		write(`${chart.id}.svg`, light);
		write(`${chart.id}-dark.svg`, dark);
		write(`${chart.id}.png`, toPng(light));
	}
	return { paths, missing };
}
