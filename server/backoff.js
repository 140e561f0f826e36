const SOUND_AFTER_MS = 1000;
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5000;

/**
 * How many ms to wait before a process is replaced that lived for livedMs: not at all if it was sound, and else twice as
 * long as before its own start, which was delayMs.
 * @type {(delayMs: number, livedMs: number) => number}
 */
export function nextBackoffMs(delayMs, livedMs) {
	if (livedMs >= SOUND_AFTER_MS) return 0;
	const doubled = Math.max(FIRST_BACKOFF_MS, 2 * delayMs);
	return Math.min(doubled, MAX_BACKOFF_MS);
}
