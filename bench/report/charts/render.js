// Charts as SVG, by Vega-Lite, without a browser.
import escapeHtml from "escape-html";
import * as vega from "vega";
import { compile } from "vega-lite";
import { themes } from "./theme.js";

const fontFamily =
	"system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
export const fontSizePx = 12;
/** Where Vega cuts a text, it takes it for so much wider than it is. */
export const overestimate = 1.4;

/** Widths of characters in parts of the font size, a little more than those of the usual fonts; all others are narrower than 0.62. */
/** @type {[RegExp, number][]} */
const characterWidths = [
	[/[ijlI.,:;'|!]/u, 0.32],
	[/[frt()\-/ ]/u, 0.42],
	[/[mwMW@%]/u, 0.98],
	[/[\u1100-\uffff]|[\u{10000}-\u{10ffff}]/u, 1.05],
	[/[A-Z]/u, 0.72],
];

/**
 * About how wide a text will be; there is no font to measure it with.
 * @type {(text: string, sizePx?: number) => number}
 */
export function textWidthPx(text, sizePx = fontSizePx) {
	const widths = [...text].map(
		(character) =>
			characterWidths.find(([which]) => which.test(character))?.[1] ?? 0.62,
	);
	return sizePx * widths.reduce((sum, width) => sum + width, 0);
}

// Vega's own estimate without a canvas is half as wide again.
// @ts-expect-error: its types lack this.
vega.textMetrics.width = ({ fontSize }, text) =>
	textWidthPx(`${text ?? ""}`, fontSize);

function configure({ text, faint, grid }) {
	const plain = { fontWeight: "normal", fontSize: fontSizePx };
	return {
		aria: false,
		background: null,
		font: fontFamily,
		view: { stroke: null },
		axis: {
			labelColor: faint,
			titleColor: faint,
			gridColor: grid,
			domainColor: grid,
			tickColor: grid,
			labelFontSize: fontSizePx - 1,
			titleFontWeight: "normal",
			titleFontSize: fontSizePx,
			labelOverlap: "greedy",
			labelSeparation: 6,
			titlePadding: 8,
		},
		header: {
			labelColor: text,
			labelFontSize: fontSizePx,
			title: null,
			labelFontWeight: "bold",
			labelAnchor: "start",
			labelPadding: 4,
		},
		legend: {
			labelColor: text,
			labelFontSize: fontSizePx,
			labelLimit: 240,
			title: null,
			orient: "bottom",
			symbolSize: 90,
			symbolStrokeWidth: 2,
			columnPadding: 14,
			rowPadding: 5,
		},
		text: { ...plain, color: text },
		rule: { color: text },
	};
}

/**
 * A chart of makeCharts() as the text of an SVG. `theme`: light, dark (both with a background), or page. As a picture of its own it has
 * its title in it; in a page, which has that already, it has not.
 * @type {(chart: Kit.Chart, look: { theme: string, widthPx: number }) => Promise<string>}
 */
export async function renderSvg(chart, { theme, widthPx }) {
	const colours = themes[theme];
	const isInPage = theme === "page";
	const spec = {
		...chart.draw?.({ colours, widthPx }),
		config: configure(colours),
		padding: isInPage ? 2 : 16,
		...(isInPage ? {} : { background: colours.background }),
		...(isInPage ? {} : { title: makeTitle(chart, colours, widthPx) }),
	};
	// Vega warns of what it draws nevertheless.
	const logger = vega.logger(vega.Error);
	const runtime = vega.parse(compile(spec, { logger }).spec);
	const view = new vega.View(runtime, { renderer: "none", logger });
	try {
		return withDescription(await view.toSVG(), chart, isInPage);
	} finally {
		view.finalize();
	}
}

/** @type {(chart: Kit.Chart, colours: any, widthPx: number) => object} */
function makeTitle({ title, subtitle }, { text, faint }, widthPx) {
	return {
		limit: widthPx * overestimate,
		text: title,
		subtitle,
		anchor: "start",
		frame: "bounds",
		offset: 14,
		fontSize: 16,
		subtitleFontSize: fontSizePx,
		subtitlePadding: 6,
		color: text,
		subtitleColor: faint,
	};
}

const idle =
	/ (?:pointer-events="none"|opacity="1"|fill="none"|stroke-width="1"|class="[^"]*"|font-family="[^"]*"|stroke-miterlimit="[^"]*"|role="[^"]*"|aria-[a-z]+="[^"]*")/g;

/** Half as long: fewer digits, and without what has no effect. Text is left alone: in it, each < is escaped. */
function shorten(svg) {
	return svg
		.replace(/<path [^>]*(?:d=""|d="M0,0h0v0h0Z")[^>]*\/>/g, "")
		.replace(/<[^>]+>/g, (tag) =>
			tag
				.replace(idle, "")
				.replace(/\d+\.\d{3,}/g, (n) => `${+(+n).toFixed(2)}`),
		);
}

const opening = /^<svg [^>]*?width="([\d.]+)" height="([\d.]+)"[^>]*>/;

/**
 * With what a screen reader says instead, and as wide as there is space.
 * @type {(svg: string, chart: Kit.Chart, isInPage: boolean) => string}
 */
function withDescription(svg, { title, alternative }, isInPage) {
	const [old = "", width, height] = opening.exec(svg) ?? [];
	const fonts = escapeHtml(fontFamily);
	const namespace = isInPage ? "" : ' xmlns="http://www.w3.org/2000/svg"';
	const label = escapeHtml(`${title}. ${alternative}`);
	const start = `<svg${namespace} role="img" aria-label="${label}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${fonts}" fill="none">`;
	return start + shorten(svg.slice(old.length));
}
