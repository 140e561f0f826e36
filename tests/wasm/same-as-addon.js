// The WebAssembly module beside the addon: the same bytes for random texts and options.
import { deepEqual } from "node:assert/strict";
import { levels } from "../capacity.js";
import { createRandom, randomText } from "../random.js";

const types = ["png", "png", "svg", "utf8", "terminal"];

/** Depends on its number alone. */
function randomCall(number) {
	const random = createRandom(number);
	const hex = (digits) =>
		random(16 ** digits)
			.toString(16)
			.padStart(digits, "0");
	const text = randomText(random);
	const margin = random(33) + random(8) / 8;
	const size = random(2)
		? { scale: 1 + random(6) }
		: { width: 250 + random(400) };
	const colours = () => ({
		color: { dark: `#${hex(6)}${hex(2)}`, light: `#${hex(6)}` },
	});
	const options = {
		type: types[random(types.length)],
		errorCorrectionLevel: levels[random(4)],
		margin,
		...size,
		...(random(2) ? colours() : {}),
		...(random(3) ? {} : { maskPattern: random(8) }),
		...(random(2) ? {} : { dpi: 1 + random(10_000) }),
		maskRule: random(2) ? "iso" : "libqrencode",
		small: random(2) === 1,
		inverse: random(2) === 1,
		title: "a & b",
		effort: random(2),
	};
	return { text, options };
}

/** What is drawn, or the error's code. */
function draw(packaging, { text, options }) {
	try {
		return options.type === "png"
			? packaging.toBufferSync(text, options)
			: packaging.toStringSync(text, options);
	} catch (error) {
		return error.code ?? error;
	}
}

/**
 * Throws at the first call of which they make something else. Returns how many were drawn and not refused.
 * @type {(addon: any, wasm: any, part: { first: number, count: number }) => number}
 */
export function compareWithAddon(addon, wasm, { first, count }) {
	let drawn = 0;
	for (let number = first; number < first + count; number++) {
		const call = randomCall(number);
		const expected = draw(addon, call);
		const actual = draw(wasm, call);
		deepEqual(actual, expected, `call ${number}: ${JSON.stringify(call)}`);
		drawn += /^ERR_/.test(String(expected)) ? 0 : 1;
	}
	return drawn;
}
