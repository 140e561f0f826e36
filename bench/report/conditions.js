// What became of the conditions of --fail-if.
import { formatNumber, formatRange } from "./format.js";
import { withPlainText } from "./plain.js";

const showValue = (value, { figure, unit }) =>
	figure.isRatio
		? `${formatNumber(value.ratio)} (${formatRange(value.low, value.high)})`
		: `${formatNumber(value)} ${unit}`.trim();

/** A sentence on each. */
function describe({ condition, judged, past, isTooBusy }) {
	const gate = `Gate: fail if ${condition.text}: `;
	if (judged === 0)
		return `${gate}not decided; no row that was measured has that figure.`;
	if (isTooBusy)
		return `${gate}not decided; other programs used too much of the CPUs. Try a quieter machine, or --force.`;
	if (past.length === 0)
		return `${gate}passed, for ${judged} ${judged === 1 ? "row" : "rows"}.`;
	const list = past.map(
		({ name, value }) => `${name} has ${showValue(value, condition)}`,
	);
	return `${gate}failed: ${list.join(", ")}.`;
}

/**
 * @type {(judged: Kit.JudgedCondition[]) => string[]}
 */
export const describeConditions = (judged) =>
	withPlainText(judged.map(describe));
