// The reader of metrics finds what is wrong with them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMetrics } from "./prometheus.js";

const counter = "# HELP a_total Help.\n# TYPE a_total counter\n";
const histogram = "# HELP h Help.\n# TYPE h histogram\n";

test("what is right", () => {
	const text =
		`${counter}a_total{x="1",y="\\"\\\\\\n"} 1e3\na_total 0\n\n` +
		"# HELP g Help.\n# TYPE g gauge\ng -Inf\n" +
		`${histogram}h_bucket{le="0.5"} 1\nh_bucket{le="+Inf"} 2\nh_sum 1.5\nh_count 2\n`;
	const families = parseMetrics(text);
	assert.deepEqual([...families.keys()], ["a_total", "g", "h"]);
	assert.deepEqual(families.get("a_total").samples[0], {
		name: "a_total",
		labels: { x: "1", y: '"\\\n' },
		value: 1000,
	});
	assert.equal(families.get("g").samples[0].value, -Infinity);
});

test("what is wrong", () => {
	for (const [text, message] of [
		[`${counter}a_total 1`, /no end/],
		["a_total 1\n", /not after its TYPE/],
		["# TYPE a_total counter\n", /not after its HELP/],
		["# HELP a_total Help.\n", /no TYPE/],
		["# HELP 1a Help.\n", /1a/],
		[counter + counter, /a second time/],
		["# HELP a Help.\n# TYPE a count\n", /count/],
		["# HELP a Help.\n# TYPE a counter\n", /a/],
		["# HELP a_total Help.\n# TYPE a_total gauge\n", /a_total/],
		[`${counter}b_total 1\n`, /not of a_total/],
		[`${counter}a_total -1\n`, /-1/],
		[`${counter}a_total NaN\n`, /NaN/],
		[`${counter}a_total one\n`, /one/],
		[`${counter}a_total 1 2 3\n`, /not a sample/],
		[`${counter}a_total{x="1"} 1\na_total{x="1"} 2\n`, /a second time/],
		[`${counter}a_total{x="1",x="2"} 1\n`, /a label twice/],
		[`${counter}a_total{x=1} 1\n`, /malformed labels/],
		[`${counter}a_total{x="\\x"} 1\n`, /malformed labels/],
		[`${counter}a_total{le="1"} 1\n`, /le="1"/],
		[`${histogram}h_bucket{le="1"} 1\nh_sum 1\nh_count 1\n`, /^h /],
		[`${histogram}h_bucket{le="+Inf"} 2\nh_sum 1\nh_count 1\n`, /^h /],
		[`${histogram}h_bucket{le="+Inf"} 2\nh_count 2\n`, /^h /],
		[
			`${histogram}h_bucket{le="1"} 3\nh_bucket{le="+Inf"} 2\nh_sum 1\nh_count 2\n`,
			/^h /,
		],
		[
			`${histogram}h_bucket{le="2"} 1\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`,
			/^h /,
		],
	])
		assert.throws(() => parseMetrics(text), { message }, text);
});
