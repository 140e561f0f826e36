// Results as promises or by callbacks, and signals that abort the wait for them.
"use strict";

/**
 * To a callback, which may throw whatever it likes; or else as it is.
 * @type {<Result>(promise: Promise<Result>, callback?: import("./arguments.cjs").Callback) => Promise<Result> | undefined}
 */
function settle(promise, callback) {
	if (callback === undefined) return promise;
	// Not from within the promise: what the callback throws is no rejection.
	promise.then(
		(result) => queueMicrotask(() => callback(null, result)),
		(error) => queueMicrotask(() => callback(error)),
	);
	return undefined;
}

/**
 * What is made at once, as qrcode hands it over: a callback is called before this returns.
 * @type {<Result>(make: () => Result, callback?: import("./arguments.cjs").Callback) => Promise<Result> | undefined}
 */
function settleAtOnce(make, callback) {
	if (callback === undefined) return new Promise((resolve) => resolve(make()));
	let result;
	try {
		result = make();
	} catch (error) {
		callback(error);
		return undefined;
	}
	callback(null, result);
	return undefined;
}

/**
 * A promise that is rejected with the signal's reason once that aborts.
 * @type {<Result>(promise: Promise<Result>, signal?: AbortSignal) => Promise<Result>}
 */
function abortable(promise, signal) {
	if (signal === undefined || signal === null) return promise;
	return new Promise((resolve, reject) => {
		const onAbort = () => reject(signal.reason);
		const settled = () => signal.removeEventListener("abort", onAbort);
		signal.addEventListener("abort", onAbort, { once: true });
		promise.then(resolve, reject).finally(settled);
	});
}

module.exports = { abortable, settle, settleAtOnce };
