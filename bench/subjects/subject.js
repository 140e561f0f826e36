// What is measured: our tiers, those of another directory (--tier-dir), servers that run already (--target), and the texts for them.
import { loadTexts } from "./texts.js";
import { loadTierDirectory, selectTiers, textsOf } from "./tier-directory.js";

/** Without --tiers, targets are measured alone. */
function selectOurs({ tiers, target, isGiven }) {
	return isGiven("tiers") || !target ? tiers : [];
}

async function chooseOutside({ tierDir, tiers, target, values, isGiven }) {
	if (target)
		throw new Error("--target and --tier-dir can't be given together.");
	const tierDirectory = await loadTierDirectory(tierDir);
	const [firstKind] = Object.keys(tierDirectory.corpus);
	const kinds = isGiven("text") ? values.text : [firstKind];
	return {
		tierDirectory,
		selections: selectTiers(tierDirectory, isGiven("tiers") ? tiers : null),
		texts: new Map(kinds.map((kind) => [kind, textsOf(tierDirectory, kind)])),
	};
}

/**
 * Fulfils with { selections as findRows() takes them, texts: kind → list, tierDirectory: null unless there is one }. Rejects with a
 * sentence if something is not there.
 */
export async function chooseSubject(options) {
	if (options.tierDir) return chooseOutside(options);
	return {
		tierDirectory: null,
		selections: [...selectOurs(options), ...(options.target ?? [])],
		texts: new Map(options.values.text.map((kind) => [kind, loadTexts(kind)])),
	};
}
