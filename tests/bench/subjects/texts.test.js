import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { loadTexts } from "../../../bench/subjects/texts.js";

const bounds = { short: [20, 80], mid: [190, 210], long: [480, 520] };

for (const [kind, [fewest, most]] of Object.entries(bounds)) {
	test(`${kind} texts: URLs of ${fewest} to ${most} bytes, all different`, () => {
		const texts = loadTexts(kind);
		assert.equal(texts.length, 128);
		assert.equal(new Set(texts).size, texts.length);
		for (const text of texts) {
			assert.ok(URL.canParse(text), text);
			const bytes = Buffer.byteLength(text);
			assert.ok(bytes >= fewest && bytes <= most, `${bytes}: ${text}`);
		}
	});
}

test("the texts are the same in every process, on every machine", () => {
	const all = Object.keys(bounds).flatMap(loadTexts).join("\n");
	const digest = createHash("sha256").update(all).digest("hex");
	assert.equal(
		digest,
		"6329576dc17d3cd19f0e45c7dac57e006030d7107c3aa31539b1764b67f6b070",
	);
});

function withFile(content, use) {
	const directory = mkdtempSync(join(tmpdir(), "texts-"));
	try {
		const path = join(directory, "texts.txt");
		writeFileSync(path, content);
		return use(path);
	} finally {
		rmSync(directory, { recursive: true });
	}
}

test("the article's texts are ten, as long as its URLs", () => {
	const texts = loadTexts("article");
	const bytes = texts.map((text) => Buffer.byteLength(text));
	assert.deepEqual([texts.length, Math.min(...bytes)], [10, 22]);
	assert.equal(
		bytes.reduce((sum, count) => sum + count),
		379,
	);
	assert.ok(texts.every((text) => new URL(text).href === text));
});

test("a file holds one text per line", () => {
	const load = (content) => withFile(content, loadTexts);
	assert.deepEqual(load("a\nb c\r\n\n é \n"), ["a", "b c", " é "]);
	assert.deepEqual(load("no line end"), ["no line end"]);
});

test("a file without usable texts is refused in a sentence", () => {
	const load = (content) => () => withFile(content, loadTexts);
	assert.throws(load(""), /^Error: There is no text in \S+\.$/);
	assert.throws(load(Buffer.from([0x61, 0xff])), /not valid UTF-8\.$/);
	assert.throws(
		() => loadTexts("no-such-file"),
		/must be short, mid, long, article or a file .* there is no file no-such-file\.$/,
	);
	assert.throws(() => loadTexts("/"), /^Error: The texts cannot be read: /);
});
