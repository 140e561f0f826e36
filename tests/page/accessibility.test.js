// The page as axe-core judges it, in each look and state.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { findHost, startHost } from "../contract/hosts.js";
import { change, hostWith, launchBrowser, settled } from "./browser.js";

let browser;
let running;
let alone;
before(async () => {
	[browser, running, alone] = await Promise.all([
		launchBrowser(),
		startHost(hostWith("js-best,addon")),
		startHost(findHost("addon")),
	]);
});
after(async () => {
	await browser?.close();
	running?.kill();
	alone?.kill();
});

const someLooks = [
	{ colorScheme: "light", width: 360 },
	{ colorScheme: "dark", width: 1280 },
];
const allLooks = [
	...someLooks,
	{ colorScheme: "light", width: 1280 },
	{ colorScheme: "dark", width: 360 },
];

async function open(t, { port }) {
	const context = await browser.newContext();
	t.after(() => context.close());
	const page = await context.newPage();
	await page.goto(`http://127.0.0.1:${port}/`);
	await settled(page);
	return page;
}

async function assertAccessible(page, looks = someLooks) {
	await page.evaluate(axe.source);
	for (const { colorScheme, width } of looks) {
		await page.emulateMedia({ colorScheme });
		await page.setViewportSize({ width, height: 800 });
		const { violations, passes } = await page.evaluate(() =>
			globalThis.axe.run(),
		);
		const found = violations.map(
			({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`,
		);
		assert.deepEqual(found, [], `${colorScheme}, ${width} px`);
		assert.ok(passes.length > 20, "axe has looked");
	}
}

test("with codes, with a refusal, and after a race", async (t) => {
	const page = await open(t, running);
	await assertAccessible(page, allLooks);
	await change(page, () => page.getByLabel("Width").fill("20"));
	await assertAccessible(page);
	await change(page, () => page.getByLabel("Width").fill("200"));
	await page.locator("#race-button").click();
	await page.getByText(/ makes [\d,.]+ images/).waitFor();
	await assertAccessible(page);
});

test("a single tier, also where the script doesn't come", async (t) => {
	const page = await open(t, alone);
	await assertAccessible(page);
	await page.route("**/main.js", (route) => route.abort());
	await page.reload();
	assert.ok(await page.getByRole("button", { name: "Make" }).isVisible());
	await assertAccessible(page);
});
