// What must hold for any input, of the parsers in JavaScript: fast-check looks for one for which it does not.
import fc from "fast-check";

/** Each module exports create(): { property, examples, close }. */
export const properties = {
	js_query: () => import("./properties/query.js"),
	js_json: () => import("./properties/json.js"),
	js_headers: () => import("./properties/headers.js"),
	js_grpc: () => import("./properties/grpc.js"),
	js_package: () => import("./properties/package.js"),
	js_command: () => import("./properties/command.js"),
};

/**
 * Looks for so many runs, or so many seconds. Resolves to { runs, failure: a report, or undefined }.
 * @param {string} name
 * @param {{ runs?: number, seconds?: number, seed?: number }} amount
 */
export async function checkProperty(
	name,
	{ runs = 1e9, seconds = 86_400, seed = Date.now() % 2 ** 31 },
) {
	const { create } = await properties[name]();
	const { property, examples = [], close = () => {} } = await create();
	try {
		const details = await fc.check(property, {
			numRuns: runs,
			seed,
			examples: examples.map((example) => [example]),
			interruptAfterTimeLimit: seconds * 1000,
			markInterruptAsFailure: false,
			// A run is a call or an exchange with a process: one that takes so long hangs.
			timeout: 300_000,
		});
		return {
			runs: details.numRuns,
			failure: details.failed
				? `${fc.defaultReportMessage(details)}\n${details.errorInstance}`
				: undefined,
		};
	} finally {
		await close();
	}
}
