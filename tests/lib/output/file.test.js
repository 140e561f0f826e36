// toFile: whole or not at all.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
	chmodSync,
	linkSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { toBufferSync, toFile } from "../../../lib/index.js";

const parent = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-file-"));
after(() => rmSync(parent, { recursive: true }));
const newFolder = () => mkdtempSync(path.join(parent, "case-"));
const expected = toBufferSync("text");

test("a wrong text or option leaves the file as it was, and nothing beside it", async () => {
	const folder = newFolder();
	const file = path.join(folder, "code.png");
	writeFileSync(file, "old");
	await assert.rejects(toFile(file, ""));
	await assert.rejects(toFile(file, "a", { color: { dark: "red" } }));
	await assert.rejects(toFile(path.join(folder, "no/code.png"), "a"));
	assert.equal(readFileSync(file, "utf8"), "old");
	assert.deepEqual(readdirSync(folder), ["code.png"]);
});

test("readers never find half a file, and of writers one wins", async () => {
	const folder = newFolder();
	const file = path.join(folder, "code.png");
	const texts = ["a", "b".repeat(500)];
	const images = texts.map((text) => toBufferSync(text).toString("hex"));
	await toFile(file, texts[0]);
	const writes = Array.from({ length: 40 }, (_, i) =>
		toFile(file, texts[i % 2]),
	);
	let isDone = false;
	const all = Promise.all(writes).then(() => {
		isDone = true;
	});
	while (!isDone) {
		assert.ok(images.includes(readFileSync(file, "hex")));
		await new Promise(setImmediate);
	}
	await all;
	assert.deepEqual(readdirSync(folder), ["code.png"]);
});

test("permissions are kept, links followed, other names of the file kept", async () => {
	const folder = newFolder();
	const file = path.join(folder, "code.png");
	writeFileSync(file, "old", { mode: 0o600 });
	chmodSync(file, 0o640);
	symlinkSync("code.png", path.join(folder, "link.png"));
	await toFile(path.join(folder, "link.png"), "text");
	assert.deepEqual(readFileSync(file), expected);
	assert.equal(statSync(file).mode & 0o777, 0o640);
	linkSync(file, path.join(folder, "other.png"));
	writeFileSync(file, "old");
	await toFile(file, "text");
	assert.deepEqual(readFileSync(path.join(folder, "other.png")), expected);
});

test("a device is written to, a URL is a path", async () => {
	await toFile("/dev/null", "text");
	assert.ok(statSync("/dev/null").isCharacterDevice());
	const file = path.join(newFolder(), "grüß #1.png");
	await toFile(pathToFileURL(file), "text");
	assert.deepEqual(readFileSync(file), expected);
});

test("a link that leads to nothing yet is followed, and what is open is written to", async () => {
	const folder = newFolder();
	const link = path.join(folder, "link.png");
	symlinkSync("target.png", link);
	await toFile(link, "text");
	assert.deepEqual(readFileSync(path.join(folder, "target.png")), expected);
	assert.equal(readlinkSync(link), "target.png");

	const out = path.join(folder, "out.png");
	symlinkSync("/dev/stdout", out);
	const library = new URL("../../../lib/index.js", import.meta.url);
	const code = `import { toFile } from "${library}"; await toFile(${JSON.stringify(out)}, "text")`;
	const args = ["--input-type=module", "--eval", code];
	assert.deepEqual(execFileSync(process.execPath, args), expected);
	assert.equal(readlinkSync(out), "/dev/stdout");

	symlinkSync("round", path.join(folder, "round"));
	await assert.rejects(toFile(path.join(folder, "round"), "text"), {
		code: "ELOOP",
	});
});
