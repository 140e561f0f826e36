// The builds that are made on demand, where they have been made: npm run build:wasm-emscripten, npm run build:wasm-reference.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { readPng } from "../../bench/subjects/png.js";
import * as addon from "../../lib/index.js";
import { sentences } from "../contract/refusals.js";
import { createRandom } from "../random.js";

const root = new URL("../../", import.meta.url);
const built = (name) => new URL(`build/Release/${name}`, root);
const emscripten = built("qrpng-emscripten.wasm");
const reference = built("qrpng-reference.wasm");
const textCount = 1_000;

const { default: wasm } = await import("../../server/tiers/wasm.js");
const { default: wasmEmscripten } = await import(
	"../../server/tiers/wasm-emscripten.js"
);

function randomBytes(random) {
	const bytes = Buffer.alloc(1 + random(200));
	return bytes.map(() => random(256));
}

/** Calls check(image, expected) with the images of many texts, strings and bytes, from a tier and the addon. */
function compareImages(tier, engine, check) {
	const random = createRandom(11);
	for (let i = 0; i < textCount; i++) {
		const bytes = randomBytes(random);
		const text = random(2) ? bytes : bytes.toString();
		const [ecl, margin] = ["LMQH"[random(4)], random(33)];
		const width = 177 + 2 * margin + random(100);
		const image = tier.generate(text, { ecl, width, margin, engine });
		const options = { errorCorrectionLevel: ecl, width, margin, engine };
		check(image, addon.toBufferSync(text, options));
	}
}

function assertRefusals(tier, engine) {
	const options = { ecl: "L", width: 200, margin: 4, engine };
	for (const text of ["a".repeat(2954), Buffer.alloc(1e6, 0xff)])
		assert.throws(() => tier.generate(text, options), {
			message: sentences.tooLong.L,
		});
	assert.throws(() => tier.generate("a", { ...options, width: 28 }), {
		message: /the smallest that fits is 29 px\.$/,
	});
}

describe("Emscripten's glue", { skip: !existsSync(emscripten) }, () => {
	const options = { ecl: "L", width: 200, margin: 4, engine: "fast" };

	test("gives the bytes that the addon writes", async () => {
		await wasmEmscripten.start();
		compareImages(wasmEmscripten, "fast", (image, expected) =>
			assert.ok(image.equals(expected)),
		);
		assertRefusals(wasmEmscripten, "fast");
	});

	test("gets a new instance for one that trapped", async (t) => {
		const { instantiate } = WebAssembly;
		t.after(() => {
			WebAssembly.instantiate = instantiate;
		});
		const memories = [];
		WebAssembly.instantiate = async (...args) => {
			const result = await instantiate(...args);
			memories.push(
				...Object.values(result.instance.exports).filter(
					(value) => value instanceof WebAssembly.Memory,
				),
			);
			return result;
		};
		await wasmEmscripten.start();
		const expected = wasmEmscripten.generate("hello", options);
		for (let round = 1; round <= 20; round++) {
			new Uint8Array(memories.at(-1).buffer).fill(0xff);
			assert.throws(
				() => wasmEmscripten.generate("hello", options),
				WebAssembly.RuntimeError,
			);
			const images = await Promise.all([
				wasmEmscripten.generate("hello", options),
				wasmEmscripten.generate("hello", options),
			]);
			for (const image of images) assert.ok(image.equals(expected));
		}
	});
});

describe("engine reference in WebAssembly", {
	skip: !existsSync(reference),
}, () => {
	test("imports nothing", () => {
		const module = new WebAssembly.Module(readFileSync(reference));
		assert.deepEqual(WebAssembly.Module.imports(module), []);
	});

	test("draws the pixels that the addon draws", async () => {
		await wasm.start();
		assert.deepEqual(wasm.engines(), ["fast", "reference"]);
		assert.match(
			wasm.libraries("reference"),
			/^libqrencode [\d.]+, libpng [\d.]+, zlib [\d.]+$/,
		);
		compareImages(wasm, "reference", (image, expected) => {
			if (image.equals(expected)) return;
			const [a, b] = [readPng(image), readPng(expected)];
			assert.deepEqual([a.width, a.height], [b.width, b.height]);
			assert.ok(Buffer.from(a.dark).equals(Buffer.from(b.dark)));
		});
		assertRefusals(wasm, "reference");
	});
});

test("what was not built says in a sentence which command builds it", () => {
	const { status, stderr } = spawnSync(
		process.execPath,
		["server/app.js", "--tier", "wasm-emscripten", "--port", "0"],
		// There is no debug build of it.
		{ cwd: root, env: { ...process.env, QRPNG_BUILD: "Debug" } },
	);
	assert.equal(status, 1);
	assert.match(
		stderr.toString(),
		/^The tier wasm-emscripten can't start: .* "npm run build:wasm-emscripten"\.\n$/,
	);
});
