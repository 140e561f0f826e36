// report.html: one file that needs no other, and no network.
import { makeAnswers } from "../answer.js";
import { makeCharts } from "../charts/index.js";
import { titleOf } from "../columns.js";
import { makeFacts } from "../facts.js";
import { describePace } from "../format.js";
import { makeNotes } from "../notes.js";
import { withPlainText } from "../plain.js";
import { makeTables } from "../tables.js";
import { drawTable, renderDocument } from "./document.js";
import { drawFigures } from "./figure.js";
import { html } from "./template.js";

/** These come before the tables, since they say what most readers came for. */
const firstCharts = ["throughput", "speedup"];

/** No line begins or ends with a sign alone. */
const keepTogether = (text) => text.replace(/(?<=[±≥]) | (?=[±%])/g, "\u00a0");

function drawAnswers(found) {
	const answers = found.map(({ title, headline, details }) => ({
		title,
		headline: keepTogether(headline),
		details: keepTogether(details),
	}));
	if (answers.length === 0)
		return html`<p class="headline">Nothing can be compared in these results.</p>`;
	const [{ headline, details, title }] = answers;
	const others = answers
		.slice(1)
		.map(
			(answer) =>
				html`<dt>${answer.title}</dt><dd>${answer.headline} ${answer.details}</dd>`,
		);
	return html`${answers.length > 1 ? html`<p class="run">${title}</p>` : ""}<p class="headline">${headline}</p>
<p class="others">${details}</p>
${others.length ? html`<details><summary>The same for ${others.length} other ${others.length === 1 ? "way" : "ways"} to measure it</summary><dl class="answers">${others}</dl></details>` : ""}`;
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
	["speed", "How fast"],
	["tables", "Tables"],
	["charts", "Charts"],
	["notes", "Notes"],
	["repeat", "Repeat it"],
];

const drawSheet = (table) =>
	html`<div class="sheet"><h3>${table.title}</h3>${drawTable(table)}</div>`;

function drawHeader(results) {
	const { machine, startedAt } = results;
	return html`<h1>${titleOf(results)}</h1>
${drawAnswers(makeAnswers(results))}
<p class="run">${machine.cpu}, ${machine.cores} cores · ${startedAt.slice(0, 10)} · ${describePace(results)}</p>
${drawAlerts(results)}
<nav aria-label="Contents"><ul>${links.map(([id, text]) => html`<li><a href="#${id}">${text}</a></li>`)}</ul></nav>`;
}

function drawMain(results, { charts, missing, figures }) {
	const isFirst = (_, i) => firstCharts.includes(charts[i].id);
	const others = figures.filter((...it) => !isFirst(...it));
	return html`<section aria-labelledby="speed"><h2 id="speed">How fast</h2>${figures.filter(isFirst)}</section>
<section aria-labelledby="tables"><h2 id="tables">The figures</h2>
<p class="run sorting">A click on the head of a column sorts by it.</p>${makeTables(results).map(drawSheet)}</section>
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
	return renderDocument({
		title: titleOf(results),
		header: drawHeader(results),
		main: drawMain(results, { charts, missing, figures }),
		footer: html`Everything here is made from results.json, which lies beside this file, by <code>npm run bench -- report DIRECTORY</code>.`,
	});
}
