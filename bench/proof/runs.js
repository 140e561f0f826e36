// One run of each kind: two measurements of the same code, or of a tier and its copy with more work, and how the second relates to the first.
import { join } from "node:path";
import { readResults, readUnchecked } from "../results/files.js";
import { runKit } from "./kit.js";
import { heavyTier } from "./plant.js";

/** What all other rows of a run are divided by. */
const control = "constant";

function withInterval({ ratio, low, high }) {
	if (low === null)
		throw new Error(
			"a run has too few rounds for intervals: give --rounds 6 or more.",
		);
	return { ratio, low, high };
}

const bothRatios = ({ imagesPerSecond, cpuMicrosPerImage }) => ({
	rate: withInterval(imagesPerSecond),
	cpu: withInterval(cpuMicrosPerImage),
});

/** @type {(tiers: string, directory: string, how: { kitOptions: string[], root?: string, more?: string[], signal: AbortSignal, out?: string }) => Promise<Kit.Summary>} */
async function measure(
	tiers,
	directory,
	{ kitOptions, root, more = [], signal, out = directory },
) {
	const args = ["--tiers", tiers, ...more, ...kitOptions, "--out", out];
	await runKit(args, { directory, root, signal });
	return readResults(out);
}

async function runTwin(directory, { tier, copy, kitOptions, signal }) {
	const [tiers, more] = copy
		? [`${tier},${heavyTier(tier)}`, []]
		: [tier, ["--again"]];
	const how = { kitOptions, root: copy?.root, more, signal };
	const {
		rows: [, row],
	} = await measure(tiers, directory, how);
	return {
		...bothRatios(row.relative),
		foreignCpuShare: row.foreignCpuShare.median,
	};
}

const ofComparison = ({ rows: [row], foreignCpuShare }) => ({
	...bothRatios(row),
	foreignCpuShare,
});

async function runCompare(directory, { tier, copy, kitOptions, signal }) {
	const [a, b, json] = ["a", "b", "comparison.json"].map((name) =>
		join(directory, name),
	);
	const tiers = `${tier},${control}`;
	const how = { kitOptions, signal };
	await measure(tiers, directory, { ...how, out: a });
	await measure(tiers, directory, { ...how, root: copy?.root, out: b });
	const args = ["compare", a, b, "--control", control, "--json", json];
	await runKit(args, { directory, signal });
	return ofComparison(readUnchecked(json));
}

async function runAgainst(directory, { tier, copy, kitOptions, signal }) {
	const more = ["--against", "HEAD"];
	await measure(tier, directory, {
		kitOptions,
		root: copy?.root,
		more,
		signal,
	});
	return ofComparison(readUnchecked(join(directory, "comparison.json")));
}

/** @type {Record<string, Kit.ProofKind>} */
export const kinds = {
	twin: { what: "a tier twice in a run", run: runTwin },
	compare: { what: "two runs, by compare", run: runCompare },
	against: { what: "the tree and its last commit", run: runAgainst },
};
