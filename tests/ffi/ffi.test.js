// What ffi/ says of the C interface in JavaScript, and the images that the tier makes of that.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { levels, optionsType, statuses } from "../../ffi/index.js";
import { engineLibraries, engines, toBufferSync } from "../../lib/index.js";
import { RequestError } from "../../server/errors.js";
import ffi from "../../server/tiers/ffi.js";
import { createRandom, randomText } from "../random.js";

const root = path.join(import.meta.dirname, "../..");
const header = readFileSync(path.join(root, "core/include/qrpng.h"), "utf8");
const usual = { ecl: "L", width: 200, margin: 4, engine: "fast" };

/** The values of C expressions of integer type, as the compiler sees qrpng.h. */
function evaluate(t, expressions) {
	const folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-ffi-"));
	t.after(() => rmSync(folder, { recursive: true }));
	const lines = expressions.map(
		(text) => `printf("%zu\\n", (size_t)(${text}));`,
	);
	const source = path.join(folder, "program.c");
	const binary = path.join(folder, "program");
	writeFileSync(
		source,
		`#include <stdio.h>\n#include <qrpng.h>\nint main(void) { ${lines.join("\n")} }\n`,
	);
	execFileSync("cc", ["-I", `${root}/core/include`, source, "-o", binary]);
	return execFileSync(binary).toString().trim().split("\n").map(Number);
}

/** The names of the members of qrpng_options, in order. */
function membersInHeader() {
	const [, body] =
		/typedef struct qrpng_options \{(.*?)\n\} qrpng_options;/s.exec(header);
	const declarations = body.replace(/\/\*.*?\*\//gs, "").matchAll(/(\w+);/g);
	return Array.from(declarations, ([, name]) => name);
}

test("the options lie in memory as in the header", (t) => {
	const members = Object.values(optionsType.members);
	assert.deepEqual(
		members.map(({ name }) => name),
		membersInHeader(),
	);
	const options = "(*(qrpng_options *)0)";
	const isPointer = (name) =>
		`_Generic(${options}.${name}, const char *: 1, const qrpng_segment *: 2, default: 0)`;
	const pointers = { String: 1, Pointer: 2 };
	const expected = members.flatMap(({ name, offset, type }) => [
		[`offsetof(qrpng_options, ${name})`, offset],
		[`sizeof ${options}.${name}`, type.size],
		[isPointer(name), pointers[type.primitive] ?? 0],
	]);
	expected.push(["sizeof(qrpng_options)", optionsType.size]);
	const actual = evaluate(
		t,
		expected.map(([expression]) => expression),
	);
	assert.deepEqual(
		actual.map((value, i) => [expected[i][0], value]),
		expected,
	);
});

test("levels and statuses have the values of the header", (t) => {
	const constants = {
		...statuses,
		...Object.fromEntries(
			Object.entries(levels).map(([letter, value]) => [
				`QRPNG_LEVEL_${letter}`,
				value,
			]),
		),
	};
	assert.deepEqual(
		evaluate(t, Object.keys(constants)),
		Object.values(constants),
	);
});

test("engines and libraries are the addon's", () => {
	assert.deepEqual(ffi.engines(), engines);
	for (const engine of engines)
		assert.equal(ffi.libraries(engine), engineLibraries(engine));
});

test("1,000 random texts, with random options, give the addon's images byte for byte", () => {
	const random = createRandom(11);
	for (let i = 0; i < 1_000; i++) {
		const text = randomText(random);
		const ecl = "LMQH"[random(4)];
		const margin = random(33);
		const width = random(3) ? 800 : 400 + random(600);
		const engine = engines[random(engines.length)];
		const expected = toBufferSync(text, {
			errorCorrectionLevel: ecl,
			width,
			margin,
			engine,
		});
		const options = { ecl, width, margin, engine };
		assert.ok(ffi.generate(text, options).equals(expected), text);
		const bytes = Buffer.from(text);
		assert.ok(ffi.generate(bytes, options).equals(expected), text);
	}
});

test("raw bytes are encoded as they are, a lone surrogate as the addon does", () => {
	const options = { errorCorrectionLevel: "L", width: 200, margin: 4 };
	for (const text of [Buffer.from([255, 0, 254, 128]), "a\ud800b"])
		assert.deepEqual(ffi.generate(text, usual), toBufferSync(text, options));
});

test("an image is left alone by the calls after it", () => {
	const first = ffi.generate("first", usual);
	const copy = Buffer.from(first);
	for (let i = 0; i < 100; i++) ffi.generate(`later ${i}`, usual);
	assert.throws(() => ffi.generate("", usual));
	assert.deepEqual(first, copy);
});

test("what is the client's fault is refused in the library's words, and nothing else is", () => {
	const rows = [
		["", {}, "QRPNG_TEXT_EMPTY"],
		[Buffer.alloc(0), {}, "QRPNG_TEXT_EMPTY"],
		["a".repeat(2954), {}, "QRPNG_TEXT_TOO_LONG"],
		["é".repeat(3_000_000), {}, "QRPNG_TEXT_TOO_LONG"],
		["a", { width: 28 }, "QRPNG_WIDTH_TOO_SMALL"],
	];
	for (const [text, options, status] of rows) {
		let sentence;
		try {
			toBufferSync(text, {
				errorCorrectionLevel: "L",
				width: 200,
				strict: true,
				...options,
			});
		} catch ({ code, message }) {
			assert.equal(code, status.replace("QRPNG", "ERR_QRPNG"));
			sentence = message;
		}
		assert.throws(
			() => ffi.generate(text, { ...usual, ...options }),
			(error) => error instanceof RequestError && error.message === sentence,
		);
	}
	assert.throws(
		() => ffi.generate("a", { ...usual, width: 5000 }),
		(error) =>
			!(error instanceof RequestError) && /^width /.test(error.message),
	);
	assert.ok(ffi.generate("a", usual).length > 0);
});
