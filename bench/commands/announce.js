// What a run will do to servers that belong to others.
import { passes } from "../run/open-loop-phase.js";

/**
 * Sentences on what will be sent to each target, to be shown before anything is.
 * @type {(targets: Kit.Selection[], settings: Pick<Kit.RunSettings, "rounds" | "durationSeconds" | "texts" | "rates">) => string[]}
 */
export function announceTargets(
	targets,
	{ rounds, durationSeconds, texts, rates },
) {
	const count = texts.reduce((sum, { count }) => sum + count, 0);
	// A trial, then a warm-up and a load in each round.
	const times = rounds === "auto" ? "at least 21" : `${2 * rounds + 1}`;
	const wanted = rates?.map(({ wanted }) => wanted).join(", ");
	const open = rates
		? `, and ${passes * rates.length} at the rates ${wanted}`
		: "";
	return targets.map(
		({ id, target }) =>
			`${id}: ${target} will be sent the ${count} texts and some requests that it should refuse, one after another, then for each row ${times} loads of about ${durationSeconds} s or more, as many requests as it answers${open}.`,
	);
}
