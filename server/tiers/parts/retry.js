import { setImmediate as nextTurn } from "node:timers/promises";

/** Who had to make the image ended or hung before it answered. */
export class LostError extends Error {}

/**
 * Resolves to what task() does, which is called again, once, if it rejects with a LostError: an image depends on nothing but
 * what is asked for, so that it may be made twice. signal: of a client that goes away, if there is any.
 * @type {<T>(task: () => Promise<T>, signal?: AbortSignal) => Promise<T>}
 */
export async function retryLost(task, signal) {
	try {
		return await task();
	} catch (error) {
		if (!(error instanceof LostError)) throw error;
		await nextTurn(); // others that ended at the same time are known to have ended by then
		signal?.throwIfAborted();
		return task();
	}
}
