// The mask rule of the standard against another encoder that reads it literally.
import assert from "node:assert/strict";
import test from "node:test";
import { generate } from "lean-qr";
import { create } from "../../lib/index.js";

const TEXTS = 200;
const LEVELS = ["L", "M", "Q", "H"];

/** Bytes alone, so that both encoders split them in the same way. */
function textOf(number) {
	const digits = `${(number + 1) * 7919 * (((number * number) % 97) + 3)}`;
	const letters = digits.replace(/\d/g, (digit) => "abcdefghij"[digit]);
	return `https://example.com/${letters}`.repeat(1 + (number % 4));
}

/** The modules that lean-qr gives a text, row after row. */
function otherModules(text, level) {
	const only = { minCorrectionLevel: level, maxCorrectionLevel: level };
	const { size, get } = generate(text, only);
	return Array.from({ length: size * size }, (_, i) =>
		Number(get(i % size, Math.floor(i / size))),
	);
}

test('maskRule "iso" gives the symbols of lean-qr, the default does not', () => {
	let differing = 0;
	for (let number = 0; number < TEXTS; number++) {
		const text = textOf(number);
		const level = number % LEVELS.length;
		const expected = otherModules(text, level);
		const modulesBy = (maskRule) => {
			const options = { errorCorrectionLevel: LEVELS[level], maskRule };
			return Array.from(create(text, options).modules.data, Number);
		};
		assert.deepEqual(modulesBy("iso"), expected);
		if (modulesBy("libqrencode").some((module, i) => module !== expected[i]))
			differing++;
	}
	assert.ok(differing > 0);
});
