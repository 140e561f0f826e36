// What a load at a fixed arrival rate says about latency: each request counts from when it was due, not from when it could be sent.
// A stalled server makes those wait that come after; counted from their sending, they would look fast (coordinated omission).

const toUs = (ms) => Math.max(0, Math.round(ms * 1000));

function count(histogram, ms) {
	const us = toUs(ms);
	histogram.set(us, (histogram.get(us) ?? 0) + 1);
}

/**
 * From records { dueMs, calledMs: when the generator got to it, sentMs, doneMs: when its answer was whole, or null without one, status },
 * with times since the start of the load, of windowMs: { due, answered, good: answers 200 that came within the window, fromDue and fromSend:
 * histograms of the latencies in µs of all answers 200 (a refusal is fast), lag: that of how late the generator itself was }.
 * @type {(records: Iterable<Kit.RequestRecord>, windowMs: number) => Kit.OpenLoadPool & { due: number, answered: number, good: number }}
 */
export function estimate(records, windowMs) {
	const found = { due: 0, answered: 0, good: 0 };
	const fromDue = new Map();
	const fromSend = new Map();
	const lag = new Map();
	for (const { dueMs, calledMs, sentMs, doneMs, status } of records) {
		found.due += 1;
		count(lag, calledMs - dueMs);
		if (doneMs === null) continue;
		found.answered += 1;
		if (status !== 200) continue;
		if (doneMs <= windowMs) found.good += 1;
		count(fromDue, doneMs - dueMs);
		count(fromSend, doneMs - sentMs);
	}
	return { ...found, fromDue, fromSend, lag };
}
