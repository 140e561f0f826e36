// A strict reader of Prometheus's text format, version 0.0.4.
import assert from "node:assert/strict";

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const TYPES = ["counter", "gauge", "histogram"]; // there are others, but none that is used here
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;
const VALUE = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|[+-]?inf|nan)$/i;
const HISTOGRAM_SUFFIXES = ["_bucket", "_sum", "_count"];

/**
 * Returns the families by name: { type, help, samples: [{ name, labels, value }] }. Throws at the first line that is not
 * as it has to be: HELP, TYPE and all samples of a family in this order and together, no series twice, counters that
 * are none negative, histograms that are cumulative and complete.
 */
export function parseMetrics(text) {
	assert.ok(text.endsWith("\n"), "the last line has no end");
	const families = new Map();
	const seen = new Set();
	let family;
	for (const line of text.slice(0, -1).split("\n")) {
		if (line === "") continue;
		if (line.startsWith("# HELP ")) family = readHelp(line, families);
		else if (line.startsWith("# TYPE ")) readType(line, family);
		else readSample(line, family, seen);
	}
	for (const family of families.values()) checkFamily(family);
	return families;
}

function readHelp(line, families) {
	const [, name, help] = /^# HELP (\S+) (.+)$/.exec(line) ?? [];
	assert.match(name ?? "", METRIC_NAME, line);
	assert.ok(!families.has(name), `a second time: ${line}`);
	const family = { name, help, samples: [] };
	families.set(name, family);
	return family;
}

function readType(line, family) {
	const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
	assert.equal(name, family?.name, `not after its HELP: ${line}`);
	assert.equal(family.type, undefined, `a second time: ${line}`);
	assert.ok(TYPES.includes(type), line);
	family.type = type;
}

function readSample(line, family, seen) {
	const match = /^([^\s{]+)(?:\{(.*)\})? (\S+)$/.exec(line);
	assert.ok(match, `not a sample: ${line}`);
	const [, name, labelText = "", value] = match;
	assert.ok(family?.type, `not after its TYPE: ${line}`);
	const names =
		family.type === "histogram"
			? HISTOGRAM_SUFFIXES.map((suffix) => family.name + suffix)
			: [family.name];
	assert.ok(names.includes(name), `not of ${family.name}: ${line}`);
	assert.match(value, VALUE, line);
	const labels = readLabels(labelText, line);
	assert.equal("le" in labels, name.endsWith("_bucket"), line);
	const series = keyOf(name, labels);
	assert.ok(!seen.has(series), `a second time: ${line}`);
	seen.add(series);
	family.samples.push({ name, labels, value: toNumber(value) });
}

function readLabels(text, line) {
	const labels = {};
	for (let rest = text; rest !== ""; ) {
		const match = LABEL.exec(rest);
		assert.ok(match, `malformed labels: ${line}`);
		const [whole, name, value] = match;
		assert.ok(!(name in labels), `a label twice: ${line}`);
		labels[name] = value.replace(/\\(.)/g, (_, c) => (c === "n" ? "\n" : c));
		rest = rest.slice(whole.length);
	}
	return labels;
}

function toNumber(value) {
	if (/nan/i.test(value)) return Number.NaN;
	if (/inf/i.test(value)) return value.startsWith("-") ? -Infinity : Infinity;
	return Number(value);
}

function keyOf(name, labels) {
	return JSON.stringify([name, ...Object.entries(labels).sort()]);
}

function checkFamily({ name, type, samples }) {
	assert.ok(type, `${name} has no TYPE`);
	assert.equal(name.endsWith("_total"), type === "counter", name);
	if (type === "gauge") return;
	for (const sample of samples)
		assert.ok(sample.value >= 0, `${sample.name} is ${sample.value}`);
	if (type === "histogram") checkHistogram(name, samples);
}

function checkHistogram(name, samples) {
	for (const series of new Set(samples.map(withoutLe))) {
		const message = `${name} ${series}`;
		const find = (suffix) =>
			samples.filter(
				(sample) =>
					sample.name === name + suffix && withoutLe(sample) === series,
			);
		const buckets = find("_bucket");
		const bounds = buckets.map(({ labels }) => toNumber(labels.le));
		const counts = buckets.map(({ value }) => value);
		assert.deepEqual(
			bounds,
			[...new Set(bounds)].sort((a, b) => a - b),
			message,
		);
		assert.equal(bounds.at(-1), Infinity, message);
		assert.deepEqual(
			counts,
			[...counts].sort((a, b) => a - b),
			message,
		);
		assert.deepEqual(
			find("_count").map(({ value }) => value),
			[counts.at(-1)],
			message,
		);
		assert.equal(find("_sum").length, 1, message);
	}
}

function withoutLe({ labels: { le, ...labels } }) {
	return keyOf("", labels);
}
