// The face for browsers, as it is bundled, on the module's bytes: in Node, with what browsers have in place of a canvas.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as node from "../../lib/index.js";
import { makeCanvas } from "../drop-in/judge.js";

const built = new URL("../../build/Release/", import.meta.url);
const { default: browser } = await import(new URL("browser.js", built));

test("create() needs the module, which init() loads", async () => {
	assert.throws(() => browser.create("pony"), /await init\(\) first/);
	await browser.init(readFileSync(new URL("qrpng.wasm", built)));
	const [symbol, expected] = [browser, node].map(({ create }) =>
		create("pony"),
	);
	assert.deepEqual(symbol.modules.data, expected.modules.data);
	assert.deepEqual(JSON.stringify(symbol), JSON.stringify(expected));
});

test("promises and callbacks give what Node gives", async () => {
	const options = { margin: 1, color: { dark: "#00f" } };
	const url = await node.toDataURL("pony", options);
	assert.equal(await browser.toDataURL("pony", options), url);
	const svg = await node.toString("pony", { type: "svg" });
	assert.equal(await browser.toString("pony", { type: "svg" }), svg);
	const given = await new Promise((resolve) => {
		browser.toDataURL("pony", options, (...args) => resolve(args));
	});
	assert.deepEqual(given, [null, url]);
	await assert.rejects(browser.toString(""), { code: "ERR_QRPNG_TEXT_EMPTY" });
});

test("canvases are drawn on, and make what is no PNG", async () => {
	const [canvas, expected] = [makeCanvas(), makeCanvas()];
	assert.equal(await browser.toCanvas(canvas, "pony"), canvas);
	await node.toCanvas(expected, "pony");
	assert.deepEqual(canvas.pixels().data, expected.pixels().data);
	const type = "image/jpeg";
	const quality = { type, rendererOpts: { quality: 0.5 } };
	const url = await browser.toDataURL(canvas, "pony", quality);
	assert.equal(url, "data:image/jpeg;base64,drawn");
	assert.deepEqual(canvas.calls.at(-1), ["toDataURL", type, 0.5]);
});
