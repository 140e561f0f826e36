// One sample of one contender that runs in Node: node js-contender.js CONTENDER TEXTS_FILE TIME_MS PASSES
//
// Encodes the texts (each ended by a NUL) in turn at level L, 200 px wide where it can be chosen, for at least TIME_MS of CPU time and PASSES
// passes, after a warm-up (all of it from 10 ms on); prints a JSON line. All threads of the process count, such as those of the garbage collector.
import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";

const widthPx = 200;
const marginModules = 4;
const [filterNone, filterUp] = [0, 2];
// Signature, IHDR, IEND, and length, type and checksum of IDAT.
const pngFrameNbytes = 8 + 25 + 12 + 12;
// After half of it npm qr still takes 1.4 times as long as after all of it; after twice as much all are as fast as after it.
const warmUpMs = 600;
const warmUpsPerSample = 60;

async function addon(engine) {
	return withSettings(await import("../../lib/index.js"), engine);
}

async function ffi() {
	const { Encoder } = await import("../../ffi/index.js");
	const encoder = new Encoder();
	/** @type {import("../../ffi/index.js").Options} */
	const options = {
		ecl: "L",
		width: widthPx,
		margin: marginModules,
		engine: "fast",
	};
	return (text) => encoder.encode(text, options);
}

async function wasm() {
	const { load } = await import("../../lib/wasm-node.js");
	return withSettings(await load(), "fast");
}

function withSettings({ toBufferSync }, engine) {
	const size = { width: widthPx, margin: marginModules };
	const options = { errorCorrectionLevel: "L", ...size, engine };
	return (text) => toBufferSync(text, options);
}

async function qr() {
	const { encodeModules, encodePng } = await import("../../js-best/index.js");
	return (text) => {
		const modules = encodeModules(text, "L");
		if (!modules) throw new Error(`no symbol holds ${text.length} characters`);
		return encodePng(modules, widthPx, marginModules);
	};
}

async function qrModules() {
	const { default: encodeQR } = await import("qr");
	return (text) => encodeQR(text, "raw", { ecc: "low" });
}

async function qrcode(options) {
	const { default: QRCode } = await import("qrcode");
	return (text) => QRCode.toBuffer(text, options);
}

async function qrcodeModules() {
	const { default: QRCode } = await import("qrcode");
	return (text) => QRCode.create(text, { errorCorrectionLevel: "L" });
}

async function leanQrModules() {
	const { generate, correction } = await import("lean-qr");
	const level = {
		minCorrectionLevel: correction.L,
		maxCorrectionLevel: correction.L,
	};
	return (text) => generate(text, level);
}

/** It knows whole pixels a module only, so that its images are at most 200 px wide. */
async function leanQr() {
	const generate = await leanQrModules();
	const { toPngBuffer } = await import("lean-qr/extras/node_export");
	return (text) => {
		const code = generate(text);
		const scale = Math.floor(widthPx / (code.size + 2 * marginModules));
		return toPngBuffer(code, { scale, pad: marginModules });
	};
}

/** Rows of a bit a pixel, 1 for white. */
function packRows({ width, height, dark }) {
	return Array.from({ length: height }, (_, y) => {
		const row = Buffer.alloc(Math.ceil(width / 8));
		for (let x = 0; x < width; x++)
			if (!dark[y * width + x]) row[x >> 3] |= 0x80 >> (x & 7);
		return row;
	});
}

/** The same pixels with zlib at its best: level 9, rows that repeat the one above filtered by Up, others unfiltered. */
async function zlibNine() {
	const { readPng } = await import("../subjects/png.js");
	const encode = await addon("reference");
	return (text) => {
		const rows = packRows(readPng(encode(text)));
		const lines = rows.flatMap((row, y) =>
			y > 0 && row.equals(rows[y - 1])
				? [Buffer.of(filterUp), Buffer.alloc(row.length)]
				: [Buffer.of(filterNone), row],
		);
		const data = deflateSync(Buffer.concat(lines), { level: 9 });
		return { length: pngFrameNbytes + data.length };
	};
}

const articleSettings = {
	type: "png",
	errorCorrectionLevel: "L",
	width: widthPx,
	rendererOpts: { deflateLevel: 9, deflateStrategy: 3 },
};

/** Each gives a function of a text that gives something with a length, or a Promise of that. */
const contenders = {
	addon: () => addon("fast"),
	ffi,
	wasm,
	qr,
	"lean-qr": leanQr,
	"qrcode-article": () => qrcode(articleSettings),
	"qrcode-defaults": () => qrcode({}),
	"qr/modules": qrModules,
	"lean-qr/modules": leanQrModules,
	"qrcode/modules": qrcodeModules,
	"zlib-9": zlibNine,
};

async function encodeAll(encode, texts) {
	let nbytes = 0;
	for (const text of texts) {
		const result = encode(text);
		nbytes += (result instanceof Promise ? await result : result).length;
	}
	return nbytes;
}

function cpuMicros() {
	const { user, system } = process.cpuUsage();
	return user + system;
}

async function measure(encode, texts, { micros, passes }) {
	const start = cpuMicros();
	let done = 0;
	let elapsed = 0;
	let nbytes = 0;
	while (done < passes || elapsed < micros) {
		nbytes = await encodeAll(encode, texts);
		done += 1;
		elapsed = cpuMicros() - start;
	}
	return { nbytes, calls: done * texts.length, elapsed };
}

const [id, textsFile, timeMs, passes] = process.argv.slice(2);
const texts = readFileSync(textsFile, "utf8").split("\0").slice(0, -1);
const encode = await contenders[id]();
const wantedMicros = Number(timeMs) * 1000;
const { nbytes } = await measure(encode, texts, {
	micros: Math.min(warmUpMs * 1000, warmUpsPerSample * wantedMicros),
	passes: 1,
});
const { calls, elapsed } = await measure(encode, texts, {
	micros: wantedMicros,
	passes: Number(passes),
});
const sample = {
	cpuMicrosPerText: calls ? elapsed / calls : 0,
	pngBytes: id.endsWith("/modules") ? 0 : nbytes / texts.length,
	calls,
};
process.stdout.write(`${JSON.stringify(sample)}\n`);
