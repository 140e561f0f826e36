// The glue and the module in a real browser, on a page and in its worker, without a bundler.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import http from "node:http";
import { after, before, test } from "node:test";
import * as addon from "../../lib/index.js";
import { launchBrowser } from "../page/browser.js";

const root = new URL("../../", import.meta.url);
const types = { js: "text/javascript", wasm: "application/wasm" };
const worker = `import { load } from "/build/Release/qrpng.js";
onmessage = async ({ data: { module, text } }) => {
	const { toBufferSync } = await load(module);
	postMessage(toBufferSync(text));
};`;

function answer(req, res) {
	if (req.url === "/")
		res
			.setHeader("Content-Type", "text/html")
			.end("<!doctype html><link rel=icon href=data:,>");
	else if (req.url === "/worker.js")
		res.setHeader("Content-Type", types.js).end(worker);
	else {
		const type = types[req.url.split(".").at(-1)];
		res
			.setHeader("Content-Type", type)
			.end(readFileSync(new URL(`.${req.url}`, root)));
	}
}

let server;
let browser;
let page;
before(async () => {
	server = http.createServer(answer).listen(0, "127.0.0.1");
	await once(server, "listening");
	browser = await launchBrowser();
	page = await browser.newPage();
	await page.goto(`http://127.0.0.1:${server.address().port}/`);
});
after(async () => {
	await browser?.close();
	server.close().closeAllConnections();
});

test("a page encodes texts and gets the errors of the addon", async () => {
	const { png, name, failure } = await page.evaluate(async () => {
		const { load } = await import("/build/Release/qrpng.js");
		const { toBufferSync, toBuffer } = await load();
		const png = await toBuffer("grüß dich", { width: 300 });
		try {
			return { png: toBufferSync("") };
		} catch ({ code, message }) {
			const failure = { code, message };
			return { png: [...png], name: png.constructor.name, failure };
		}
	});
	assert.equal(name, "Uint8Array");
	assert.deepEqual(
		Buffer.from(png),
		addon.toBufferSync("grüß dich", { width: 300 }),
	);
	assert.throws(() => addon.toBufferSync(""), failure);
});

test("the compiled module works in a worker", async () => {
	const png = await page.evaluate(async () => {
		const { load } = await import("/build/Release/qrpng.js");
		const { module } = await load();
		const worker = new Worker("/worker.js", { type: "module" });
		worker.postMessage({ module, text: "in a worker" });
		const { data } = await new Promise((resolve, reject) => {
			worker.onmessage = resolve;
			worker.onerror = reject;
		});
		return [...data];
	});
	assert.deepEqual(Buffer.from(png), addon.toBufferSync("in a worker"));
});
