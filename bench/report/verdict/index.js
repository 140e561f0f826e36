// How far to go, and what it buys: the verdict on each load and way of serving that was measured.
import {
	differInOne,
	dimensions,
	thisCommit,
} from "../../results/dimensions.js";
import { makePanels } from "../charts/rows.js";
import { formatNumber, formatRatio } from "../format.js";
import { describeRatio } from "../interval.js";
import { findFacts } from "./facts.js";
import { gainOver } from "./gain.js";
import { findReasons, judge, makeHeadline } from "./rules.js";
import { makeWorthTable } from "./worth.js";

/** How many of its dimensions have the value that they have by default. */
function usualness({ rows: [{ row }] }) {
	return dimensions.filter(({ id, defaults }) => row[id] === defaults[0])
		.length;
}

/** The most usual load first, but one with a choice before those without. */
function findAllFacts(results) {
	const all = makePanels(results.rows, ({ rounds }) => rounds > 0)
		.toSorted((a, b) => usualness(b) - usualness(a))
		.flatMap((panel) => {
			const facts = findFacts(panel, results);
			return facts ? [{ title: panel.title, facts }] : [];
		});
	const hasChoice = ({ facts }) => facts.steps.length > 0;
	return all.toSorted((a, b) => Number(hasChoice(b)) - Number(hasChoice(a)));
}

const rangeOf = ({ low, high }) =>
	low === null
		? ""
		: `${formatRatio(low)}–${formatRatio(high)}`.replace("x", "");

/** The steps from the base on, in the order of what they ask for. */
function makeSteps(facts) {
	const { base, steps } = facts;
	const ofStep = (step) => [
		step.label,
		formatRatio(step.gain.ratio),
		rangeOf(step.gain),
		judge(facts, step),
		step.price,
		step.name,
	];
	const verdict = facts.recommended ? "" : "stay";
	const first = [base.label, "1.00x", "", verdict, base.price, base.name];
	return {
		title: "Steps, from near to far",
		columns: [
			{ head: "step", align: "left" },
			{ head: "gain", align: "right" },
			{ head: "95 %\ninterval", align: "right", isOptional: true },
			{ head: "verdict", align: "left" },
			{ head: "what it costs", align: "left", isProse: true, isOptional: true },
			{ head: "what it is", align: "left", isProse: true, isOptional: true },
		],
		groups: [[first, ...steps.map(ofStep)]],
	};
}

/** Of several verdicts one line each. */
function makeMatrix(all) {
	const ofPanel = ({ title, facts: { base, recommended, best } }) => [
		title,
		formatNumber(base.row.imagesPerSecond.median),
		recommended?.label ?? base.label,
		recommended ? formatRatio(recommended.gain.ratio) : "1.00x",
		recommended ? rangeOf(recommended.gain) : "",
		best ? best.label : "–",
	];
	return {
		title: "The verdict on each",
		columns: [
			{ head: "measured with", align: "left" },
			{ head: "base/s", align: "right" },
			{ head: "take", align: "left" },
			{ head: "gain", align: "right" },
			{ head: "95 %\ninterval", align: "right", isOptional: true },
			{ head: "fastest in\nits place", align: "left", isOptional: true },
		],
		groups: [all.map(ofPanel)],
	};
}

/** What another commit is worth beside this one. */
function compareCommits({ rows }) {
	const others = rows.filter(
		({ commit, rounds }) => commit && commit !== thisCommit && rounds > 0,
	);
	return others.flatMap((other) => {
		const own = rows.find(
			(row) =>
				row.commit === thisCommit &&
				row.id === other.id &&
				row.engine === other.engine &&
				differInOne("commit", row, other),
		);
		if (!own?.rounds) return [];
		const gain = describeRatio(gainOver(own, other));
		return [
			`This commit's ${own.name} gets ${gain} times as much done as that at ${other.commit}.`,
		];
	});
}

/**
 * What to say first: `headline` and `reasons` of the most usual load, its `steps`, and where there are more loads, a `matrix` with a line each.
 * Null if nothing can be compared.
 * @type {(results: Kit.Summary) => Kit.Verdict | null}
 */
export function makeVerdict(results) {
	const all = findAllFacts(results);
	if (all.length === 0) return null;
	const [{ title, facts }] = all;
	return {
		title: all.length > 1 ? title : "",
		headline: makeHeadline(facts),
		reasons: findReasons(facts),
		commits: compareCommits(results),
		steps: makeSteps(facts),
		worth: makeWorthTable(facts),
		matrix: all.length > 1 ? makeMatrix(all) : null,
	};
}
