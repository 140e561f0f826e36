// The package's face in browsers, and wherever else there is no Node: npm qrcode's calls on the WebAssembly module, which the first
// call fetches. scripts/build-wasm.js puts it with all that it imports into one file beside that module.
import { readArguments, readCanvasArguments } from "./arguments.cjs";
import { bindWasm } from "./bindings/wasm.cjs";
import { createCanvas } from "./canvas.cjs";
import { Encoder } from "./encoder.cjs";
import { QrpngError } from "./errors.cjs";
import { compileModule, moduleBesideScript } from "./module.js";
import { settle } from "./settle.cjs";

export { QrpngError };

const NO_OPTIONS = Object.freeze({});
const DRAWN_TYPES = ["image/jpeg", "image/webp"];

/** @type {InstanceType<typeof Encoder> | undefined} */
let encoder;
/** @type {Promise<void> | undefined} */
let starting;

/** @type {typeof import("./browser.js").init} */
export function init(source = moduleBesideScript()) {
	starting ??= start(source);
	return starting;
}

/** @type {(source: Parameters<typeof compileModule>[0]) => Promise<void>} */
async function start(source) {
	try {
		encoder = new Encoder(bindWasm(await compileModule(source)));
	} catch (error) {
		starting = undefined; // The next call tries again.
		throw error;
	}
}

/** @type {() => InstanceType<typeof Encoder>} */
function started() {
	if (encoder !== undefined) return encoder;
	throw new Error("The encoder is not loaded yet: await init() first.");
}

/**
 * Loads the encoder first, unless that is done.
 * @type {(options: any, callback: any, make: (encoder: InstanceType<typeof Encoder>) => any) => Promise<any> | undefined}
 */
function makeWhenStarted({ signal }, callback, make) {
	const run = async () => {
		signal?.throwIfAborted();
		if (encoder === undefined) await init();
		signal?.throwIfAborted();
		return make(started());
	};
	return settle(run(), callback);
}

/** @type {(...args: any[]) => any} */
export function toDataURL(...args) {
	const { canvas, text, options, callback } = readCanvasArguments(args);
	const { type = "image/png", rendererOpts } = options;
	const isDrawn = canvas !== undefined || DRAWN_TYPES.includes(type);
	return makeWhenStarted(options, callback, (qr) =>
		isDrawn
			? qr
					.drawOn(canvas ?? createCanvas(), text, options)
					.toDataURL(type, rendererOpts?.quality)
			: qr.encodeToDataUrl(text, options),
	);
}

/** @type {(...args: any[]) => any} */
export function toCanvas(...args) {
	const { canvas, text, options, callback } = readCanvasArguments(args);
	return makeWhenStarted(options, callback, (qr) =>
		qr.drawOn(canvas ?? createCanvas(), text, options),
	);
}

/** @type {(text: unknown, ...others: any[]) => any} */
function draw(text, ...others) {
	const { options, callback } = readArguments(text, ...others);
	return makeWhenStarted(options, callback, (qr) =>
		qr.encodeToString(text, options),
	);
}

/** @type {typeof import("./browser.js").create} */
export function create(text, options) {
	return started().create(text, options ?? NO_OPTIONS);
}

export { draw as toString };
/** @satisfies {Record<string, Function>} */
export default { create, init, toCanvas, toDataURL, toString: draw };
