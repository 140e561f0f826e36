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
