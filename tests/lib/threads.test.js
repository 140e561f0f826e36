// Promises: at once or on the thread pool, many texts, and signals.
import assert from "node:assert/strict";
import test from "node:test";
import {
	toString as draw,
	toBuffer,
	toBufferSync,
	toBuffers,
	toDataURL,
	toFile,
} from "../../lib/index.js";

const long = "x".repeat(2000);
const large = { width: 3000 };

/** Whether a promise waits for the event loop: only what another thread did comes from there. */
async function isElsewhere(start) {
	let isSettled = false;
	const promise = start().finally(() => {
		isSettled = true;
	});
	const mostMicrotasks = 100;
	for (let i = 0; i < mostMicrotasks; i++) await null;
	const isWaiting = !isSettled;
	await promise;
	return isWaiting;
}

test("short texts are encoded at once, others on the thread pool", async () => {
	assert.equal(await isElsewhere(() => toBuffer("short")), false);
	assert.equal(await isElsewhere(() => toDataURL("short")), false);
	assert.equal(await isElsewhere(() => toBuffer(long, large)), true);
	assert.equal(await isElsewhere(() => toDataURL(long, large)), true);
	const always = { alwaysOnPool: true };
	assert.equal(await isElsewhere(() => toBuffer("short", always)), true);
});

test("both give the same image", async () => {
	const options = { margin: 2, color: { dark: "#123" } };
	for (const more of [{}, { width: 20 }, { width: 22 }, { scale: 2.5 }]) {
		const all = { ...options, ...more };
		const expected = toBufferSync("text", all);
		const elsewhere = await toBuffer("text", { ...all, alwaysOnPool: true });
		assert.deepEqual(elsewhere, expected);
		assert.deepEqual(await toBuffers(["text"], all), [expected]);
	}
});

test("text and options may change once the call has returned", async () => {
	const text = Buffer.from("before");
	const options = { width: 22, margin: 8, alwaysOnPool: true, scale: 3 };
	const expected = toBufferSync("before", options);
	const promise = toBuffer(text, options);
	const all = toBuffers([text], options);
	text.write("after!");
	options.scale = 1;
	assert.deepEqual(await promise, expected);
	assert.deepEqual(await all, [expected]);
});

test("toBuffers: in the order of the texts, of all kinds", async () => {
	const texts = Array.from({ length: 1000 }, (_, i) =>
		i % 3 === 0 ? `text ${i}` : i % 3 === 1 ? [{ data: i }] : Buffer.from([i]),
	);
	const expected = texts.map((text) => toBufferSync(text, { scale: 1 }));
	assert.deepEqual(await toBuffers(texts, { scale: 1 }), expected);
	assert.deepEqual(await toBuffers(new Set(texts), { scale: 1 }), expected);
	assert.deepEqual(await toBuffers([]), []);
});

test("toBuffers: widths too small for some are ignored for those", async () => {
	const texts = ["a", "b".repeat(100), "c"];
	const options = { width: 40 };
	const expected = texts.map((text) => toBufferSync(text, options));
	assert.deepEqual(await toBuffers(texts, options), expected);
	await assert.rejects(toBuffers(texts, { ...options, strict: true }), {
		code: "ERR_QRPNG_WIDTH_TOO_SMALL",
		index: 1,
	});
});

test("toBuffers: the first text that fails is named", async () => {
	const texts = Array.from({ length: 500 }, (_, i) => `${i}`);
	for (const [wrong, code] of [
		["", "ERR_QRPNG_TEXT_EMPTY"],
		[5, "ERR_INVALID_ARG_TYPE"],
		["x".repeat(3000), "ERR_QRPNG_TEXT_TOO_LONG"],
	]) {
		const some = texts.with(333, wrong).with(400, wrong);
		await assert.rejects(toBuffers(some), (error) => {
			assert.equal(error.code, code);
			assert.equal(error.index, 333);
			return error.message.startsWith("Text 333: ");
		});
	}
	await assert.rejects(toBuffers("text"), { code: "ERR_INVALID_ARG_TYPE" });
});

test("a signal that is aborted already: nothing is done", async () => {
	const signal = AbortSignal.abort(new Error("no more"));
	const reason = { message: "no more" };
	await assert.rejects(toBuffer("a", { signal }), reason);
	await assert.rejects(toDataURL("a", { signal }), reason);
	await assert.rejects(draw("a", { signal }), reason);
	await assert.rejects(toBuffers(["a"], { signal }), reason);
	await assert.rejects(toFile("/nowhere/a.png", "a", { signal }), reason);
});

test("a signal that aborts meanwhile rejects at once, with its reason", async () => {
	const controller = new AbortController();
	const { signal } = controller;
	const texts = Array.from({ length: 5000 }, (_, i) => `${long.slice(9)}${i}`);
	const running = [
		toBuffer(long, { ...large, signal }),
		toDataURL(long, { ...large, signal }),
		toBuffers(texts, { signal }),
	].map((promise) => assert.rejects(promise, { message: "enough" }));
	controller.abort(new Error("enough"));
	await Promise.all(running);
	assert.ok((await toBuffer(long, large)).length > 0);
});
