// A recorded race as an animated picture. Only CSS moves it, so that it also does within an <img>.
import escapeHtml from "escape-html";
import { formatNumber } from "../report/format.js";

const widthPx = 760;
const rowPx = 44;
const topPx = 48;
const labelPx = 100;
const figurePx = 110;
const barPx = 20;
/** The end is shown for so long, before the race starts again. */
const restMs = 3000;
/** More steps than this can't be told apart, and make the file long. */
const mostSteps = 60;

const barWidthPx = widthPx - labelPx - figurePx - 32;
const round = (value, digits) => Number(value.toFixed(digits));

/** At most `count` of them, evenly, the first and the last among them. */
function thin(list, count) {
	if (list.length <= count) return list;
	const step = (list.length - 1) / (count - 1);
	return Array.from({ length: count }, (_, i) => list[Math.round(i * step)]);
}

/** CSS that lets a bar grow to its whole length as the images of its tier did. */
function keyframes(i, { images: all, points }, totalMs) {
	// Of several at the same place the last counts.
	const shares = new Map(
		thin(points, mostSteps).map(({ atMs, images }) => [
			round((100 * atMs) / totalMs, 2),
			round(images / all, 4),
		]),
	);
	const steps = [...shares].map(
		([percent, share]) => `${percent}%{transform:scaleX(${share})}`,
	);
	return `@keyframes b${i}{0%{transform:scaleX(0)}${steps.join("")}100%{transform:none}}`;
}

function drawLane(i, lane, mostImages, totalMs) {
	const y = topPx + i * rowPx;
	const textY = y + barPx - 5;
	const perSecond = formatNumber((1000 * lane.images) / lane.ms);
	const lengthPx = Math.max(
		1,
		round((barWidthPx * lane.images) / mostImages, 1),
	);
	return [
		`<text x="16" y="${textY}">${escapeHtml(lane.id)}</text>`,
		`<rect class="track" x="${labelPx}" y="${y}" width="${barWidthPx}" height="${barPx}"/>`,
		`<rect class="bar" style="animation-name:b${i};animation-duration:${totalMs}ms" x="${labelPx}" y="${y}" width="${lengthPx}" height="${barPx}"/>`,
		`<text class="figure" x="${widthPx - 16}" y="${textY}">${perSecond} images/s</text>`,
	].join("\n");
}

/**
 * The bars stand for the images made so far, on the scale of the winner's; time runs as it did.
 * @type {(lanes: { id: string, images: number, ms: number, points: { atMs: number, images: number }[] }[], raceMs: number, title: string) => string}
 */
export function drawRace(lanes, raceMs, title) {
	const heightPx = topPx + lanes.length * rowPx;
	const mostImages = Math.max(...lanes.map(({ images }) => images));
	const totalMs = raceMs + restMs;
	return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}">
<title>${escapeHtml(title)}</title>
<style>
text{font:14px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#1c2330}
.head{font-size:16px}
.figure{text-anchor:end}
.track{fill:#dfe3ea}
.bar{fill:#2563a8;transform-box:fill-box;transform-origin:left;animation:linear infinite}
${lanes.map((lane, i) => keyframes(i, lane, totalMs)).join("\n")}
@media (prefers-color-scheme:dark){text{fill:#e6e9ef}.track{fill:#2f3744}.bar{fill:#6ba6f5}}
@media (prefers-reduced-motion:reduce){.bar{animation:none}}
</style>
<text class="head" x="16" y="28">${escapeHtml(title)}</text>
${lanes.map((lane, i) => drawLane(i, lane, mostImages, totalMs)).join("\n")}
</svg>
`;
}
