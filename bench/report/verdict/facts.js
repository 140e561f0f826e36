// What follows from the rows of a panel: which step gets most of the gain at the least price, and what the others are worth beside it.
import { thisCommit } from "../../results/dimensions.js";
import { baseTier, ceilings, isCeiling } from "../../results/roles.js";
import { gainOver, isTold, isWorthwhile } from "./gain.js";
import { hosts, stepOf } from "./steps.js";
import { monthlySaving, neededCpus } from "./worth.js";

/** A step with this share of what the fastest in its place gets has most of the gain. */
export const mostOfTheGain = 0.8;

const rateOf = ({ row }) => row.imagesPerSecond.median ?? 0;

const fastest = (steps) =>
	steps.reduce((best, step) => (rateOf(step) > rateOf(best) ? step : best));

/** Whether a step gets as much as another: most of it, or so much that the rounds can't tell. */
function getsMostOf(step, other) {
	if (step === other) return true;
	const gain = gainOver(step.row, other.row);
	return (gain.ratio ?? 0) >= mostOfTheGain || !isTold(gain);
}

function findBase(panel, rows) {
	const ofTier = panel.rows.find(({ row }) => row.id === baseTier);
	if (ofTier) return ofTier.row;
	const [{ row }] = panel.rows;
	return rows.find(({ name }) => name === row.relative.to) ?? row;
}

const isStep = ({ row }) =>
	!row.problem &&
	!isCeiling(row) &&
	!row.isAgain &&
	[thisCommit, null].includes(row.commit);

/** All that was measured but ceilings and second goes, from near to far. */
function findSteps(panel, base, { settings }) {
	const ownTiers = !settings.tierDirectory;
	const place = ({ engine }) => settings.engines.indexOf(engine ?? "");
	const steps = panel.rows.filter(isStep).map(({ row, label }) => ({
		...stepOf(row, ownTiers),
		row,
		label,
		gain: gainOver(row, base),
	}));
	const isBase = (step) => step.row === base;
	return steps
		.filter((step) => !isBase(step))
		.toSorted((a, b) => a.distance - b.distance || place(a.row) - place(b.row));
}

/** The nearest step with most of the gain that there is without leaving the app's server; if that gives none, with most of any. */
function recommend(base, worth) {
	const inPlace = worth.filter(({ host }) => host === base.host);
	const pool = inPlace.length ? inPlace : worth;
	if (pool.length === 0) return { best: null, recommended: null };
	const best = fastest(pool);
	return { best, recommended: pool.find((step) => getsMostOf(step, best)) };
}

/** The simplest of all that carries the load on one CPU. */
function findEnough(base, steps, load) {
	return [base, ...steps].find(({ row }) => {
		const cpus = neededCpus(row, load);
		return cpus !== null && cpus <= 1;
	});
}

/** The step that saves most beside another: at least the price of an engineer's day a month, also at the worse end of its interval. */
function findPaying(place, worth, settings) {
	const { engineerDayPrice } = settings;
	if (!engineerDayPrice) return null;
	const savings = worth
		.map((step) => ({
			step,
			...monthlySaving(step.row, place.row, settings),
		}))
		.filter(({ amount, low }) => (low ?? amount ?? 0) >= engineerDayPrice);
	const most = Math.max(...savings.map(({ amount }) => amount ?? 0));
	return savings.find(({ amount }) => amount === most)?.step ?? null;
}

/**
 * What is recommended once a load is given, and why.
 * @type {(facts: Pick<Kit.Facts, "base" | "steps" | "worth" | "recommended">, results: Kit.Summary) => Pick<Kit.Facts, "recommended" | "because">}
 */
function recommendAt({ base, steps, worth, recommended }, { settings }) {
	const { load } = settings;
	if (!load) return { recommended, because: null };
	const enough = findEnough(base, steps, load);
	if (enough === base) return { recommended: null, because: "enough" };
	const step = steps.find((one) => one === enough);
	if (step && (!recommended || step.distance < recommended.distance))
		return { recommended: step, because: "enough" };
	const paying = findPaying(recommended ?? base, worth, settings);
	return paying
		? { recommended: paying, because: "pays" }
		: { recommended, because: null };
}

/** Step → the simplest one that gets as much. */
function findDominated(base, steps) {
	return new Map(
		steps.flatMap((step, i) => {
			const simpler = [base, ...steps.slice(0, i)].find(
				({ row }) => !isWorthwhile(gainOver(step.row, row)),
			);
			return simpler ? [[step, simpler]] : [];
		}),
	);
}

/** For each place but that one: the nearest step with most of what is to be gained there. */
function findBeyond(place, worth) {
	const further = worth.filter(
		(step) =>
			step.host !== place.host && isWorthwhile(gainOver(step.row, place.row)),
	);
	const places = [...new Set(further.map(({ host }) => host))];
	return places.flatMap((host) => {
		const there = further.filter((step) => step.host === host);
		const best = fastest(there);
		return there.find((step) => getsMostOf(step, best)) ?? [];
	});
}

/** The row of what answers the same image each time, from the same kind of host. */
function findCeiling({ host }, panel) {
	const ids = {
		[hosts.express]: ceilings.express,
		[hosts.program]: ceilings.program,
	};
	return panel.rows.find(({ row }) => row.id === ids[host])?.row ?? null;
}

/**
 * What the rules speak of; null for a panel with nothing but ceilings.
 * @type {(panel: Kit.Panel, results: Kit.Summary) => Kit.Facts | null}
 */
export function findFacts(panel, results) {
	if (!panel.rows.some(isStep)) return null;
	const row = findBase(panel, results.rows);
	const base = {
		...stepOf(row, !results.settings.tierDirectory),
		row,
		label: panel.rows.find((one) => one.row === row)?.label ?? row.name,
	};
	const steps = findSteps(panel, row, results);
	const worth = steps.filter(({ gain }) => isWorthwhile(gain));
	const usual = recommend(base, worth);
	const { best } = usual;
	const { recommended, because } = recommendAt(
		{ base, steps, worth, recommended: usual.recommended },
		results,
	);
	const place = recommended ?? base;
	return {
		base,
		steps,
		worth,
		best,
		recommended,
		usual: usual.recommended,
		because,
		beyond: findBeyond(place, worth),
		dominated: findDominated(base, steps),
		ceiling: findCeiling(place, panel),
		results,
	};
}
