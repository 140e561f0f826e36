// report.html in Chromium: as axe-core judges it, in each look, and what can be done with it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { renderComparisonHtml } from "../../../bench/report/html/comparison.js";
import { renderHtml } from "../../../bench/report/html/page.js";
import { launchBrowser } from "../../page/browser.js";
import {
	hostileTexts,
	makeComparison,
	makeHostileResults,
	makeManyResults,
	makeUsualResults,
} from "../sample-results.js";

let browser;
let directory;
before(async () => {
	directory = mkdtempSync(join(tmpdir(), "report-page-"));
	browser = await launchBrowser();
});
after(async () => {
	await browser?.close();
	rmSync(directory, { recursive: true });
});

/** Opens a page from a file, without a network; `troubles` are errors, and requests for anything but that file. */
async function openPage(t, html, options = {}) {
	const file = join(directory, "report.html");
	writeFileSync(file, html);
	const context = await browser.newContext({ offline: true, ...options });
	t.after(() => context.close());
	const page = await context.newPage();
	const troubles = [];
	page.on("pageerror", (error) => troubles.push(error.message));
	page.on("console", (message) => troubles.push(message.text()));
	const { href } = pathToFileURL(file);
	page.on("request", (request) => {
		if (request.url() !== href) troubles.push(request.url());
	});
	await page.goto(href);
	return { page, troubles };
}

const open = async (t, results, options) =>
	openPage(t, await renderHtml(results), options);

const looks = [
	{ colorScheme: "light", width: 1280 },
	{ colorScheme: "dark", width: 1280 },
	{ colorScheme: "light", width: 390 },
	{ colorScheme: "dark", width: 390 },
];

async function assertAccessible(page, someLooks) {
	await page.evaluate(axe.source);
	for (const { colorScheme, width } of someLooks) {
		await page.emulateMedia({ colorScheme });
		await page.setViewportSize({ width, height: 800 });
		const { violations, passes } = await page.evaluate(() =>
			globalThis.axe.run(),
		);
		const found = violations.map(
			({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`,
		);
		assert.deepEqual(found, [], `${colorScheme}, ${width} px`);
		assert.ok(passes.length > 20, "axe has looked");
		const needed = await page.evaluate(
			() => globalThis.document.documentElement.scrollWidth,
		);
		assert.ok(needed <= width, `${needed} of ${width} px`);
	}
}

const twoLooks = [looks[0], looks[3]];

for (const [name, render, someLooks] of [
	["a usual run", () => renderHtml(makeUsualResults()), looks],
	["a run over many rows", () => renderHtml(makeManyResults()), [looks[3]]],
	["a comparison", () => renderComparisonHtml(makeComparison()), twoLooks],
])
	test(`${name}: accessible and no wider than the window, light and dark`, async (t) => {
		const { page, troubles } = await openPage(t, await render());
		await assertAccessible(page, someLooks);
		assert.deepEqual(troubles, []);
	});

test("charts are as wide as the window has space for, and all there in print", async (t) => {
	const { page } = await open(t, makeUsualResults());
	const visible = async () => {
		const charts = page.locator("figure svg:visible");
		const boxes = await charts.evaluateAll((all) =>
			all.map((svg) => Math.round(svg.getBoundingClientRect().width)),
		);
		assert.equal(boxes.length, 10);
		return Math.max(...boxes);
	};
	await page.setViewportSize({ width: 1280, height: 800 });
	assert.ok((await visible()) > 700);
	await page.setViewportSize({ width: 390, height: 800 });
	assert.ok((await visible()) < 360);
	await page.emulateMedia({ media: "print", colorScheme: "dark" });
	await visible();
	const paper = await page.evaluate(
		() => globalThis.getComputedStyle(globalThis.document.body).backgroundColor,
	);
	assert.equal(
		paper,
		"rgb(255, 255, 255)",
		"paper is white in a dark look, too",
	);
});

const firstColumn = (page) =>
	page.locator(".sheet >> nth=1").locator("tbody th").allTextContents();

test("tables are sorted by a click or the keyboard, and back again", async (t) => {
	const { page, troubles } = await open(t, makeUsualResults());
	const asMeasured = await firstColumn(page);
	const head = page.locator(".sheet >> nth=1").getByRole("button", {
		name: "requests/s",
	});
	await head.click();
	assert.deepEqual(
		await firstColumn(page),
		["server", "constant", "addon", "js"],
		"numbers, with their thousands separated, not letters",
	);
	const cell = page.getByRole("columnheader", { name: "requests/s" }).first();
	assert.equal(await cell.getAttribute("aria-sort"), "descending");
	await head.focus();
	await page.keyboard.press("Enter");
	assert.equal(await cell.getAttribute("aria-sort"), "ascending");
	assert.equal((await firstColumn(page))[0], "js");
	await page.keyboard.press("Space");
	assert.deepEqual(await firstColumn(page), asMeasured);
	assert.equal(await cell.getAttribute("aria-sort"), null);
	assert.deepEqual(troubles, []);
});

test("without scripts all of it can be read", async (t) => {
	const { page } = await open(t, makeUsualResults(), {
		javaScriptEnabled: false,
	});
	assert.equal(await page.locator("figure svg:visible").count(), 10);
	await page.getByText("The figures as a table").first().click();
	assert.ok(await page.locator("figure table").first().isVisible());
	assert.equal(await page.getByRole("button").count(), 0);
});

test("no text of the results is run", async (t) => {
	const { page, troubles } = await open(
		t,
		makeHostileResults(hostileTexts.join(" ")),
	);
	await page.locator("body").hover();
	assert.equal(await page.evaluate(() => globalThis.hit), undefined);
	assert.deepEqual(troubles, []);
	assert.equal(await page.locator("img").count(), 0);
});
