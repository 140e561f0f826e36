// Finds out what is to be measured: a tier that has engines is a row on each of those wanted, any other tier is one row.
import { engineIn, startHost } from "./host.js";
import { describeTier, groupOf, nameOf } from "./tiers.js";

/** What all hosts say to an option that they can't follow, such as an engine that is not theirs. */
const badOptionExitCode = 2;

async function startAndStop(tier, signal) {
	const host = await startHost({ ...tier.launch(), signal });
	await host.stop();
	return host;
}

/** The engine that a tier takes by itself; null if it has none or can't be started, which is told later. */
async function findDefaultEngine(id, launchOptions, signal) {
	try {
		const { details } = await startAndStop(
			describeTier({ id }, launchOptions),
			signal,
		);
		return engineIn(details);
	} catch {
		signal.throwIfAborted();
		return null;
	}
}

async function offersEngine(row, launchOptions, signal) {
	try {
		await startAndStop(describeTier(row, launchOptions), signal);
		return true;
	} catch ({ exitCode }) {
		signal.throwIfAborted();
		return exitCode !== badOptionExitCode;
	}
}

async function findRowsOf(id, { engines, launchOptions, signal }) {
	const defaultEngine = await findDefaultEngine(id, launchOptions, signal);
	if (defaultEngine === null) return [{ id }];
	const rows = [];
	for (const engine of engines) {
		const row = { id, engine };
		if (
			engine === defaultEngine ||
			(await offersEngine(row, launchOptions, signal))
		)
			rows.push(row);
	}
	// One that has none of them says so itself when it is started.
	return rows.length > 0 ? rows : [{ id, engine: engines[0] }];
}

/** The tiers to measure, from selections [{ id, engine? }]: grouped by engine, else in the order given. */
export async function findRows(selections, options) {
	const rows = [];
	for (const selection of selections) {
		if (selection.engine) rows.push(selection);
		else rows.push(...(await findRowsOf(selection.id, options)));
	}
	const unique = new Map(rows.map((row) => [nameOf(row), row]));
	return [...unique.values()]
		.sort((a, b) => groupOf(a, options.engines) - groupOf(b, options.engines))
		.map((row) => describeTier(row, options.launchOptions));
}
