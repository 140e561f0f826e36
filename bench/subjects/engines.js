// Which engines our tiers have: each is started and asked.
import { engineIn, startHost } from "../hosts/host.js";
import { nameOf } from "../results/dimensions.js";
import { groupOf } from "../results/roles.js";
import { launchTier } from "./tiers.js";

/** What all hosts say to an option that they can't follow, such as an engine that is not theirs. */
const badOptionExitCode = 2;

async function startAndStop(tier, signal) {
	const host = await startHost({ ...launchTier(tier), signal });
	await host.stop();
	return host;
}

/** The engine that a tier takes by itself, null if it has none, and why it can't be started if so. */
async function findDefaultEngine(id, signal) {
	try {
		const { details } = await startAndStop({ id }, signal);
		return { engine: engineIn(details) };
	} catch (error) {
		signal.throwIfAborted();
		return { engine: null, error };
	}
}

async function offersEngine(tier, signal) {
	try {
		await startAndStop(tier, signal);
		return true;
	} catch ({ exitCode }) {
		signal.throwIfAborted();
		return exitCode !== badOptionExitCode;
	}
}

/** What is made by a command of its own says which when it is asked for. */
const isMadeOnDemand = ({ message }) => message.includes("npm run build:");

/** What a host said, without that it ended. */
const lastWords = ({ message }) =>
	message.replace(/^it ended with exit code \d+ before it was ready: /, "");

/**
 * [{ id, engine? }] for a tier, and why it is skipped if it is.
 * @type {(selection: Kit.Selection, options: { engines: string[], signal: AbortSignal }) => Promise<{ tiers: Kit.Selection[], skipped: Kit.Skipped[] }>}
 */
async function findEnginesOf({ id, isOptional }, { engines, signal }) {
	const { engine: usual, error } = await findDefaultEngine(id, signal);
	if (error && isOptional && isMadeOnDemand(error))
		return { tiers: [], skipped: [{ id, reason: lastWords(error) }] };
	if (usual === null) return { tiers: [{ id }], skipped: [] };
	const tiers = [];
	for (const engine of engines) {
		const tier = { id, engine };
		if (engine === usual || (await offersEngine(tier, signal)))
			tiers.push(tier);
	}
	// One that has none of them says so itself when it is started.
	return {
		tiers: tiers.length ? tiers : [{ id, engine: engines[0] }],
		skipped: [],
	};
}

/**
 * The tiers that selections [{ id, engine?, isOptional? }] stand for, on each of `engines` that they have, grouped by engine: { tiers:
 * [{ id, engine? }], skipped: [{ id, reason }] }. An optional one that has to be built by a command of its own, and isn't, is skipped.
 * @type {(selections: Kit.Selection[], options: { engines: string[], signal: AbortSignal }) => Promise<{ tiers: Kit.Selection[], skipped: Kit.Skipped[] }>}
 */
export async function findTiers(selections, options) {
	/** @type {{ tiers: Kit.Selection[], skipped: Kit.Skipped[] }} */
	const found = { tiers: [], skipped: [] };
	for (const selection of selections) {
		const { tiers, skipped } = selection.engine
			? { tiers: [selection], skipped: [] }
			: await findEnginesOf(selection, options);
		found.tiers.push(...tiers);
		found.skipped.push(...skipped);
	}
	const unique = new Map(found.tiers.map((tier) => [nameOf(tier), tier]));
	const { engines } = options;
	return {
		tiers: [...unique.values()].sort(
			(a, b) => groupOf(a, engines) - groupOf(b, engines),
		),
		skipped: found.skipped,
	};
}
