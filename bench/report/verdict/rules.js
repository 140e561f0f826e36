// The sentences of a verdict. Each rule says one thing of the facts, or nothing; docs/verdict.md has them in a table.
import { differInOne, varyingDimensions } from "../../results/dimensions.js";
import {
	fewestRounds,
	pairedRatio,
	pairRounds,
} from "../../results/statistics.js";
import { unitOfWork } from "../columns.js";
import { formatNumber, formatRounds } from "../format.js";
import { describeRatio } from "../interval.js";
import { mostOfTheGain } from "./facts.js";
import { gainOver, isByCpu, isTold, worthwhile } from "./gain.js";
import { busyCpus, describeLoad, monthlySaving } from "./worth.js";

/** Another Node is worth naming if it alone gives so much. */
const worthUpgrading = 1.2;
/** Where the function itself is a smaller part of a request's CPU time than this, a faster one buys nothing. */
const smallShare = 0.25;

const percent = (share) => `${Math.round(100 * share)} %`;
const list = (words) =>
	words.length < 2
		? words.join("")
		: `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
const labels = (steps) => list(steps.map(({ label }) => label));
const said = (text, ...rows) => ({
	text,
	rows: [...new Set(rows.map(({ name }) => name))],
});

/** 36 times the requests/s of npm qrcode */
function describeGain(gain, base, { results }) {
	const unit = unitOfWork(results);
	const what = isByCpu(base.row)
		? `${unit}s for the same CPU time as`
		: `${unit}s/s of`;
	return `${describeRatio(gain)} times the ${what} ${base.name}`;
}

/** What is enough for the load that was asked about. */
function describeEnough(step, { usual, results }) {
	const busy = percent(busyCpus(step.row, results.settings.load) ?? 0);
	const verb = step.gain ? "Take" : "Stay with";
	return `${verb} ${step.name}: ${describeLoad(results)} keep ${busy} of one CPU busy${usual ? ", and no step buys anything that you would notice" : ""}.`;
}

/** @type {(facts: Kit.Facts) => string} */
export function makeHeadline({ base, steps, recommended, because, ...facts }) {
	if (steps.length === 0)
		return `Nothing to choose between: only ${base.name} was measured.`;
	if (because === "enough") return describeEnough(recommended ?? base, facts);
	if (!recommended)
		return `Stay with ${base.name}: no step that was measured gets ${percent(worthwhile - 1)} more done.`;
	return `Take ${recommended.name}: ${describeGain(recommended.gain, base, facts)}.`;
}

/** Why another step than the usual one is recommended at the load. */
function atLoad({ because, usual, recommended, base, results }) {
	const { settings } = results;
	if (because === "enough" && usual)
		return said(
			`For more than that: ${usual.name} gets ${describeRatio(usual.gain)} times as much done as ${base.name}.`,
			usual.row,
		);
	if (because !== "pays" || !recommended) return null;
	const place = usual ?? base;
	const { amount } = monthlySaving(recommended.row, place.row, settings);
	const days = (amount ?? 0) / settings.engineerDayPrice;
	return said(
		`At ${describeLoad(results)} it pays: ${formatNumber(amount)} a month less than with ${place.name}, the price of ${formatNumber(days)} days of an engineer.`,
		recommended.row,
		place.row,
	);
}

/** How the recommended step stands among those that stay where it is. */
function bestInPlace({ steps, best, recommended, because }) {
	if (!recommended || !best || because) return null;
	const inPlace = steps.filter(({ host }) => host === recommended.host);
	if (inPlace.length === 1) return null;
	const share = gainOver(recommended.row, best.row);
	if (recommended === best || !isTold(share))
		return said(
			`Of the ${inPlace.length} steps that keep ${recommended.host}, none does measurably better.`,
			recommended.row,
			best.row,
		);
	return said(
		`It is the simplest step with most of the gain: ${percent(share.ratio ?? 0)} of what the fastest that keeps ${recommended.host} gets.`,
		recommended.row,
		best.row,
	);
}

/** The same row on the Node of the run that makes it fastest, where that is worth naming: { row, gain }. */
function findUpgrade(row, rows) {
	const isSame = (other) =>
		other.id === row.id &&
		other.engine === row.engine &&
		!other.isAgain &&
		differInOne("node", other, row);
	const [best] = rows
		.filter(isSame)
		.map((other) => ({ row: other, gain: gainOver(other, row) }))
		.filter(({ gain }) => isTold(gain) && (gain.ratio ?? 0) >= worthUpgrading)
		.toSorted((a, b) => (b.gain.ratio ?? 0) - (a.gain.ratio ?? 0));
	return best ?? null;
}

/** What another Node alone is worth to the base, or else to the recommended step. */
function upgradeNode({ base, recommended, results }) {
	const say = (beginning, { row, label }, upgrade) =>
		said(
			`${beginning}: Node ${upgrade.row.node} alone makes ${label} ${describeRatio(upgrade.gain)} times as fast as Node ${row.node} does.`,
			upgrade.row,
			row,
		);
	const ofBase = findUpgrade(base.row, results.rows);
	if (ofBase) return say("Upgrade Node first", base, ofBase);
	const ofStep = recommended && findUpgrade(recommended.row, results.rows);
	return ofStep ? say("Upgrade Node, too", recommended, ofStep) : null;
}

/** What can be had without native code. */
function sameLanguage({ worth, recommended, because }) {
	const inLanguage = worth.filter((step) => step.isSameLanguage);
	if (because || inLanguage.length === 0 || !recommended) return null;
	if (recommended.isSameLanguage) return null;
	const [step] = inLanguage;
	const share = gainOver(step.row, recommended.row);
	return said(
		`The language isn't all: ${step.name} alone gets ${describeRatio(step.gain)} times as much done, ${percent(share.ratio ?? 0)} of that, with nothing native.`,
		step.row,
		recommended.row,
	);
}

/** Steps that cost more and get no more done, by the simpler one that does as well. */
function dominated({ dominated, recommended }) {
	const groups = new Map();
	for (const [step, simpler] of dominated)
		if (step !== recommended)
			groups.set(simpler, [...(groups.get(simpler) ?? []), step]);
	if (groups.size === 0) return null;
	const parts = [...groups].map(
		([simpler, steps]) => `${labels(steps)} (${simpler.label} does as well)`,
	);
	return said(
		`Not worth their price, for a simpler step gets within ${percent(worthwhile - 1)} of them, or can't be told apart: ${parts.join("; ")}.`,
		...[...groups.values()].flat().map(({ row }) => row),
	);
}

/** What part of a request's CPU time the function takes. */
function shareOfRequest({ base, recommended, ceiling, because }) {
	if (!ceiling || because) return null;
	const { row, label, host } = recommended ?? base;
	const times = pairedRatio(pairRounds(row, ceiling, "cpuMicrosPerImage"));
	if (times.ratio === null) return null;
	const share = (value) => Math.max(0, 1 - 1 / value);
	const bounds =
		times.low === null || times.high === null
			? ""
			: ` (${percent(share(times.low))} to ${percent(share(times.high))})`;
	const rest = `of the CPU time of a request to ${label} the function takes ${percent(share(times.ratio))}${bounds}, ${host} and the connection the rest`;
	return share(times.ratio) <= smallShare
		? said(
				`Stop here: ${rest}. A faster function can't buy more than that.`,
				row,
				ceiling,
			)
		: said(`There is more to have in the same place: ${rest}.`, row, ceiling);
}

/** What leaving the app's own server is worth, once for each other place. */
function beyond({ beyond, recommended, base, because }) {
	if (because || beyond.length === 0) return null;
	const place = recommended ?? base;
	const parts = beyond.map(({ name, row, price }) => {
		const gain = describeRatio(gainOver(row, place.row));
		return `${name} another ${gain} times${price ? ` (${price})` : ""}`;
	});
	const rows = beyond.map(({ row }) => row);
	return said(
		`Leaving ${place.host} is a step of its own: ${parts.join("; ")}.`,
		...rows,
	);
}

/** The generator was busier than the server. */
function generatorLimited({ steps }) {
	const limited = steps.filter(({ row }) => row.isGeneratorLimited);
	if (limited.length === 0) return null;
	return said(
		`The load generator held back ${labels(limited)}: what is said of ${limited.length > 1 ? "them" : "it"} is the least that holds.`,
		...limited.map(({ row }) => row),
	);
}

/** With few rounds all of this is a guess. */
function tooFewRounds({ base, steps }) {
	const rows = [base, ...steps].map(({ row }) => row);
	const fewest = Math.min(...rows.map(({ rounds }) => rounds));
	if (fewest >= fewestRounds || steps.length === 0) return null;
	return said(
		`Take this as a guess: ${formatRounds(fewest)} can't give intervals, ${fewestRounds} can.`,
	);
}

/** What might change the verdict, and was not looked at. */
function notMeasured({ results }) {
	const varying = varyingDimensions(results.rows).map(({ id }) => id);
	const asked = [
		["node", "other versions of Node (--node)"],
		["text", "other texts (--text)"],
		["connections", "other numbers of connections (--connections)"],
	].filter(([id]) => !varying.includes(/** @type {any} */ (id)));
	const hasRates = results.rows.some(({ openLoop }) => openLoop?.length);
	const missing = [
		...asked.map(([, what]) => what),
		...(hasRates ? [] : ["latency below full load (--rates)"]),
	];
	if (missing.length === 0) return null;
	return said(`Not measured, and might change this: ${missing.join("; ")}.`);
}

/**
 * id → rule, in the order in which they speak.
 * @type {Record<string, (facts: Kit.Facts) => Kit.Reason | null>}
 */
export const rules = {
	"too few rounds": tooFewRounds,
	"upgrade Node": upgradeNode,
	"at a load": atLoad,
	"best in place": bestInPlace,
	"same language": sameLanguage,
	"share of a request": shareOfRequest,
	beyond,
	dominated,
	"generator-limited": generatorLimited,
	"not measured": notMeasured,
};

/** @type {(facts: Kit.Facts) => Kit.Reason[]} */
export const findReasons = (facts) =>
	Object.entries(rules).flatMap(([rule, say]) => {
		const reason = say(facts);
		return reason ? [{ rule, ...reason }] : [];
	});

/** @type {(facts: Kit.Facts, step: Kit.PlacedStep) => string} */
export function judge({ base, recommended, dominated, best }, step) {
	if (step === recommended) return "take this";
	const simpler = dominated.get(step);
	if (simpler) return `no better than ${simpler.label}`;
	if (step.host !== (recommended ?? base).host) return "a step further";
	const share = best ? gainOver(step.row, best.row).ratio : null;
	return share !== null && share < mostOfTheGain
		? "on the way"
		: "more, at a price";
}
