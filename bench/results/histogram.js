// Latencies as counts per microsecond, so that rounds can be pooled exactly.

/**
 * wrk adds to its histogram what it thinks a stalled connection would have measured: for each latency n of at least twice
 * the mean interval e of a connection, one more at n - e, n - 2e, … down to e. We report what was measured, so this takes them out
 * again; exact, since each added count at m came from those above it, which are all found at m + e.
 * @type {(counts: Kit.Histogram, intervalUs: number) => Kit.Histogram}
 */
export function withoutCorrection(counts, intervalUs) {
	const measured = new Map();
	for (const [us, count] of counts) {
		const added = us > intervalUs ? (counts.get(us + intervalUs) ?? 0) : 0;
		if (count > added) measured.set(us, count - added);
	}
	return measured;
}

/** @type {(pool: Kit.Histogram, counts: Kit.Histogram) => void} */
export function addHistogram(pool, counts) {
	for (const [us, count] of counts) pool.set(us, (pool.get(us) ?? 0) + count);
}

export const reportedPercentiles = [
	50, 60, 66, 75, 80, 90, 95, 98, 99, 99.9, 100,
];

/** sorted: [us, count] by us. Nearest rank. */
function percentileUs(sorted, total, percent) {
	let left = Math.ceil((percent / 100) * total);
	return sorted.find(([, count]) => {
		left -= count;
		return left <= 0;
	})[0];
}

/** The largest of …, 0.1, 0.2, 0.5, 1, 2, 5, … that is at most the value. */
function roundDown(value) {
	const power = 10 ** Math.floor(Math.log10(value));
	const fits = (digit) => digit * power <= value * (1 + 1e-9);
	return ([5, 2].find(fits) ?? 1) * power;
}

/** [{ fromMs, toMs, count }]: bins whose bounds go 1, 2, 5, 10, …, each without its upper bound. */
function makeBins(sorted) {
	const bins = [];
	for (const [us, count] of sorted) {
		const from = roundDown(Math.max(us, 1));
		const last = bins.at(-1);
		if (last?.fromMs === from / 1000) last.count += count;
		else {
			const isTwo = Math.round(from / 10 ** Math.floor(Math.log10(from))) === 2;
			const toMs = (from * (isTwo ? 2.5 : 2)) / 1000;
			bins.push({ fromMs: from / 1000, toMs, count });
		}
	}
	return bins;
}

/**
 * Of a Map from latency in µs to count: { latencyMs: { mean, min, p50, p90, p99, max }, percentiles: [{ percent, ms }], histogram: [{ fromMs,
 * toMs, count }] }; without values latencyMs holds nulls and the lists are empty.
 * @type {(counts: Kit.Histogram) => Kit.Latencies}
 */
export function describeLatencies(counts) {
	const sorted = [...counts].sort(([a], [b]) => a - b);
	let total = 0;
	let sumUs = 0;
	for (const [us, count] of sorted) {
		total += count;
		sumUs += us * count;
	}
	const ms = (percent) =>
		total ? percentileUs(sorted, total, percent) / 1000 : null;
	return {
		latencyMs: {
			mean: total ? sumUs / total / 1000 : null,
			min: total ? sorted[0][0] / 1000 : null,
			p50: ms(50),
			p90: ms(90),
			p99: ms(99),
			max: ms(100),
		},
		percentiles: total
			? reportedPercentiles.map((percent) => ({ percent, ms: ms(percent) }))
			: [],
		histogram: makeBins(sorted),
	};
}
