// The charts of a report: what is drawn, what is not and why, and that it is an image.
import assert from "node:assert/strict";
import test from "node:test";
import { Resvg } from "@resvg/resvg-js";
import { makeCharts } from "../../../bench/report/charts/index.js";
import { renderSvg } from "../../../bench/report/charts/render.js";
import { makePanels, makeStyles } from "../../../bench/report/charts/rows.js";
import { logAxis } from "../../../bench/report/charts/scales.js";
import { themes } from "../../../bench/report/charts/theme.js";
import { withPlainText } from "../../../bench/report/plain.js";
import {
	hostileTexts,
	makeHostileResults,
	makeManyResults,
	makeOpenLoopResults,
	makeReportRow,
	makeResults,
	makeUsualResults,
} from "../sample-results.js";

const idsOf = (charts) => charts.map(({ id }) => id);
const textsIn = (svg) =>
	[...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);

test("each chart of a usual run, as a page and as a picture", async () => {
	const { charts, missing } = makeCharts(makeUsualResults());
	assert.deepEqual(idsOf(charts), [
		"throughput",
		"speedup",
		"percentiles",
		"histogram",
		"cpu",
		"kernel",
		"memory",
		"bytes",
		"startup",
		"rounds",
	]);
	assert.ok(missing.every(({ missing }) => /--\w/.test(missing)));
	for (const chart of charts) {
		const picture = await renderSvg(chart, { theme: "light", widthPx: 800 });
		const { width } = new Resvg(picture);
		assert.ok(Math.abs(width - 832) < 60, `${chart.id}: ${width} px`);
		assert.ok(textsIn(picture).includes(chart.title.replaceAll("&", "&amp;")));
		const inPage = await renderSvg(chart, { theme: "page", widthPx: 800 });
		const [alien] = /#[0-9a-f]{3,6}\b|xmlns| style=| id=/.exec(inPage) ?? [];
		assert.equal(alien, undefined);
		for (const name of ["js", "addon@fast"])
			assert.ok(
				chart.id === "speedup" || textsIn(inPage).includes(name),
				`${chart.id} names ${name}`,
			);
		const [{ length }] = chart.table.rows;
		assert.equal(length, chart.table.head.length);
	}
});

test("a figure is where its axis says", async () => {
	const { charts } = makeCharts(makeUsualResults());
	const bytes = charts.find(({ id }) => id === "bytes");
	const { layer } = bytes.draw({ colours: themes.light, widthPx: 700 });
	assert.equal(layer[0].encoding.x.scale.zero, true, "bars begin at 0");
	const { scale, axis } = logAxis([2.5, 1900], { title: "ms" });
	assert.deepEqual(scale.domain, [2, 2000]);
	assert.deepEqual(axis.values, [10, 100, 1000]);
	assert.deepEqual(logAxis([3, 40], {}).axis.values, [2, 5, 10, 20, 50]);
});

test("a tier has one colour, an engine one kind of line", () => {
	const rows = [
		{ id: "js", engine: null },
		...["fast", "reference"].flatMap((engine) => [
			{ id: "addon", engine },
			{ id: "server", engine },
		]),
	].map(makeReportRow);
	const styles = new Map(
		makeStyles({ rows, colours: themes.dark }).map(({ label, ...style }) => [
			label,
			style,
		]),
	);
	const [fast, reference, other] = [
		"addon@fast",
		"addon@reference",
		"server@reference",
	].map((label) => styles.get(label));
	assert.equal(fast.colour, reference.colour);
	assert.notEqual(fast.colour, other.colour);
	assert.deepEqual(reference.dash, other.dash);
	assert.notDeepEqual(fast.dash, reference.dash);
});

test("panels: what was measured alike, and a C server beside each Node version", () => {
	const rows = [
		...["20.20.0", "26.1.0"].map((node) => makeReportRow({ id: "js", node })),
		makeReportRow({ id: "server", node: null }),
	];
	const panels = makePanels(rows, () => true);
	assert.deepEqual(
		panels.map(({ title, rows }) => [title, rows.map(({ label }) => label)]),
		[
			["Node 20.20.0", ["js", "server"]],
			["Node 26.1.0", ["js", "server"]],
		],
	);
});

test("a run over several dimensions has charts for each of them", async () => {
	const { charts } = makeCharts(makeManyResults());
	const ids = idsOf(charts);
	for (const id of ["saturation", "saturation-p99", "by-node", "by-transport"])
		assert.ok(ids.includes(id), id);
	const byNode = charts.find(({ id }) => id === "by-node");
	const spec = byNode.draw({ colours: themes.light, widthPx: 700 });
	const server = spec.data.values.filter(({ label }) => label === "server");
	assert.ok(
		["20.20.0", "26.1.0"].every((node) => server.some(({ x }) => x === node)),
		"the C server has the same figure under each version",
	);
	for (const chart of charts)
		new Resvg(await renderSvg(chart, { theme: "dark", widthPx: 330 }));
});

test("latency and what gets through, against the load of an open loop", async () => {
	const { charts } = makeCharts(makeOpenLoopResults());
	const [load, goodput] = ["load", "goodput"].map((wanted) =>
		charts.find(({ id }) => id === wanted),
	);
	assert.deepEqual(load.table.rows.slice(0, 4), [
		["js", "28.0", "6.67", "2.22", "20.0"],
		["js", "140", "12.0", "4.00", "36.0"],
		["js", "252", "60.0", "20.0", "180"],
		["js", "560 *", "300", "100", "900"],
	]);
	for (const chart of [load, goodput]) {
		const svg = await renderSvg(chart, { theme: "light", widthPx: 700 });
		const labels = textsIn(svg).filter((text) => /^(js|addon)/.test(text));
		assert.deepEqual(labels, ["js", "addon@fast"]);
	}
});

test("what has no figures is not drawn, and is said to be missing", () => {
	const nothing = { median: null, low: null, high: null };
	const results = makeResults([
		makeReportRow({
			id: "js",
			rounds: 0,
			samples: [],
			percentiles: [],
			histogram: [],
			imagesPerSecond: nothing,
			cpuMicrosPerImage: nothing,
			startupMs: null,
			responseBytes: { mean: 0 },
			cpuSystemShare: null,
			memoryBytes: { peak: null, idle: null, isLowerBound: false },
		}),
	]);
	const { charts, missing } = makeCharts(results);
	assert.deepEqual(charts, []);
	const reasons = new Map(missing.map((one) => [one.id, one.missing]));
	assert.equal(reasons.get("throughput"), "No round was measured.");
	assert.equal(reasons.get("memory"), "Memory was not measured.");
	assert.deepEqual(makeCharts(makeResults([])).charts, []);
});

test("a row without a figure does not keep the others from being drawn", async () => {
	const results = makeResults([
		makeReportRow({ id: "js" }),
		makeReportRow({ id: "cli", samples: [], percentiles: [], startupMs: null }),
	]);
	const { charts } = makeCharts(results);
	const startup = charts.find(({ id }) => id === "startup");
	assert.deepEqual(startup.table.rows, [["js", "120"]]);
	const svg = await renderSvg(startup, { theme: "light", widthPx: 500 });
	assert.ok(!textsIn(svg).includes("cli"));
});

for (const text of hostileTexts)
	test(`the charts with ${JSON.stringify(text)} in all texts are images still`, async () => {
		const results = withPlainText(makeHostileResults(text));
		const { charts } = makeCharts(results);
		assert.ok(charts.length > 4);
		for (const chart of charts) {
			const svg = await renderSvg(chart, { theme: "light", widthPx: 700 });
			new Resvg(svg);
			const [alien] =
				/<(?!\/?(?:svg|g|path|line|text|rect)\b).{0,20}/.exec(svg) ?? [];
			assert.equal(alien, undefined);
			const tags = svg
				.match(/<[^>]*>/g)
				.join("")
				.replace(/"[^"]*"/g, "");
			assert.ok(!/\son\w+=/.test(tags), "no handlers");
		}
	});
