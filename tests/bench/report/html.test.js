// report.html as a text: one whole file, nothing from elsewhere, nothing of what it shows becomes part of it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { renderHtml } from "../../../bench/report/html/page.js";
import { renderMarkdown } from "../../../bench/report/markdown.js";
import { completeResults } from "../../../bench/report/read.js";
import { renderTerminal } from "../../../bench/report/terminal.js";
import {
	hasControls,
	hostileTexts,
	makeHostileResults,
	makeManyResults,
	makeOpenLoopResults,
	makeReportRow,
	makeResults,
	makeUsualResults,
} from "../sample-results.js";

const mostBytes = 1_500_000;

/** A page without what nobody reads in it. */
const shown = (html) => html.replace(/<(style|script)>.*?<\/\1>/gs, "");

/** The tags of a page without what is in quotes, so that texts in it can't be taken for attributes. */
const tagsOf = (html) =>
	html.match(/<[a-z!/][^>]*>/gi).map((tag) => tag.replace(/"[^"]*"/g, '""'));

test("the verdict, the figures, and all that it takes to repeat them", async () => {
	const html = await renderHtml(makeUsualResults());
	assert.match(
		html,
		/class="headline">Take the C core as a native addon: 36\s±\s4 times the requests\/s of npm qrcode\.</,
	);
	assert.match(html, /another 9\.24 times .*<a href="#row-3">server@fast<\/a>/);
	assert.match(html, /<tr id="row-3">/);
	for (const text of [
		"npm run bench</code>",
		"A CPU, 2 cores",
		"v20.20.0",
		"abc1234",
		"wrk 4.1.0",
		"Linux 6.1",
		"tier addon",
		"128 texts",
	])
		assert.ok(html.includes(text), text);
	assert.doesNotMatch(shown(html), /undefined|NaN|\[object/);
});

test("every chart has words, a table, and a form for phones", async () => {
	const html = await renderHtml(makeUsualResults());
	const figures = html.match(/<figure.*?<\/figure>/gs);
	assert.equal(figures.length, 10);
	for (const figure of figures) {
		const id = /id="([^"]*)"/.exec(figure)[1];
		assert.match(figure, /<h3>[^<]+<\/h3>\s*<p>[A-Z][^<]+\.<\/p>/, id);
		assert.match(figure, /Not shown:<\/b> [A-Z][^<]+\.<\/p>/, id);
		assert.equal(figure.match(/<svg role="img" aria-label="[^"]+/g).length, 2);
		assert.match(figure, /<details><summary>.*<td/s, id);
	}
	const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
	assert.equal(new Set(ids).size, ids.length, "each id once");
	for (const [, target] of html.matchAll(/href="#([^"]*)"/g))
		assert.ok(ids.includes(target), target);
});

test("nothing comes from elsewhere, and the policy allows only what is in it", async () => {
	const html = await renderHtml(makeUsualResults());
	const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)[1];
	assert.match(policy, /^default-src &#39;none&#39;; /);
	assert.doesNotMatch(policy, /unsafe|http|\*/);
	for (const tag of ["style", "script"]) {
		const [, content] = new RegExp(`<${tag}>(.*?)</${tag}>`, "s").exec(html);
		const hash = createHash("sha256").update(content).digest("base64");
		assert.ok(policy.includes(`${tag}-src &#39;sha256-${hash}&#39;`), tag);
	}
	assert.doesNotMatch(html, /@import|url\(|https?:/);
	for (const tag of tagsOf(html)) {
		assert.ok(!/<(link|img|iframe|object|base|form)\b/.test(tag), tag);
		assert.ok(!/\s(src|srcset|style|on\w+)=/.test(tag), tag);
	}
});

let harmless;
for (const text of hostileTexts)
	test(`${JSON.stringify(text)} in all texts stays a text`, async () => {
		harmless ??= await renderHtml(makeHostileResults("x"));
		const results = makeHostileResults(text);
		const html = await renderHtml(results);
		const count = (page) => {
			const names = tagsOf(page).map((tag) => /[a-z!]+/i.exec(tag)[0]);
			return names.filter((name) => !["path", "line", "rect"].includes(name))
				.length;
		};
		const drawn = (page) => page.replace(/<svg.*?<\/svg>/gs, "");
		assert.equal(count(drawn(html)), count(drawn(harmless)), "as many tags");
		for (const tag of tagsOf(html)) assert.ok(!/\son\w+=/.test(tag), tag);
		for (const [name, report] of [
			["html", html],
			["markdown", renderMarkdown(results)],
			["terminal", renderTerminal(results)],
		]) {
			assert.ok(!hasControls(report), `${name} has no control characters`);
			assert.ok(report.isWellFormed(), name);
		}
		const markdown = renderMarkdown(results);
		assert.ok(!/(?<!\\)<(?!\/?(details|summary))/.test(markdown), "no tags");
		assert.ok(!/^# heading/m.test(markdown), "no headings");
		assert.ok(!/(?<!\\)\]\(/.test(markdown), "no links");
	});

test("a run over many rows is not too large", async () => {
	const html = await renderHtml(makeManyResults());
	assert.ok(Buffer.byteLength(html) < mostBytes, `${html.length}`);
	assert.match(html, /<h3>Saturation: throughput<\/h3>/);
});

test("an interrupted run says so first, and who failed", async () => {
	const failed = {
		...makeReportRow({ id: "cli", rate: 90 }),
		problem: "it ended",
	};
	const results = makeResults([makeReportRow({ id: "js" }), failed], {
		isComplete: false,
		leftOut: [
			{ name: "server", id: "server", engine: null, reason: "is missing" },
		],
	});
	const html = await renderHtml(results);
	const alert = /<div class="alert".*?<\/div>/s.exec(html)[0];
	assert.match(alert, /The run was interrupted/);
	assert.match(alert, /server was left out: is missing/);
	assert.match(alert, /cli failed: it ended/);
	assert.ok(html.indexOf(alert) < html.indexOf("<figure"));
});

test("results without rows, or without rounds, are a report still", async () => {
	const nothing = { median: null, low: null, high: null };
	const started = makeReportRow({
		id: "js",
		rounds: 0,
		samples: [],
		percentiles: [],
		histogram: [],
		imagesPerSecond: nothing,
		requestsPerSecond: nothing,
		cpuMicrosPerImage: nothing,
		cpuMicrosPerRequest: nothing,
	});
	for (const rows of [[], [started]]) {
		const html = await renderHtml(makeResults(rows));
		assert.match(html, /Nothing can be compared in these results\./);
		assert.match(html, /<li>Throughput[^<]*: No round was measured\.<\/li>/);
		assert.doesNotMatch(shown(html), /undefined|NaN|Infinity/);
	}
});

/** What the first version of the kit wrote. */
function makeOldResults() {
	const ratio = {
		ratio: 30,
		low: 28,
		high: 33,
		rounds: 6,
		distinguishable: true,
	};
	const row = (id, engine, rate) => ({
		id,
		engine,
		node: "20.20.0",
		processes: 1,
		rounds: 6,
		requestsPerSecond: { median: rate, low: rate, high: rate },
		latencyMs: { mean: 1, p50: 1, p90: 2, p99: 3, max: 4 },
		responseBytes: { mean: 500 },
		memoryBytes: { pssPeak: 5e7, rssPeak: 7e7, isLowerBound: false },
		cpuMicrosPerRequest: { median: 100, low: 90, high: 110 },
		failures: { connect: 0, read: 0, write: 0, timeout: 0, status: 0 },
		startupMs: 100,
		generatorCpuShare: 0.1,
		idleCpuShare: 0,
		relative: {
			requestsPerSecond: ratio,
			cpuMicrosPerRequest: ratio,
			ceiling: null,
		},
		details: `tier ${id}`,
		problem: null,
		samples: [],
	});
	return {
		schemaVersion: 1,
		isComplete: true,
		relativeTo: "js",
		leftOut: [],
		startedAt: "2025-12-01T00:00:00.000Z",
		endedAt: "",
		machine: {
			cpu: "An old CPU",
			cores: 1,
			memoryBytes: 1e9,
			kernel: "Linux",
			distribution: null,
			node: "v20.0.0",
			generator: "wrk 4.1.0",
			packages: [],
			gitCommit: null,
		},
		settings: {
			engines: ["fast"],
			node: "v20.0.0",
			rounds: 6,
			durationSeconds: 1,
			connections: 32,
			processes: 1,
			text: "mid",
			textCount: 128,
			meanTextBytes: 200,
			generatorCpus: [0],
			serverCpus: [0],
			cpusAreShared: false,
		},
		tiers: [row("js", null, 100), row("addon", "fast", 3000)],
	};
}

test("results of the first version of the kit, with what they lack", async () => {
	const results = completeResults(makeOldResults());
	assert.deepEqual(
		results.rows.map(({ name, connections, text }) => [
			name,
			connections,
			text,
		]),
		[
			["js", 32, "mid"],
			["addon@fast", 32, "mid"],
		],
	);
	for (const path of ["rows.percentiles", "rows.histogram", "rows.totals"])
		assert.ok(results.absent.includes(path), path);
	const html = await renderHtml(results);
	assert.match(html, /addon: 30.0 \(28.0 to 33.0\) times the requests/);
	assert.match(html, /Latency percentiles: No latencies are in these results/);
	assert.match(html, /they lack [^<]*rows\.percentiles/);
	assert.doesNotMatch(shown(html), /undefined|NaN|Infinity/);
});

test("results of the second version, in which rows were tiers", () => {
	const { rows, absent: _, ...results } = makeOpenLoopResults();
	const tiers = rows.map(({ memoryBytes, warmUpSeconds: _1, ...row }) => ({
		...row,
		memoryBytes: { pssPeak: memoryBytes.peak, pssIdle: memoryBytes.idle },
		idleCpuShare: 0,
		openLoop: row.openLoop?.map(({ goodputPerSecond, ...point }) => ({
			...point,
			goodPerSecond: goodputPerSecond,
		})),
	}));
	const old = { ...results, schemaVersion: 2, tiers };
	const completed = completeResults(old);
	const lacking = rows.map((row) => ({ ...row, warmUpSeconds: 0 }));
	assert.deepEqual(completed.rows, lacking);
	assert.deepEqual(completed.absent, [
		"rows.memoryBytes.isLowerBound",
		"rows.warmUpSeconds",
	]);
	assert.throws(
		() => completeResults({ ...old, tiers: 7 }),
		/rows must be array/,
	);
});

test("what has been cut out of results is named; what can't be results is refused", () => {
	const whole = makeUsualResults();
	const { machine, ...rest } = whole;
	const { kernel: _, ...others } = machine;
	const { absent } = completeResults({ ...rest, machine: others });
	assert.deepEqual(absent, ["machine.kernel"]);
	const rows = [
		[null, /schema version undefined/],
		[[], /schema version undefined/],
		[{ ...whole, schemaVersion: 999 }, /schema version 999/],
		[{ ...whole, schemaVersion: "1" }, /schema version 1;/],
		[{ ...whole, rows: 7 }, /rows must be array/],
		[{ ...whole, machine: null }, /machine must be object/],
		[{ ...whole, rows: [null] }, /rows\/0 must be object/],
	];
	for (const [found, sentence] of rows)
		assert.throws(() => completeResults(found), { message: sentence });
});
