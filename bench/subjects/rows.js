// Finds out what is to be measured: the product of the tiers, their engines and all other dimensions, without what does not exist.

import { engineIn, startHost } from "../hosts/host.js";
import {
	dimensions,
	nameOf,
	product,
	thisCommit,
} from "../results/dimensions.js";
import { baseTier, ceilings, groupOf } from "../results/roles.js";
import { inTree, whyNotIn } from "./commit.js";
import { describeTarget, fitTarget } from "./target.js";
import { describeOutside, fitOutside } from "./tier-directory.js";
import { describeTier, isProgram } from "./tiers.js";

/** What all hosts say to an option that they can't follow, such as an engine that is not theirs. */
const badOptionExitCode = 2;
const workload = dimensions.filter(({ isWorkload }) => isWorkload);
const variants = dimensions.filter(({ isWorkload }) => !isWorkload);

async function startAndStop(tier, signal) {
	const host = await startHost({ ...tier.launch(), signal });
	await host.stop();
	return host;
}

/** The engine that a tier takes by itself, null if it has none, and why it can't be started if so. */
async function findDefaultEngine(id, signal) {
	try {
		const { details } = await startAndStop(describeTier({ id }), signal);
		return { engine: engineIn(details) };
	} catch (error) {
		signal.throwIfAborted();
		return { engine: null, error };
	}
}

async function offersEngine(row, signal) {
	try {
		await startAndStop(describeTier(row), signal);
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

/** [{ id, engine? }] for a tier, and why it is skipped if it is. */
async function findEnginesOf({ id, isOptional }, { engines, signal }) {
	const { engine: usual, error } = await findDefaultEngine(id, signal);
	if (error && isOptional && isMadeOnDemand(error))
		return { rows: [], skipped: [{ id, reason: lastWords(error) }] };
	if (usual === null) return { rows: [{ id }], skipped: [] };
	const rows = [];
	for (const engine of engines) {
		const row = { id, engine };
		if (engine === usual || (await offersEngine(row, signal))) rows.push(row);
	}
	// One that has none of them says so itself when it is started.
	return {
		rows: rows.length ? rows : [{ id, engine: engines[0] }],
		skipped: [],
	};
}

async function findTiers(selections, options) {
	const found = { rows: [], skipped: [] };
	for (const selection of selections) {
		const isKnown = selection.engine || selection.target || selection.isOutside;
		const { rows, skipped } = isKnown
			? { rows: [selection], skipped: [] }
			: await findEnginesOf(selection, options);
		found.rows.push(...rows);
		found.skipped.push(...skipped);
	}
	const unique = new Map(found.rows.map((row) => [nameOf(row), row]));
	found.rows = [...unique.values()].sort(
		(a, b) => groupOf(a, options.engines) - groupOf(b, options.engines),
	);
	return found;
}

/** { row } as it can be measured, or { reason } why it can't. A dimension that does not concern the tier is null. */
function fit(wanted) {
	if (wanted.target) return fitTarget(wanted);
	if (wanted.isOutside) return fitOutside(wanted);
	const row = { ...wanted };
	// It is a tool of the kit, not what a commit is about.
	if (row.id === ceilings.program) row.commit = null;
	// HTTP has one way to send a batch.
	if (row.batchSize > 1 && row.transport !== "grpc")
		row.transport = "post-json";
	if (!row.engine) row.build = null;
	if (!isProgram(row.id)) {
		if (row.transport === "grpc" && row.processes > 1)
			return { reason: "serves gRPC from one process only" };
		return { row };
	}
	if (row.transport !== "get")
		return { reason: "knows GET alone: no other transports, no batches" };
	return { row: { ...row, node: null } };
}

/** Splits rows into those that can be measured, each once, and what is to be said of the others. */
function fitAll(rows) {
	const fitted = new Map();
	const skipped = new Map();
	for (const wanted of rows) {
		const { row, reason } = fit(wanted);
		if (row) {
			// A batch asked for by GET, too, comes where it is asked for as what it is.
			fitted.delete(nameOf(row));
			fitted.set(nameOf(row), row);
		} else skipped.set(`${wanted.id} ${reason}`, { id: wanted.id, reason });
	}
	return { rows: [...fitted.values()], skipped: [...skipped.values()] };
}

const isElsewhere = ({ commit }) => commit && commit !== thisCommit;

/** The base tier a second time: what differs between the two is chance. */
function addAgain(rows) {
	const base = rows.find(({ id }) => id === baseTier) ?? rows[0];
	return rows.flatMap((row) =>
		row.id === base?.id && row.engine === base.engine
			? [row, { ...row, isAgain: true }]
			: [row],
	);
}

/**
 * The tiers to measure, from selections [{ id, engine?, isOptional? }] and `values` (dimension → list): { tiers, skipped: [{ id, reason }] }.
 * Grouped by what they encode and by engine, else in the order given, the variants of a tier together. An optional tier that
 * has to be built by a command of its own, and isn't, is skipped. `again`: a second row of the base tier. `other`: what buildCommit() gave,
 * for rows of another commit; `tierDirectory`: what loadTierDirectory() gave, for tiers from outside.
 */
export async function findRows(
	selections,
	{ values, again, nodePaths, other, tierDirectory, ...options },
) {
	const found = await findTiers(selections, options);
	const all = product(workload, values).flatMap((load) =>
		found.rows.flatMap((tier) =>
			product(variants, values).map((variant) => ({
				...tier,
				...load,
				...variant,
			})),
		),
	);
	const { rows, skipped } = fitAll(all);
	const tiers = again ? addAgain(rows) : rows;
	const missing = tiers.flatMap((row) => {
		const reason = isElsewhere(row) ? whyNotIn(row, other) : null;
		return reason ? [{ row, id: row.id, reason }] : [];
	});
	return {
		tiers: tiers
			.filter((row) => !missing.some((gone) => gone.row === row))
			.map((row) => {
				if (row.target) return describeTarget(row);
				if (row.isOutside)
					return describeOutside(row, tierDirectory, nodePaths);
				const tier = describeTier(row, nodePaths);
				return isElsewhere(row) ? inTree(tier, other) : tier;
			}),
		skipped: [
			...found.skipped,
			...skipped,
			...missing.map(({ id, reason }) => ({ id, reason })),
		],
	};
}
