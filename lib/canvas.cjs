// Canvases: those of browsers, node-canvas and whatever else has their methods.
"use strict";

/** @type {() => any} */
function createCanvas() {
	const { document } = /** @type {any} */ (globalThis);
	if (document === undefined)
		throw new Error(
			"There is no canvas to draw on: give one as the first argument.",
		);
	return document.createElement("canvas");
}

/**
 * 0xrrggbbaa as four bytes in the order of memory.
 * @type {(color: number) => number}
 */
function asPixel(color) {
	const bytes = Uint8Array.of(color >>> 24, color >>> 16, color >>> 8, color);
	return new Uint32Array(bytes.buffer)[0];
}

/**
 * Pixels of an image, row after row.
 * @type {(modules: Uint8Array, layout: import("./options.cjs").Layout) => Uint32Array}
 */
function drawPixels(modules, { side, scale, offset, dark, light }) {
	const pixels = new Uint32Array(side * side).fill(asPixel(light));
	const count = Math.sqrt(modules.length);
	const ink = asPixel(dark);
	for (let row = 0; row < count; row++) {
		const start = (offset + row * scale) * side;
		for (let column = 0; column < count; column++)
			if (modules[row * count + column]) {
				const left = start + offset + column * scale;
				pixels.fill(ink, left, left + scale);
			}
		for (let line = 1; line < scale; line++)
			pixels.copyWithin(start + line * side, start, start + side);
	}
	return pixels;
}

/**
 * Makes a canvas as large as the image, draws on it, and returns it.
 * @type {(canvas: any, modules: Uint8Array, layout: import("./options.cjs").Layout) => any}
 */
function drawOnCanvas(canvas, modules, layout) {
	const { side } = layout;
	const context = canvas.getContext("2d");
	const image = context.createImageData(side, side);
	image.data.set(new Uint8Array(drawPixels(modules, layout).buffer));
	context.clearRect(0, 0, canvas.width, canvas.height);
	canvas.style ??= {};
	canvas.width = canvas.height = side;
	canvas.style.width = canvas.style.height = `${side}px`;
	context.putImageData(image, 0, 0);
	return canvas;
}

module.exports = { createCanvas, drawOnCanvas };
