// A comparison of two runs or commits as HTML.
import { drawDots } from "../charts/dots.js";
import { describeRows } from "../charts/figures.js";
import { describeSides, makeNotes, makeTable } from "../compare.js";
import { formatRatio } from "../format.js";
import { withPlainText } from "../plain.js";
import { drawTable, renderDocument } from "./document.js";
import { drawFigures } from "./figure.js";
import { html } from "./template.js";

const title = "Two measurements compared";
/** Of the colours of charts: blue, orange, grey. */
const colourFor = { faster: 0, slower: 1 };
const noVerdict = "too few rounds to decide";
const otherColour = 9;

/** "2 faster, 1 slower", or what is said of the only row. */
function describeVerdicts(rows) {
	if (rows.length === 1) {
		const [{ name, verdict, imagesPerSecond }] = rows;
		return `${name}: ${verdict ?? noVerdict}, at ${formatRatio(imagesPerSecond.ratio)} the rate`;
	}
	const counts = new Map();
	for (const { verdict } of rows) {
		const said = verdict ?? noVerdict;
		counts.set(said, (counts.get(said) ?? 0) + 1);
	}
	return [...counts].map(([said, count]) => `${count} ${said}`).join(", ");
}

function drawRatios(rows, look) {
	const panel = {
		title: "",
		rows: rows.map((row) => ({ row, label: row.name })),
	};
	const styles = rows.map(({ name, verdict }) => ({
		label: name,
		colour: look.colours.series[colourFor[verdict] ?? otherColour],
	}));
	const axis = { title: "times the rate of A", unit: "x", reference: 1 };
	const figuresOf = ({ imagesPerSecond: { ratio, low, high } }) => ({
		value: ratio,
		low,
		high,
		text: formatRatio(ratio),
	});
	return drawDots([panel], figuresOf, axis, { ...look, styles });
}

function makeChart({ rows, a, b, kind }) {
	const shown = rows.filter(({ imagesPerSecond }) => imagesPerSecond.ratio > 0);
	if (shown.length === 0) return [];
	const cells = shown.map(({ name, imagesPerSecond: { ratio, low, high } }) => [
		name,
		formatRatio(ratio),
		low === null ? "–" : `${formatRatio(low)}–${formatRatio(high)}`,
	]);
	return [
		{
			id: "ratios",
			title: "The rate of B as a multiple of that of A",
			subtitle: describeSides({ a, b, kind }).join(" · "),
			lookFor:
				"The dot is the ratio, the band its interval. A band that crosses the dashed line at 1 means: not distinguishable.",
			notShown: "Costs: CPU time is in the table.",
			alternative: describeRows(cells),
			table: { head: ["row", "B to A", "interval"], rows: cells },
			draw: (look) => drawRatios(shown, look),
		},
	];
}

/**
 * `gate`: what judge() said, if it was asked.
 * @type {(untrusted: Kit.Comparison, untrustedGate: Kit.Gate | null) => Promise<string>}
 */
export async function renderComparisonHtml(untrusted, untrustedGate) {
	const [comparison, gate] = withPlainText([untrusted, untrustedGate]);
	const list = (lines) =>
		html`<ul class="notes">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
	const figures = await drawFigures(makeChart(comparison));
	return renderDocument({
		title,
		header: html`<h1>${title}</h1>
<p class="headline">B compared with A: ${describeVerdicts(comparison.rows)}.</p>
${list(describeSides(comparison))}`,
		main: html`<section aria-labelledby="rates"><h2 id="rates">Rates</h2>${figures}</section>
<section aria-labelledby="table"><h2 id="table">The figures</h2><div class="sheet">${drawTable(makeTable(comparison))}</div></section>
<section aria-labelledby="notes"><h2 id="notes">Notes</h2>${list(makeNotes(comparison, gate))}</section>`,
		footer: html`Made by <code>npm run bench -- compare A B --html FILE</code>.`,
	});
}
