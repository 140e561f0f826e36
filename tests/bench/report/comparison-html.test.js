// The comparison of two runs as HTML, and that its texts can do no harm in any form.
import assert from "node:assert/strict";
import test from "node:test";
import {
	renderComparison,
	renderComparisonMarkdown,
} from "../../../bench/report/compare.js";
import { renderComparisonHtml } from "../../../bench/report/html/comparison.js";
import {
	hasControls,
	hostileTexts,
	makeChange,
	makeComparison,
} from "../sample-results.js";

test("the answer, the chart, the table and the notes", async () => {
	const html = await renderComparisonHtml(makeComparison(), null);
	assert.match(
		html,
		/B compared with A: 1 faster, 1 slower, 1 not distinguishable\./,
	);
	assert.equal(html.match(/<svg role="img" aria-label="[^"]+/g).length, 2);
	assert.match(html, /<text[^>]*>server@fast<\/text>/);
	assert.match(html, /<th scope="row" class="left">cli<\/th>/);
	assert.match(html, /abc was measured in A and failed in B: abc/);
	assert.match(html, /Content-Security-Policy" content="default-src &#39;none/);
});

test("the answer for the only row is what is said of it", async () => {
	const rows = [makeChange("addon", 1.2, "faster")];
	const html = await renderComparisonHtml(makeComparison("x", rows), null);
	assert.match(html, /B compared with A: addon: faster, at 1\.20x the rate\./);
});

test("a comparison without rows", async () => {
	const html = await renderComparisonHtml(makeComparison("x", []), null);
	assert.doesNotMatch(html, /<svg/);
});

for (const text of hostileTexts)
	test(`${JSON.stringify(text)} in all texts stays a text`, async () => {
		const comparison = makeComparison(text, [makeChange(text, 1.2, text)]);
		const gate = {
			threshold: 0.1,
			regressions: [text],
			undecided: [],
			tooNoisy: [text],
		};
		const html = await renderComparisonHtml(comparison, gate);
		const tags = html.match(/<[a-z!/][^>]*>/gi).join("");
		assert.equal(html.match(/<script/g).length, 1);
		assert.ok(!/<img|\son\w+=/.test(tags.replace(/"[^"]*"/g, "")));
		const markdown = renderComparisonMarkdown(comparison, gate);
		assert.ok(!/(?<!\\)</.test(markdown), "no tags");
		for (const report of [html, markdown, renderComparison(comparison, gate)])
			assert.ok(!hasControls(report));
	});
