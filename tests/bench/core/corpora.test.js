import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { loadCorpus, madeCorpora } from "../../../bench/core/corpora.js";

test("thousands of different texts of the size that the corpus is named after", () => {
	for (const name of madeCorpora) {
		const size = Number(name.split("-")[1]);
		// Long ones take long to make, and are even less alike.
		const count = size > 200 ? 100 : undefined;
		const texts = loadCorpus(name, count);
		assert.equal(texts.length, count ?? 2000, name);
		assert.ok(new Set(texts).size > 0.995 * texts.length, name);
		for (const text of texts) {
			const bytes = Buffer.byteLength(text);
			assert.ok(bytes >= 0.9 * size - 3 && bytes <= size, `${name}: ${bytes}`);
			assert.ok(text.isWellFormed() && !text.includes("\0"), name);
		}
	}
});

test("the corpora are the same in every process, on every machine", () => {
	const small = madeCorpora.filter((name) => name.endsWith("-50"));
	const texts = small.map((name) => loadCorpus(name).join("\n"));
	const digest = createHash("sha256").update(texts.join("\n")).digest("hex");
	assert.equal(
		digest,
		"2b14527671ef58c54c433e3851f26ecb3b187e28cfbf2da24f5e2f38d846b32c",
	);
});
