import assert from "node:assert/strict";
import test from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { makeFormats } from "../../../bench/report/formats.js";
import { makeReportRow } from "../sample-results.js";

const unknown = { median: null, low: null, high: null };
const running = {
	id: "live",
	name: "live",
	cpuMicrosPerRequest: unknown,
	memoryBytes: { peak: null, idle: null, isLowerBound: false },
};
const rows = [
	makeReportRow({ id: "js", rate: 100 }),
	makeReportRow({ ...running, rate: 1000 }),
	makeReportRow({ id: "cli", rounds: 0 }),
];

/** File → what is in it. */
const read = (name) =>
	Object.fromEntries(
		makeFormats({ rows }, [name]).map(({ name, text }) => [
			name,
			JSON.parse(text),
		]),
	);

// What the action's README and its own samples have.
const githubSchema = {
	type: "array",
	minItems: 1,
	items: {
		type: "object",
		required: ["name", "unit", "value"],
		properties: {
			name: { type: "string" },
			unit: { type: "string" },
			value: { type: "number" },
			range: { type: "string" },
			extra: { type: "string" },
		},
		additionalProperties: false,
	},
};

// As https://bencher.dev/bmf.json, but for what it would ignore.
const bencherSchema = {
	type: "object",
	minProperties: 1,
	additionalProperties: {
		type: "object",
		minProperties: 1,
		additionalProperties: {
			type: "object",
			required: ["value"],
			properties: {
				value: { type: "number" },
				lower_value: { type: "number" },
				upper_value: { type: "number" },
			},
			additionalProperties: false,
		},
	},
};

function check(schema, data) {
	const isValid = new Ajv2020().compile(schema);
	assert.ok(isValid(data), JSON.stringify(isValid.errors));
}

test("github-action-benchmark gets a file for what should grow, and one for what should shrink", () => {
	const files = read("github-action-benchmark");
	const bigger = files["github-bigger-is-better.json"];
	const smaller = files["github-smaller-is-better.json"];
	for (const file of [bigger, smaller]) check(githubSchema, file);
	assert.deepEqual(bigger[0], {
		name: "js: requests/s",
		unit: "requests/s",
		value: 100,
		range: "± 15.0 %",
	});
	assert.deepEqual(
		smaller.map(({ name }) => name),
		["js: CPU time of a request", "js: p99", "js: peak memory", "live: p99"],
	);
});

test("Bencher gets its own measures in its units, and ours beside them", () => {
	const { "bencher.json": data } = read("bencher");
	check(bencherSchema, data);
	assert.deepEqual(Object.keys(data), ["js", "live"]);
	assert.deepEqual(data.js.throughput, {
		value: 100,
		lower_value: 90,
		upper_value: 120,
	});
	assert.equal(data.js.latency.value, 640e6);
	assert.deepEqual(Object.keys(data.live), [
		"throughput",
		"latency",
		"latency-p99",
	]);
});
