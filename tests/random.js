// Random numbers that are the same in every run, so that a failure can be repeated.

/** @returns {(limit: number) => number} whole numbers from 0 to limit - 1 (mulberry32) */
export function createRandom(seed) {
	let state = seed;
	return (limit) => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) % limit;
	};
}

const alphabets = [
	"0123456789",
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 $%*+-./:",
	"abcdefghijklmnopqrstuvwxyz/?&=#%+~_-.\0\n",
	["é", "ж", "語", "カ", "€", "\u{1F600}", "a", "1"],
];

/** A text of one to five runs, each in an alphabet of its own; one in ten is long. */
export function randomText(random) {
	const longest = random(10) ? 25 : 150;
	let text = "";
	for (let runs = 1 + random(5); runs > 0; runs--) {
		const alphabet = alphabets[random(alphabets.length)];
		for (let length = 1 + random(longest); length > 0; length--)
			text += alphabet[random(alphabet.length)];
	}
	return text;
}
