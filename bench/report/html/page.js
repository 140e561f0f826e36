// report.html: one file that needs no other, and no network.
import { makeCharts } from "../charts/index.js";
import { titleOf } from "../columns.js";
import { makeFacts } from "../facts.js";
import { describePace } from "../format.js";
import { makeNotes } from "../notes.js";
import { withPlainText } from "../plain.js";
import { makeTables, relativeTitle } from "../tables.js";
import { makeVerdict } from "../verdict/index.js";
import { drawTable, renderDocument } from "./document.js";
import { drawFigures } from "./figure.js";
import { html } from "./template.js";

/** These come before the tables, since they say what most readers came for. */
const firstCharts = ["throughput", "speedup"];

/** No line begins or ends with a sign alone. */
const keepTogether = (text) => text.replace(/(?<=[±≥]) | (?=[±%])/g, "\u00a0");

/** Row → where its ratios and intervals are in this file. */
const anchorsOf = ({ rows }) =>
	new Map(rows.map(({ name }, i) => [name, `row-${i + 1}`]));

/** A sentence with links to the rows that it follows from. */
function drawReason({ text, rows }, anchors) {
	const links = rows.map(
		(name, i) =>
			html`${i > 0 ? ", " : ""}<a href="#${anchors.get(name)}">${name}</a>`,
	);
	return html`<li>${keepTogether(text)}${links.length ? html` <span class="evidence">${links}</span>` : ""}</li>`;
}

function drawVerdict(verdict, anchors) {
	if (!verdict)
		return html`<p class="headline">Nothing can be compared in these results.</p>`;
	const { title, headline, commits, reasons } = verdict;
	return html`${title ? html`<p class="run">${title}</p>` : ""}<p class="headline">${keepTogether(headline)}</p>
${commits.map((text) => html`<p class="others">${keepTogether(text)}</p>`)}
<ul class="reasons">${reasons.map((reason) => drawReason(reason, anchors))}</ul>`;
}

/** What is wrong with the results as a whole, and is to be seen before any figure. */
function drawAlerts({ isComplete, leftOut, rows }) {
	const alerts = [
		...(isComplete
			? []
			: ["The run was interrupted: this is what was measured until then."]),
		...leftOut.map(({ name, reason }) => `${name} was left out: ${reason}`),
		...rows
			.filter(({ problem }) => problem)
			.map(({ name, problem }) => `${name} failed: ${problem}`),
	];
	if (alerts.length === 0) return "";
	return html`<div class="alert" role="note">${alerts.map((text) => html`<p>${text}</p>`)}</div>`;
}

function drawFacts(results) {
	// The command is shown above.
	const all = makeFacts(results).filter(([name]) => name !== "Command");
	const facts = all.map(
		([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`,
	);
	return html`<dl class="facts">${facts}</dl>`;
}

function drawMissing(missing) {
	if (missing.length === 0) return "";
	return html`<section aria-labelledby="missing"><h2 id="missing">Not in this report</h2>
<ul class="notes">${missing.map((chart) => html`<li>${chart.title}: ${chart.missing}</li>`)}</ul></section>`;
}

const links = [
	["steps", "How far"],
	["speed", "How fast"],
	["tables", "Tables"],
	["charts", "Charts"],
	["notes", "Notes"],
	["repeat", "Repeat it"],
];

const drawSheet = (table, anchors) =>
	html`<div class="sheet"><h3>${table.title}</h3>${drawTable(table, anchors)}</div>`;

/** All steps, and the verdict under each load. */
function drawSteps(verdict) {
	if (!verdict) return "";
	const { steps, worth, matrix } = verdict;
	const tables = [steps, worth, matrix].filter((table) => table !== null);
	return html`<section aria-labelledby="steps"><h2 id="steps">How far to go</h2>${tables.map((table) => drawSheet(table))}</section>`;
}

function drawHeader(results, verdict) {
	const { machine, startedAt } = results;
	return html`<h1>${titleOf(results)}</h1>
${drawVerdict(verdict, anchorsOf(results))}
<p class="run">${machine.cpu}, ${machine.cores} cores · ${startedAt.slice(0, 10)} · ${describePace(results)}</p>
${drawAlerts(results)}
<nav aria-label="Contents"><ul>${links.map(([id, text]) => html`<li><a href="#${id}">${text}</a></li>`)}</ul></nav>`;
}

function drawMain(results, { verdict, charts, missing, figures }) {
	const isFirst = (_, i) => firstCharts.includes(charts[i].id);
	const others = figures.filter((...it) => !isFirst(...it));
	const anchors = anchorsOf(results);
	const drawOne = (table) =>
		drawSheet(
			table,
			table.title === relativeTitle(results) ? anchors : undefined,
		);
	return html`${drawSteps(verdict)}<section aria-labelledby="speed"><h2 id="speed">How fast</h2>${figures.filter(isFirst)}</section>
<section aria-labelledby="tables"><h2 id="tables">The figures</h2>
<p class="run sorting">A click on the head of a column sorts by it.</p>${makeTables(results).map(drawOne)}</section>
<section aria-labelledby="charts"><h2 id="charts">A closer look</h2>${others}</section>
<section aria-labelledby="notes"><h2 id="notes">Notes</h2>
<ul class="notes">${makeNotes(results).map((note) => html`<li>${note}</li>`)}</ul></section>
<section aria-labelledby="repeat"><h2 id="repeat">Repeat it</h2>
<p>In a checkout of the commit below, on Debian or Ubuntu:</p>
<pre tabindex="0"><code>${results.settings.command}</code></pre>${drawFacts(results)}</section>
${drawMissing(missing)}`;
}

/**
 * The report as HTML.
 * @type {(untrusted: Kit.Summary) => Promise<string>}
 */
export async function renderHtml(untrusted) {
	const results = withPlainText(untrusted);
	const { charts, missing } = makeCharts(results);
	const figures = await drawFigures(charts);
	const verdict = makeVerdict(results);
	return renderDocument({
		title: titleOf(results),
		header: drawHeader(results, verdict),
		main: drawMain(results, { verdict, charts, missing, figures }),
		footer: html`Everything here is made from results.json, which lies beside this file, by <code>npm run bench -- report DIRECTORY</code>.`,
	});
}
