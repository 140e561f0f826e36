// What a browser lets the pages of other sites do to the server, and what the server lets them: Chromium on real pages.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { findHost, startHost } from "../contract/hosts.js";
import { sentences } from "../contract/refusals.js";
import { hostWith, launchBrowser, settled } from "./browser.js";

/** As if a name server said so: evil.example is what an attacker has rebound, qr.example what a proxy is reached by. */
const RESOLVER = ["--host-resolver-rules=MAP *.example 127.0.0.1"];

describe("pages of other sites in Chromium", () => {
	let browser;
	let evil;
	let running;
	let page;

	before(async () => {
		evil = createServer((_req, res) => {
			res.writeHead(200, { "Content-Type": "text/html" });
			res.end("<!doctype html><title>evil</title>");
		}).listen(0, "127.0.0.1");
		await once(evil, "listening");
		running = await startHost(hostWith("js-best,addon"), [
			"--allowed-hosts",
			"qr.example",
		]);
		browser = await launchBrowser(RESOLVER);
	});
	after(async () => {
		await browser?.close();
		running?.kill();
		evil.close();
		evil.closeAllConnections();
	});

	async function open(url) {
		await page?.context().close();
		page = await (await browser.newContext()).newPage();
		page.setDefaultTimeout(30_000);
		return page.goto(url);
	}

	/** Waits for the times, and lets the tiers race, as soon as the rest after another race is over. */
	async function use(origin) {
		await open("about:blank");
		const timed = page.waitForResponse(`${origin}/times`);
		await page.goto(`${origin}/`);
		await settled(page);
		assert.equal((await timed).status(), 200);
		for (let status; status !== 200; ) {
			const answered = page.waitForResponse(`${origin}/race`);
			await page.getByText("Start the race").click();
			status = (await answered).status();
			assert.ok(status === 200 || status === 503, `status ${status}`);
			await page.getByText("Start the race").waitFor(); // it is over
		}
		const figures = await page.locator("[data-field=figure]").allTextContents();
		for (const figure of figures) assert.match(figure, /\d/);
	}

	test("what they send without asking is refused unread", async () => {
		const target = `http://127.0.0.1:${running.port}`;
		for (const name of ["localhost", "evil.example"])
			for (const path of ["/qrcode", "/qrcodes", "/times", "/race"]) {
				await open(`http://${name}:${evil.address().port}/`);
				const answered = page.waitForResponse(target + path);
				const asked = page.evaluate(
					(url) => fetch(url, { method: "POST", mode: "no-cors", body: "a" }),
					target + path,
				);
				const response = await answered;
				await asked;
				assert.equal(response.status(), 403, path);
			}
	});

	test("so is a form", async () => {
		await open(`http://evil.example:${evil.address().port}/`);
		const url = `http://127.0.0.1:${running.port}/qrcode`;
		const answered = page.waitForResponse(url);
		await page.evaluate((action) => {
			const form = document.createElement("form");
			Object.assign(form, { method: "post", enctype: "text/plain", action });
			document.body.append(form);
			form.submit();
		}, url);
		assert.equal((await answered).status(), 403);
	});

	test("a rebound name neither shows the page nor starts a race", async () => {
		const origin = `http://evil.example:${running.port}`;
		const response = await open(`${origin}/`);
		assert.equal(response.status(), 403);
		assert.equal(await response.text(), `${sentences.host}\n`);
		// The attacker's page itself was served under that name before.
		await open(`${origin}/healthz`);
		for (const path of ["/times", "/race"]) {
			const answer = await page.evaluate(async (path) => {
				const headers = { "Content-Type": "application/json" };
				const body = '{"text":"a"}';
				const response = await fetch(path, { method: "POST", headers, body });
				return [response.status, await response.text()];
			}, path);
			assert.deepEqual(answer, [403, `${sentences.host}\n`]);
		}
	});

	test("the page works under localhost and under names that are allowed", async () => {
		for (const name of ["localhost", "qr.example"])
			await use(`http://${name}:${running.port}`);
	});

	test("the page works through nginx", async () => {
		const proxied = await startHost(findHost("server-nginx"));
		try {
			await use(`http://127.0.0.1:${proxied.port}`);
			await proxied.stop();
		} finally {
			proxied.kill();
		}
	});
});
