// What is measured: the tiers of this repository, servers that run already (--target), or the tiers of another directory (--tier-dir).
import { createCeiling } from "./ceiling.js";
import { createQrSubject } from "./qr-subject.js";
import { createQrVerifier } from "./qr-verifier.js";
import { createTargetSubject } from "./target.js";
import { loadTexts } from "./texts.js";
import { createDirectorySubject } from "./tier-directory.js";

/**
 * Without --tiers, targets are measured alone.
 * @type {(options: Kit.Options) => Kit.Selection[]}
 */
function selectOurs({ tiers, target, isGiven }) {
	return isGiven("tiers") || !target ? tiers : [];
}

/** @type {(options: Kit.Options) => Promise<Kit.Subject>} */
async function chooseDirectory({ tierDir, tiers, target, values, isGiven }) {
	if (target)
		throw new Error("--target and --tier-dir can't be given together.");
	return createDirectorySubject(`${tierDir}`, {
		selections: isGiven("tiers") ? tiers : null,
		kinds: isGiven("text") ? values.text : null,
	});
}

/**
 * The subjects of a run, which share their texts. Rejects with a sentence if something is not there.
 * @type {(options: Kit.Options) => Promise<Kit.Subject[]>}
 */
export async function chooseSubjects(options) {
	if (options.tierDir) return [await chooseDirectory(options)];
	const { values, target: targets = [] } = options;
	const texts = new Map(values.text.map((kind) => [kind, loadTexts(kind)]));
	const [someTexts] = texts.values();
	const shared = {
		texts,
		packages: ["express", "qrcode", "qr"],
		ceiling: createCeiling(someTexts),
		verify: createQrVerifier(),
	};
	const tiers = selectOurs(options);
	return [
		...(tiers.length ? [createQrSubject(tiers, shared)] : []),
		...(targets.length ? [createTargetSubject(targets, shared)] : []),
	];
}
