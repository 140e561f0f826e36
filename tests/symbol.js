// Finds the symbol in an image, without help from those who drew it.
import assert from "node:assert/strict";

/** First and last index for which the test holds, or -1. */
function span(length, holds) {
	const indices = Array.from({ length }, (_, i) => i).filter(holds);
	return [indices[0] ?? -1, indices.at(-1) ?? -1];
}

/** A finder pattern begins with a row of seven dark modules. */
function finderScale({ dark, width }, left, top) {
	let run = 0;
	while (left + run < width && dark[top * width + left + run]) run++;
	assert.equal(run % 7, 0, `a finder pattern ${run} px wide`);
	return run / 7;
}

/**
 * Measures a symbol whose modules are squares of whole pixels, and checks that they are.
 * @param {ReturnType<import("../bench/subjects/png.js").readPng>} image
 * @returns {{ left: number, top: number, scale: number, side: number, modules: Uint8Array }}
 */
export function measureSymbol(image) {
	const { width, height, dark } = image;
	const columns = Array.from({ length: height }, (_, i) => i);
	const rows = Array.from({ length: width }, (_, i) => i);
	const isDark = (x, y) => dark[y * width + x] === 1;
	const [left, right] = span(width, (x) => columns.some((y) => isDark(x, y)));
	const [top, bottom] = span(height, (y) => rows.some((x) => isDark(x, y)));
	assert.ok(left >= 0, "a blank image");
	assert.equal(right - left, bottom - top, "the symbol is a square");

	const scale = finderScale(image, left, top);
	const side = (right - left + 1) / scale;
	assert.equal(side % 4, 1, `a symbol of ${side} modules`);
	const modules = new Uint8Array(side * side);
	for (let row = 0; row < side; row++)
		for (let column = 0; column < side; column++)
			modules[row * side + column] =
				dark[(top + row * scale) * width + left + column * scale];

	for (let y = top; y <= bottom; y++)
		for (let x = left; x <= right; x++) {
			const row = Math.floor((y - top) / scale);
			const column = Math.floor((x - left) / scale);
			if (dark[y * width + x] !== modules[row * side + column])
				assert.fail(`the module at ${column}, ${row} is not a plain square`);
		}
	return { left, top, scale, side, modules };
}
