// The WebAssembly module behind wasm/: the addon is the oracle for images and errors.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import http from "node:http";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import * as addon from "../../lib/index.js";
import { load, loadSync, QrpngError } from "../../lib/wasm-node.js";
import { createRandom, randomText } from "../random.js";

const root = new URL("../../", import.meta.url);
const file = new URL("build/Release/qrpng.wasm", root);
const bytes = readFileSync(file);
const module = new WebAssembly.Module(bytes);
const qr = await load();
const textCount = 1_000;
const faultCount = 2_000;

function assertSameImage(text, options) {
	const expected = addon.toBufferSync(text, { ...options, engine: "fast" });
	const image = qr.toBufferSync(text, options);
	assert.ok(Buffer.isBuffer(image));
	const shown = `${JSON.stringify(options)} ${JSON.stringify(String(text))}`;
	assert.ok(image.equals(expected), shown);
}

test("the module imports nothing", () => {
	assert.deepEqual(WebAssembly.Module.imports(module), []);
});

test("the module is small enough to be fetched", () => {
	assert.ok(bytes.length < 100_000, `${bytes.length} bytes`);
});

test("it tells what it is as the addon does", () => {
	assert.equal(qr.version, addon.version);
	assert.equal(qr.engines[0], "fast");
	assert.equal(qr.engineLibraries(), addon.engineLibraries("fast"));
	assert.throws(() => qr.engineLibraries("steam"), {
		name: "QrpngError",
		code: "ERR_QRPNG_BAD_ENGINE",
	});
});

test("all other calls give what the addon gives", () => {
	const texts = [
		"pony",
		"12345678",
		Buffer.from([255, 0]),
		["12", { data: [1] }],
	];
	const types = [
		{ type: "svg" },
		{ type: "svg", width: 300, title: "grüß & <co>" },
		{ type: "utf8", margin: 1 },
		{ type: "terminal" },
		{ type: "terminal", small: true, inverse: true },
	];
	for (const text of texts) {
		for (const options of types)
			assert.equal(
				qr.toStringSync(text, options),
				addon.toStringSync(text, options),
			);
		const color = { dark: "#00f", light: "#0000" };
		const image = { color, scale: 2.5, dpi: 300, maskRule: "iso", effort: 1 };
		assert.equal(
			qr.toDataURLSync(text, image),
			addon.toDataURLSync(text, image),
		);
		assert.deepEqual(qr.create(text), addon.create(text));
	}
});

function randomOptions(random) {
	const options = {
		errorCorrectionLevel: "LMQH"[random(4)],
		margin: random(33),
	};
	if (random(2)) options.width = 177 + 2 * options.margin + random(500);
	else options.scale = 1 + random(12);
	if (random(4) === 0) options.version = 40;
	if (random(4) === 0) options.maskPattern = random(8);
	return options;
}

test(`${textCount} texts give the bytes that the addon writes`, () => {
	const random = createRandom(4);
	for (let i = 0; i < textCount; i++) {
		const text = randomText(random) + (random(20) ? "" : "\ud800");
		const isBytes = random(4) === 0;
		assertSameImage(isBytes ? Buffer.from(text) : text, randomOptions(random));
	}
});

test("texts up to the limit of every mode, and the largest image", () => {
	const limits = [
		["1".repeat(7089), "L"],
		["A".repeat(4296), "L"],
		["a".repeat(2953), "L"],
		["é".repeat(636), "H"],
		[Buffer.alloc(2953, 0xff), "L"],
	];
	for (const [text, errorCorrectionLevel] of limits)
		for (const width of [undefined, 4096])
			assertSameImage(text, { errorCorrectionLevel, width });
});

test("strings are UTF-8, views are their raw bytes", () => {
	const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(0x31);
	const views = [
		new Uint8Array([0xff, 0x00, 0xfe, 0x80]),
		new DataView(Uint8Array.of(1, 2, 3, 4, 5).buffer, 3),
		new Uint16Array([0x3231, 0x3433]),
		shared,
	];
	for (const text of ["grüß 🦆\0 dich", "a\ud800b", ...views])
		assertSameImage(text, {});
});

/** What a call throws, in the words of the addon and of the module. */
function failures(...args) {
	return [addon, qr].map(({ toBufferSync }) => {
		try {
			return toBufferSync(...args).length;
		} catch ({ name, code, message }) {
			return { name, code, message };
		}
	});
}

const refused = [
	["", {}],
	[new Uint8Array(0), {}],
	["a".repeat(2332), {}],
	["a".repeat(1e6), {}],
	["é".repeat(1e6), {}],
	["1".repeat(7090), { errorCorrectionLevel: "L" }],
	[`${"1".repeat(7089)}\u{1F600}`, { errorCorrectionLevel: "L" }],
	[new Uint8Array(1e6), {}],
	["a", { width: 28 }],
	["a", { width: 0 }],
	["a", { width: 4097 }],
	["a", { width: "200" }],
	["a", { scale: 142 }],
	["a", { scale: 0 }],
	["a", { margin: 33 }],
	["a", { version: 41 }],
	["a".repeat(100), { version: 1 }],
	["a", { maskPattern: 8 }],
	["a", { errorCorrectionLevel: "X" }],
	[5, {}],
	[null, {}],
	["a", { colour: "red" }],
	["a", { color: { dark: "red" } }],
	["a", { type: "svg" }],
	[[{ data: "a", mode: "numeric" }], {}],
	[[{ data: "a".repeat(1e6) }], {}],
];

test("errors are the addon's, with the same code and sentence", async () => {
	for (const [text, wrong] of refused) {
		const args = [text, { ...wrong, strict: true }];
		const [expected, actual] = failures(...args);
		assert.ok(expected.code, "the addon refuses it, too");
		assert.deepEqual(actual, expected);
		await assert.rejects(qr.toBuffer(...args), expected);
	}
	assert.throws(() => qr.toBufferSync("a", { engine: "steam" }), {
		code: "ERR_QRPNG_BAD_ENGINE",
		message: /^engine must be one of those built in: fast/,
	});
	assertSameImage("and it goes on", {});
});

test("a refusal calls the option by the name that the caller gave it", () => {
	assert.throws(
		() => qr.toBufferSync("a", { errorCorrectionLevel: "X", strict: true }),
		{
			message: "errorCorrectionLevel must be L, M, Q or H.",
		},
	);
	assert.throws(() => qr.toBufferSync("a", { maskPattern: 9, strict: true }), {
		message: /^maskPattern must be a whole number from 0 to 7, /,
	});
});

test("an image is left alone by the calls after it", async () => {
	const options = { width: 800 };
	const texts = Array.from({ length: 100 }, (_, i) => `text ${i}`);
	const images = await Promise.all(
		texts.map((text) => qr.toBuffer(text, options)),
	);
	for (const [i, text] of texts.entries())
		assert.deepEqual(images[i], addon.toBufferSync(text, options));
});

describe("an instance", () => {
	const { Instance } = WebAssembly;
	const instances = [];
	before(() => {
		WebAssembly.Instance = class extends Instance {
			constructor(...args) {
				super(...args);
				instances.push(this);
			}
		};
	});
	after(() => {
		WebAssembly.Instance = Instance;
	});

	test("that trapped is replaced: that call fails, the next works, nothing is left", () => {
		const { toBufferSync } = loadSync(module);
		const expected = toBufferSync("hello");
		const residentBefore = process.memoryUsage.rss();
		for (let fault = 0; fault < faultCount; fault++) {
			const { memory } = instances.pop().exports;
			new Uint8Array(memory.buffer).fill(0xff);
			assert.throws(
				() => toBufferSync("hello"),
				(error) =>
					error instanceof QrpngError &&
					error.code === "ERR_QRPNG_INTERNAL" &&
					error.cause instanceof WebAssembly.RuntimeError,
			);
			assert.equal(instances.length, 0);
			assert.deepEqual(toBufferSync("hello"), expected);
			assert.equal(instances.length, 1);
		}
		// All their memories would be 3 GB.
		assert.ok(process.memoryUsage.rss() - residentBefore < 300e6);
	});

	test("that ran out of stack anywhere is replaced, too", () => {
		const { toBufferSync } = loadSync(module);
		const expected = toBufferSync("hello");
		const count = instances.length;
		const images = [];
		const encodeOnTheWayBack = () => {
			try {
				encodeOnTheWayBack();
			} catch (error) {
				assert.ok(error instanceof RangeError, error);
			}
			if (images.length < 100) images.push(toBufferSync("hello"));
		};
		encodeOnTheWayBack();
		assert.equal(images.length, 100);
		for (const image of images) assert.deepEqual(image, expected);
		assert.ok(instances.length > count, "no call ran out of it");
	});

	test("whose memory grew goes on", () => {
		const { toBufferSync } = loadSync(module);
		const expected = toBufferSync("hello");
		const count = instances.length;
		instances.at(-1).exports.memory.grow(1);
		assert.deepEqual(toBufferSync("hello"), expected);
		assert.throws(() => toBufferSync(""), { code: "ERR_QRPNG_TEXT_EMPTY" });
		assert.equal(instances.length, count);
	});
});

describe("load()", () => {
	const image = addon.toBufferSync("hello");
	const check = ({ toBufferSync }) =>
		assert.deepEqual(toBufferSync("hello"), image);

	test("takes bytes, a compiled module, and the URL of a file", async () => {
		for (const source of [bytes, bytes.buffer, module, file, file.href])
			check(await load(source));
		check(loadSync(bytes));
		check(loadSync(qr.module));
	});

	test("takes an address on the web", async (t) => {
		const server = http.createServer(({ url }, res) => {
			res.statusCode = url === "/qrpng.wasm" ? 200 : 404;
			res.end(bytes);
		});
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		t.after(() => server.close().closeAllConnections());
		const base = `http://127.0.0.1:${server.address().port}`;
		check(await load(`${base}/qrpng.wasm`));
		check(await load(new URL("/qrpng.wasm", base)));
		await assert.rejects(load(`${base}/none`), /none can't be .* status 404/);
	});

	test("names the command that builds what is missing", () =>
		assert.rejects(
			load(new URL("none.wasm", root)),
			/none\.wasm.*npm run build:wasm/,
		));

	test("gives workers the module that is compiled already", async () => {
		const glue = new URL("lib/wasm-node.js", root).href;
		const code = `import { parentPort, workerData } from "node:worker_threads";
			import { load } from ${JSON.stringify(glue)};
			const { toBufferSync } = await load(workerData);
			let last;
			for (let i = 0; i < 500; i++) last = toBufferSync("text " + i);
			parentPort.postMessage(last);`;
		const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
		const workers = Array.from(
			{ length: 4 },
			() => new Worker(url, { workerData: qr.module }),
		);
		const answers = workers.map((worker) => once(worker, "message"));
		for (const [png] of await Promise.all(answers))
			assert.deepEqual(Buffer.from(png), addon.toBufferSync("text 499"));
	});

	test("takes the debug build where that is chosen, with the same images", () => {
		const code = `import { load } from "./lib/wasm-node.js";
			process.stdout.write((await load()).toBufferSync("hello"));`;
		const { stdout, stderr } = spawnSync(
			process.execPath,
			["--input-type=module", "--eval", code],
			{ cwd: root, env: { ...process.env, QRPNG_BUILD: "Debug" } },
		);
		assert.equal(stderr.toString(), "");
		assert.deepEqual(stdout, image);
	});
});

test("it runs where nothing of Node is", () => {
	const flags = ["--experimental-vm-modules", "--no-warnings"];
	const script = fileURLToPath(new URL("bare-context.js", import.meta.url));
	const { stdout, stderr } = spawnSync(process.execPath, [...flags, script]);
	assert.equal(stderr.toString(), "");
	assert.deepEqual(stdout, addon.toBufferSync("grüß dich", { width: 300 }));
});
