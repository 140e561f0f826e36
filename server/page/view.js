import { codeLines, curlLine, imagePath } from "./assets/lines.js";
import { byteCount } from "./assets/numbers.js";
import { html } from "./html.js";
import { raceSeconds } from "./race.js";

/** @typedef {import("./html.js").Markup} Markup */

const LEVELS = { L: "7 %", M: "15 %", Q: "25 %", H: "30 %" };

/**
 * The page as it is without JavaScript, which then keeps it up to date.
 * @type {(model: Server.PageModel) => string}
 */
export function renderPage(model) {
	return `<!doctype html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>qr-tiers: one text, one QR code, several ways</title>
<link rel="icon" href="/page/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/page/style.css">
<script type="module" src="/page/main.js"></script>
</head>
<body>
${header(model)}
<main>
${form(model)}
<div class="results">
${codes(model)}
${race(model)}
${lines(model)}
</div>
</main>
</body>
</html>
`}`;
}

/** @type {(model: Server.PageModel) => Markup} */
function header({ hasReport, swappable }) {
	return html`<header class="top">
<img class="logo" src="/page/icon.svg" alt="" width="40" height="40">
<div>
<h1>qr-tiers</h1>
<p>${swappable ? "One text, one QR code, made in every way this server was started with." : "One text, one QR code, made the way this server was started with."}</p>
</div>
${hasReport && html`<a class="report" href="/report">Last benchmark report</a>`}
</header>`;
}

/** @type {(model: Server.PageModel) => Markup} */
function form({ values, engines, maxWidth, sentence }) {
	return html`<form class="panel surface" action="/" method="get" aria-label="The code">
<div class="field">
<label for="text">Text</label>
<textarea id="text" name="text" rows="4" spellcheck="false" autocapitalize="off" autocomplete="off" aria-describedby="text-size refusal">
${values.text}</textarea>
<p class="hint" id="text-size">${byteCount(Buffer.byteLength(values.text))}</p>
</div>
<fieldset class="field">
<legend>Error correction</legend>
<div class="levels">
${Object.entries(LEVELS).map(([level, share]) => levelField(level, share, values.ecl))}
</div>
</fieldset>
<div class="pair">
${numberField("width", "Width", "px", values.width, 1, maxWidth)}
${numberField("margin", "Margin", "modules", values.margin, 0, 32)}
</div>
${engines.length > 0 && engineField(engines, values.engine)}
<p class="refusal" id="refusal" role="alert">${sentence}</p>
<button class="primary" id="make">Make the code</button>
</form>`;
}

function levelField(level, share, chosen) {
	return html`<label><input type="radio" name="ecl" value="${level}"${level === chosen && html` checked`}><span>${level} <small>${share}</small></span></label>
`;
}

/** @type {(name: string, label: string, unit: string, value: string | number, min: number, max: number) => Markup} */
function numberField(name, label, unit, value, min, max) {
	return html`<div class="field">
<label for="${name}">${label} <small>${unit}</small></label>
<input id="${name}" name="${name}" type="number" inputmode="numeric" min="${min}" max="${max}" step="1" value="${value}" autocomplete="off">
</div>
`;
}

function engineField(engines, chosen) {
	return html`<div class="field">
<label for="engine">Engine <small>of tiers that use the core</small></label>
<select id="engine" name="engine">
${engines.map((engine) => html`<option${engine === chosen && html` selected`}>${engine}</option>`)}
</select>
</div>`;
}

/** @type {(model: Server.PageModel) => Markup} */
function codes({ tiers, values, swappable, sentence }) {
	return html`<section aria-labelledby="codes-title">
<div class="section-head">
<h2 id="codes-title">${tiers.length > 1 ? "The code from each tier" : "The code"}</h2>
<p class="hint" id="codes-summary" role="status"></p>
</div>
<ul class="cards" id="cards"${sentence && html` data-refused`}>
${tiers.map((tier) => card(tier, values, swappable, sentence !== undefined))}
</ul>
<p class="hint" id="times-note"></p>
<noscript><p class="hint">Times, sizes and the race need JavaScript.</p></noscript>
${!swappable && html`<p class="hint">To see several tiers side by side: <code>node server/app.js --tiers js,js-best,addon,wasm,coprocess</code></p>`}
</section>`;
}

/** @type {(tier: import("../tier-registry.js").StartedTier, values: Server.FormValues, swappable: boolean, isRefused: boolean) => Markup} */
function card({ tier, engines, defaultVariant }, values, swappable, isRefused) {
	const choice = swappable ? { id: tier.id, engines } : undefined;
	const path = imagePath(values, choice);
	const isWanted =
		values.engine !== undefined && engines.includes(values.engine);
	const engine = choice && isWanted ? values.engine : defaultVariant.engine;
	return html`<li class="card" data-tier="${tier.id}"${choice && html` data-engines="${engines.join(" ")}"`} data-default-engine="${defaultVariant.engine ?? ""}">
<a class="tile" href="${path}" aria-label="Open the code of ${tier.id}"><img${!isRefused && html` src="${path}"`} alt="" width="200" height="200"></a>
<h3>${tier.id} <small data-field="engine">${engine}</small></h3>
<p class="mark" data-field="mark"></p>
<p class="title">${tier.title}</p>
<dl>
<div><dt>Time</dt><dd data-field="time">–</dd></div>
<div><dt>Bytes</dt><dd data-field="bytes">–</dd></div>
</dl>
<p class="failure" data-field="failure"></p>
<p class="actions"><a data-field="download" href="${path}" download="code.png" aria-label="Download the code of ${tier.id}">Download</a></p>
</li>
`;
}

/** @type {(model: Server.PageModel) => Markup} */
function race({ tiers }) {
	return html`<section id="race" class="surface" aria-labelledby="race-title" hidden>
<div class="section-head">
<h2 id="race-title">Race</h2>
<button type="button" id="race-button">Start the race</button>
</div>
<p class="hint">${tiers.length > 1 ? "By turns, each tier makes" : "The tier makes"} as many images of this text as it can, ${raceSeconds(tiers.length)} s in all. This is the server’s process alone, without HTTP: what an image costs, not what a service can answer, which <code>npm run bench</code> measures.</p>
<ul class="lanes">
${tiers.map(({ tier }) => lane(tier))}
</ul>
<p class="verdict" id="race-status" role="status"></p>
</section>`;
}

function lane({ id }) {
	return html`<li class="lane" data-tier="${id}">
<span class="lane-name">${id}</span>
<span class="track" aria-hidden="true"><span class="bar"></span></span>
<span class="lane-figure" data-field="figure">–</span>
<span class="lane-ratio" data-field="ratio"></span>
</li>
`;
}

/** @type {(model: Server.PageModel) => Markup} */
function lines({ tiers, values, swappable, origin }) {
	const [{ tier, engines }] = tiers;
	const path = imagePath(
		values,
		swappable ? { id: tier.id, engines } : undefined,
	);
	return html`<section aria-labelledby="lines-title" class="lines">
<div class="section-head">
<h2 id="lines-title">Take it with you</h2>
${swappable && tiers.length > 1 && tierChoice(tiers)}
</div>
${line("curl", "From the shell", curlLine(origin, path))}
${line("code", "From Node", codeLines(values))}
<p class="visually-hidden" id="announcement" role="status"></p>
</section>`;
}

function tierChoice(tiers) {
	return html`<label id="lines-tier-label" hidden>Tier <select id="lines-tier">
${tiers.map(({ tier }) => html`<option>${tier.id}</option>`)}
</select></label>`;
}

function line(id, title, content) {
	return html`<div class="line">
<div class="section-head">
<h3 id="${id}-title">${title}</h3>
<button type="button" data-copies="${id}" aria-describedby="${id}-title" hidden>Copy</button>
</div>
<pre tabindex="0" role="region" aria-labelledby="${id}-title"><code id="${id}">${content}</code></pre>
</div>
`;
}
