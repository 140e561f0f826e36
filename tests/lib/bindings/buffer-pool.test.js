// The memory that small images share: nobody can take it away from the others.
import assert from "node:assert/strict";
import { test } from "node:test";
import { toBufferSync } from "../../../lib/index.js";

const texts = Array.from({ length: 300 }, (_, i) => `text ${i}`);

test("small images share memory, large ones have their own", () => {
	for (const text of texts.slice(0, 20)) toBufferSync(text);
	const [first, second] = [toBufferSync("1"), toBufferSync("2")];
	assert.equal(first.buffer, second.buffer);
	const large = toBufferSync("x".repeat(2000), { width: 4096 });
	assert.equal(large.buffer.byteLength, large.length);
});

/** Whether Node refuses, or copies instead, depends on its version. */
function tryTo(detach) {
	try {
		detach();
	} catch {}
}

test("an image can't be given away together with what it shares memory with", () => {
	const images = texts.map((text) => toBufferSync(text));
	const expected = images.map((image) => Buffer.from(image));
	for (const { buffer } of images)
		tryTo(() => structuredClone(buffer, { transfer: [buffer] }));
	assert.deepEqual(images, expected);
});

test("memory that is taken away all the same is replaced", () => {
	const expected = texts.map((text) => Buffer.from(toBufferSync(text)));
	for (const [i, text] of texts.entries()) {
		const image = toBufferSync(text);
		assert.deepEqual(image, expected[i]);
		tryTo(() => image.buffer.transfer());
	}
});
