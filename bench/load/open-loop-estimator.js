// What a load at a fixed arrival rate says about latency: each request counts from when it was due, not from when it could be sent.
// A stalled server makes those wait that come after; counted from their sending, they would look fast (coordinated omission).

const toUs = (ms) => Math.max(0, Math.round(ms * 1000));

function histogramOf(records, latencyMs) {
	const counts = new Map();
	for (const record of records) {
		const us = toUs(latencyMs(record));
		counts.set(us, (counts.get(us) ?? 0) + 1);
	}
	return counts;
}

const isAnswered = ({ doneMs }) => doneMs !== null;
const isGood = ({ doneMs, status }) => doneMs !== null && status === 200;

/**
 * From records { dueMs, calledMs: when the generator got to it, sentMs, doneMs: when its answer was whole, or null without one, status },
 * with times since the start of the load, of windowMs: { due, answered, good: answers 200 that came within the window, fromDue and fromSend:
 * histograms of the latencies in µs of all answers 200 (a refusal is fast), lag: that of how late the generator itself was }.
 * @type {(records: Kit.RequestRecord[], windowMs: number) => Kit.OpenLoadPool & { due: number, answered: number, good: number }}
 */
export function estimate(records, windowMs) {
	/** @type {any[]} */
	const good = records.filter(isGood);
	return {
		due: records.length,
		answered: records.filter(isAnswered).length,
		good: good.filter(({ doneMs }) => doneMs <= windowMs).length,
		fromDue: histogramOf(good, ({ doneMs, dueMs }) => doneMs - dueMs),
		fromSend: histogramOf(good, ({ doneMs, sentMs }) => doneMs - sentMs),
		lag: histogramOf(records, ({ calledMs, dueMs }) => calledMs - dueMs),
	};
}
