import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

const TICK_MS = 10;
const QUIET_TICKS = 10;
const NOT_QUIET_AFTER_MS = 1000;

/**
 * On the first SIGTERM or SIGINT calls drain(); on the second calls abort() and ends the process at once.
 * @type {(drain: () => void, abort: () => void) => void}
 */
export function onStopSignals(drain, abort) {
	let draining = false;
	for (const signal of ["SIGTERM", "SIGINT"]) {
		process.on(signal, () => {
			if (draining) {
				abort();
				process.exit(128 + constants.signals[signal]);
			}
			draining = true;
			drain();
		});
	}
}

/**
 * Resolves when the count of connections has not changed for 100 ms, or after a second. Ticks count, not the clock alone:
 * a busy process accepts nothing either.
 * @type {(countConnections: () => number) => Promise<void>}
 */
export async function untilQuiet(countConnections) {
	const end = performance.now() + NOT_QUIET_AFTER_MS;
	let count = countConnections();
	for (let quiet = 0; quiet < QUIET_TICKS && performance.now() < end; quiet++) {
		await sleep(TICK_MS);
		const previous = count;
		count = countConnections();
		if (count !== previous) quiet = -1;
	}
}
