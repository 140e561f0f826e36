// The Shift JIS values of kanji, for the option toSJISFunc. The platform's decoder has the table already.
"use strict";

/** What the decoder takes for what JIS X 0208 has another character of the same look for. */
const LOOK_ALIKES = [
	["\u301c", "\uff5e"],
	["\u2016", "\u2225"],
	["\u2212", "\uff0d"],
];

/** @type {Map<string, number> | undefined} */
let values;

/** Lead bytes of the rows of JIS X 0208, without row 13, which it leaves free. ISO/IEC 18004, 7.4.6. */
const LEADS = [
	[0x81, 0x84],
	[0x88, 0x9f],
	[0xe0, 0xeb],
];

/**
 * Decodes every pair of bytes that kanji mode has room for.
 * @type {() => Map<string, number>}
 */
function readTable() {
	const decoder = new TextDecoder("shift_jis");
	/** @type {Map<string, number>} */
	const table = new Map();
	for (const [first, last] of LEADS)
		for (let lead = first; lead <= last; lead++)
			for (let trail = 0x40; trail <= 0xfc; trail++) {
				// What is no pair comes out as two characters, or as U+FFFD.
				const character = decoder.decode(Uint8Array.of(lead, trail));
				if (character.length === 1 && character !== "\ufffd")
					table.set(character, (lead << 8) | trail);
			}
	for (const [character, other] of LOOK_ALIKES) {
		const value = table.get(other);
		if (value !== undefined) table.set(character, value);
	}
	return table;
}

/** @type {typeof import("./to-sjis.cjs")} */
module.exports = function toSJIS(character) {
	values ??= readTable();
	return values.get(character);
};
