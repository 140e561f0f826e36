// Latencies as counts per microsecond, so that rounds can be pooled exactly.

/**
 * wrk adds to its histogram what it thinks a stalled connection would have measured: for each latency n of at least twice
 * the mean interval e of a connection, one more at n - e, n - 2e, … down to e. We report what was measured, so this takes them out
 * again; exact, since each added count at m came from those above it, which are all found at m + e.
 */
export function withoutCorrection(counts, intervalUs) {
	const measured = new Map();
	for (const [us, count] of counts) {
		const added = us > intervalUs ? (counts.get(us + intervalUs) ?? 0) : 0;
		if (count > added) measured.set(us, count - added);
	}
	return measured;
}

export function addHistogram(pool, counts) {
	for (const [us, count] of counts) pool.set(us, (pool.get(us) ?? 0) + count);
}

/** Mean, percentiles (nearest rank) and maximum in milliseconds; all null without values. */
export function latencyMs(counts) {
	const sorted = [...counts].sort(([a], [b]) => a - b);
	let total = 0;
	let sumUs = 0;
	for (const [us, count] of sorted) {
		total += count;
		sumUs += us * count;
	}
	if (total === 0)
		return { mean: null, p50: null, p90: null, p99: null, max: null };
	const percentile = (share) => {
		let left = Math.ceil(share * total);
		return sorted.find(([, count]) => {
			left -= count;
			return left <= 0;
		})[0];
	};
	return {
		mean: sumUs / total / 1000,
		p50: percentile(0.5) / 1000,
		p90: percentile(0.9) / 1000,
		p99: percentile(0.99) / 1000,
		max: sorted.at(-1)[0] / 1000,
	};
}
