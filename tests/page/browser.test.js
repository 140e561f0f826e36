// The page in Chromium, as people use it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, afterEach, before, describe, test } from "node:test";
import { decodeQrCode } from "../../bench/subjects/decode.js";
import { root, startHost } from "../contract/hosts.js";
import { sentences } from "../contract/refusals.js";
import { change, hostWith, launchBrowser, settled, watch } from "./browser.js";

const tiers = ["js-best", "addon", "sidecar"];
const hostile = `'; touch hacked; "\`$(id)\`" </code><script>alert(1)</script>\nü ‮`;

/** In the browser; null at the end of the page. */
function describeFocused() {
	const element = document.activeElement;
	if (element === document.body) return null;
	const isRadio = element.matches("[type=radio]");
	const drawn = isRadio ? element.nextElementSibling : element;
	const { outlineStyle, outlineWidth } = getComputedStyle(drawn);
	return {
		name: element.id || element.name || element.textContent,
		outline: outlineStyle === "solid" && outlineWidth === "3px",
	};
}

describe("the page in Chromium", () => {
	let browser;
	let running;
	let origin;
	let context;
	let page;
	let troubles;

	before(async () => {
		[browser, running] = await Promise.all([
			launchBrowser(),
			startHost(hostWith(tiers.join(","))),
		]);
		origin = `http://127.0.0.1:${running.port}`;
	});
	after(async () => {
		await browser?.close();
		running?.kill();
	});

	afterEach(async () => {
		await context.close();
		assert.deepEqual(troubles, []);
	});

	async function open(options, path = "/") {
		await context?.close();
		context = await browser.newContext(options);
		page = await context.newPage();
		page.setDefaultTimeout(30_000);
		troubles = watch(page, origin);
		await page.goto(origin + path);
		if (options?.javaScriptEnabled !== false) await settled(page);
	}

	const card = (tier) => page.locator(`.card[data-tier=${tier}]`);
	const type = (text) => change(page, () => page.getByLabel("Text").fill(text));
	const textOf = (selector) => page.locator(selector).textContent();

	async function download(tier) {
		const event = page.waitForEvent("download");
		await card(tier).getByRole("link", { name: "Download" }).click();
		return readFileSync(await (await event).path());
	}

	async function copy(name) {
		await context.grantPermissions(["clipboard-read", "clipboard-write"]);
		const region = page.locator(`[data-copies=${name}]`);
		await region.click();
		await page.waitForFunction(
			() => document.querySelector("#announcement").textContent === "Copied",
		);
		return page.evaluate(() => navigator.clipboard.readText());
	}

	test("the code of a text from each tier, the C server among them", async () => {
		await open();
		await type("héllo");
		for (const tier of tiers) {
			const png = await download(tier);
			assert.equal((await decodeQrCode(png)).bytes.toString(), "héllo");
			const image = card(tier).locator("img");
			await page.waitForFunction(
				(img) => img.naturalWidth === 200,
				await image.elementHandle(),
			);
			assert.match(
				await card(tier).locator("[data-field=time]").textContent(),
				/^[\d.]+ (µs|ms)$/,
			);
			const bytes = await card(tier)
				.locator("[data-field=bytes]")
				.textContent();
			assert.equal(Number(bytes.replace(",", "")), png.length);
		}
		assert.match(
			await textOf("#codes-summary"),
			/^Fastest: [a-z, -]+, .+\. Smallest: \d+ bytes\.$/,
		);
		assert.equal(await textOf("#text-size"), "6 bytes");
	});

	test("level, width, margin and engine", async () => {
		await open();
		await change(page, () => page.getByRole("radio", { name: "H 30" }).check());
		await change(page, () => page.getByLabel("Width").fill("300"));
		await change(page, () => page.getByLabel("Margin").fill("0"));
		await change(page, () =>
			page.getByLabel("Engine").selectOption("reference"),
		);
		const png = await download("addon");
		assert.equal((await decodeQrCode(png)).level, "H");
		assert.equal(png.readUInt32BE(16), 300);
		const path = await card("addon").locator("img").getAttribute("src");
		const { searchParams } = new URL(path, origin);
		assert.equal(searchParams.get("engine"), "reference");
		assert.equal(searchParams.get("margin"), "0");
		assert.equal(
			await card("addon").locator("[data-field=engine]").textContent(),
			"reference",
		);
		const js = await card("js-best").locator("img").getAttribute("src");
		assert.ok(!new URL(js, origin).searchParams.has("engine"));
	});

	test("a refusal is said aloud, and gone with its cause", async () => {
		await open();
		const alert = page.getByRole("alert");
		await change(page, () => page.getByLabel("Width").fill("20"));
		assert.equal(await alert.textContent(), sentences.tooSmall(20, 33));
		assert.ok(!(await card("js-best").locator("img").isVisible()));
		await change(page, () => page.getByLabel("Width").fill("2e3"));
		assert.equal(await alert.textContent(), sentences.width);
		await type("a".repeat(3000));
		await change(page, () => page.getByLabel("Width").fill(""));
		assert.equal(await alert.textContent(), sentences.tooLong.L);
		await type("");
		assert.equal(await alert.textContent(), sentences.empty);
		await type("short");
		assert.equal(await alert.textContent(), "");
		assert.ok(await card("js-best").locator("img").isVisible());
	});

	test("the curl line, through a shell", async () => {
		await open();
		await type(hostile);
		await page.locator("#lines-tier").selectOption("addon");
		const line = (await copy("curl")).replace(/ > code\.png$/, "");
		const shell = `curl() { printf %s "$*"; }\n${line}`;
		const url = execFileSync("sh", ["-c", shell]).toString();
		assert.ok(url.startsWith(`${origin}/qrcode?`), url);
		const png = await (await fetch(url)).arrayBuffer();
		assert.equal((await decodeQrCode(png)).bytes.toString(), hostile);
	});

	test("the code lines, through Node", async () => {
		await open();
		await type(hostile);
		const lines = await copy("code");
		assert.doesNotMatch(lines, /\p{Cf}/u);
		const program = `${lines}\nprocess.stdout.write(png);`;
		const args = ["--input-type=module", "--eval", program];
		const png = execFileSync(process.execPath, args, { cwd: root });
		assert.equal((await decodeQrCode(png)).bytes.toString(), hostile);
		assert.deepEqual(png, await download("addon"));
	});

	test("the race draws its bars while it goes on, and there is but one", async () => {
		await open();
		const button = page.locator("#race-button");
		assert.equal(await page.locator(".bar[style*=scaleX]").count(), 0);
		const other = await context.newPage();
		await other.goto(origin);
		const release = await holdRace(other);
		await other.locator("#race-button").click();
		const answered = page.waitForResponse(`${origin}/race`);
		const drawnAmid = page.waitForFunction(() => {
			const bar = document.querySelector(".bar[style*='scaleX(1)']");
			const { textContent } = document.querySelector("#race-button");
			return (
				bar?.getBoundingClientRect().width > 1 &&
				textContent === "Stop the race"
			);
		});
		await button.click();
		await answered;
		release();
		await other.getByText("A race is running").waitFor();
		await drawnAmid;
		await other.close();
		await page
			.getByText(
				/ makes [\d,.]+ images a second, [\d,.]+× the rate of js-best\.$/,
			)
			.waitFor();
		for (const tier of tiers)
			assert.match(
				await textOf(`.lane[data-tier=${tier}] [data-field=figure]`),
				/^[\d,.]+\/s$/,
			);
		assert.equal(await button.textContent(), "Start the race");
	});

	test("the race can be stopped, by keyboard", async () => {
		await open();
		await page.locator("#race-button").focus();
		await startRace();
		await page.keyboard.press("Enter");
		await page.getByText("The race was stopped.").waitFor();
		assert.equal(await textOf("#race-button"), "Start the race");
	});

	/** Keeps the race that a page asks for from the host, until it is released. */
	async function holdRace(page) {
		let release;
		const released = new Promise((resolve) => {
			release = resolve;
		});
		await page.route(`${origin}/race`, async (route) => {
			await released;
			await route.continue();
		});
		return release;
	}

	/** With the key, until the rest after the race before is over. */
	async function startRace() {
		for (;;) {
			const answered = page.waitForResponse(`${origin}/race`);
			await page.keyboard.press("Enter");
			if ((await answered).ok()) return;
			await page.getByText("A race is running or has just").waitFor();
		}
	}

	test("every control is reached by Tab, and shows that it is", async () => {
		await open();
		const reached = [];
		for (let i = 0; i < 30; i++) {
			await page.keyboard.press("Tab");
			const focused = await page.evaluate(describeFocused);
			if (focused === null) break;
			const { name, outline } = focused;
			assert.ok(outline, `no outline around ${name}`);
			reached.push(name);
		}
		const expected = [
			"text",
			"ecl",
			"width",
			"margin",
			"engine",
			"Download",
			"race-button",
			"lines-tier",
			"Copy",
		];
		assert.deepEqual(
			[...new Set(reached)].filter((name) => expected.includes(name)),
			expected,
		);
	});

	test("without JavaScript", async () => {
		await open({ javaScriptEnabled: false });
		await page.getByLabel("Text").fill(hostile);
		await page.getByRole("radio", { name: "Q 25" }).check();
		await page.getByLabel("Width").fill("240");
		await page.getByRole("button", { name: "Make the code" }).click();
		await page.waitForURL(/width=240/);
		assert.equal(await page.getByLabel("Text").inputValue(), hostile);
		for (const tier of tiers) {
			const png = await download(tier);
			const { bytes, level } = await decodeQrCode(png);
			assert.equal(bytes.toString(), hostile);
			assert.equal(level, "Q");
		}
		assert.ok(!(await page.locator("#race").isVisible()));
		await page.getByLabel("Width").fill("1");
		await page.getByRole("button", { name: "Make the code" }).click();
		await page.getByText("A width of 1 px is too small").waitFor();
	});

	test("a hostile link shows its text and does nothing", async () => {
		await open({}, `/?${new URLSearchParams({ text: hostile })}`);
		assert.equal(await page.getByLabel("Text").inputValue(), hostile);
		assert.equal(
			(await decodeQrCode(await download("js-best"))).bytes.toString(),
			hostile,
		);
		assert.match(await textOf("#code"), /touch hacked/);
	});

	test("nothing needs scrolling sideways, on the smallest phone", async () => {
		await open({ viewport: { width: 320, height: 640 } });
		await type(`${"x".repeat(300)} ${"long ".repeat(30)}`);
		const excess = await page.evaluate(
			() => document.documentElement.scrollWidth - innerWidth,
		);
		assert.ok(excess <= 0, `${excess} px too wide`);
	});

	test("whoever wants less motion gets none", async () => {
		await open();
		const duration = () =>
			page
				.locator(".bar")
				.first()
				.evaluate((bar) => getComputedStyle(bar).transitionDuration);
		assert.equal(await duration(), "0.12s");
		await page.emulateMedia({ reducedMotion: "reduce" });
		assert.equal(await duration(), "0s");
	});
});
