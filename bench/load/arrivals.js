// When the requests of an open loop are due. Every row has the same times in the same pass.

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32). */
function createRandom(seed) {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let value = Math.imul(state ^ (state >>> 15), state | 1);
		value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
		return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
	};
}

const countOf = ({ ratePerSecond, durationSeconds }) =>
	Math.max(1, Math.round(ratePerSecond * durationSeconds));

function uniform({ ratePerSecond, durationSeconds }) {
	const count = countOf({ ratePerSecond, durationSeconds });
	return Float64Array.from(
		{ length: count },
		(_, i) => (i * 1000) / ratePerSecond,
	);
}

/** Given how many they are, arrivals of a Poisson process are anywhere, each by itself. */
function poisson(load, seed) {
	const random = createRandom(seed);
	const windowMs = load.durationSeconds * 1000;
	return Float64Array.from(
		{ length: countOf(load) },
		() => random() * windowMs,
	).sort();
}

/** The rate grows evenly from none: so many requests have come by then as the square of the time. */
function ramp({ ratePerSecond, durationSeconds }) {
	const count = countOf({ ratePerSecond: ratePerSecond / 2, durationSeconds });
	return Float64Array.from(
		{ length: count },
		(_, i) => durationSeconds * 1000 * Math.sqrt(i / count),
	);
}

const schedules = { uniform, poisson, ramp };

export const arrivalNames = Object.keys(schedules);

/**
 * When each request of a load is due, in ms, in ascending order: `uniform` at even spacing, `poisson` independently of each other, `ramp` at a rate that
 * grows from none to ratePerSecond.
 * @type {(load: { arrivals?: string, ratePerSecond: number, durationSeconds: number }, seed?: number) => Float64Array}
 */
export const makeSchedule = ({ arrivals = "uniform", ...load }, seed = 1) =>
	schedules[arrivals](load, seed);
