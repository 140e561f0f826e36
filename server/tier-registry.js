/*
 * A tier is a file server/tiers/ID.js whose default export is
 *
 *   id, title                what it is called, and one line on what it is
 *   start?(settings)         before the first request, may be async; settings: { maxConcurrency, maxQueue, answerTimeoutMs }
 *   generate(text, options)  a PNG as a Buffer, or a Promise of one; text: a string, or a Buffer of any bytes, which
 *                            may fit no symbol, but is never longer than one can hold digits (text.js);
 *                            options: { ecl, width, margin, engine }, all valid.
 *                            Throws a RequestError for what is the client's fault, a BusyError when a queue is full
 *   stop?()                  the process is about to end
 *   engines?()               the names of its engines, the default first; called after start
 *   libraries(engine)        what makes its images, with versions: images may change when this does
 *   aheadOfExpress?          true: GET and HEAD of /qrcode don't go through Express at all
 *   encodes?                 false: its images don't show the text, so the page leaves it out
 *   stats?()                 for metrics: { waiting?, refused?, restarts? }, all numbers: texts in its queue, and so far texts
 *                            refused since that was full, and children or threads in place of others that had ended
 *   abortable?               true: options.signal, an AbortSignal, says when the client has gone away
 */
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { buildName } from "../lib/build-folder.cjs";
import { defaultOptions } from "./defaults.js";
import { oneOf, RequestError, StartError, sentences } from "./errors.js";
import { ownVersion } from "./package-version.js";

const DIRECTORY = new URL("tiers/", import.meta.url);

export function tierIds() {
	return readdirSync(DIRECTORY)
		.filter((name) => name.endsWith(".js"))
		.map((name) => name.slice(0, -".js".length))
		.sort();
}

/** Loads and starts those tiers alone; the first is the default one. */
export async function startTiers(ids, settings) {
	checkBuild();
	const tiers = new Map();
	for (const id of ids) {
		const tier = await startTier(id, settings);
		tiers.set(id, new StartedTier(tier, settings.maxWidth));
	}
	if (settings.engine !== undefined)
		chooseEngine([...tiers.values()], settings.engine);
	return tiers;
}

function checkBuild() {
	try {
		buildName();
	} catch (error) {
		throw new StartError(error.message, 2);
	}
}

async function startTier(id, settings) {
	try {
		const { default: tier } = await import(new URL(`${id}.js`, DIRECTORY));
		await tier.start?.(settings);
		return tier;
	} catch (error) {
		if (error.name !== "Error") throw error; // such as a SyntaxError in the tier: shown with its place
		throw new StartError(`The tier ${id} can't start: ${error.message}`);
	}
}

function chooseEngine(tiers, engine) {
	const withEngines = tiers.filter(({ engines }) => engines.length > 0);
	if (withEngines.length === 0)
		throw new StartError(
			`The tier ${tiers[0].id} has no engines: leave out --engine.`,
			2,
		);
	for (const tier of withEngines) {
		if (!tier.engines.includes(engine))
			throw new StartError(
				`--engine must be ${oneOf(tier.engines)} in the tier ${tier.id}.`,
				2,
			);
		tier.defaultVariant = tier.variant(engine);
	}
}

/** A tier with its variants: one for each engine, or a single one without, in which nothing is built. */
class StartedTier {
	#variants;

	constructor(tier, maxWidth) {
		this.tier = tier;
		this.id = tier.id;
		this.engines = tier.engines?.() ?? [];
		const names = this.engines.length > 0 ? this.engines : [undefined];
		this.#variants = new Map(
			names.map((engine) => [engine, createVariant(tier, engine, maxWidth)]),
		);
		this.defaultVariant = this.#variants.get(names[0]);
	}

	/** Throws a RequestError if there is no such engine. */
	variant(engine) {
		if (engine === undefined) return this.defaultVariant;
		const variant = this.#variants.get(engine);
		if (variant !== undefined) return variant;
		throw new RequestError(
			this.engines.length > 0
				? sentences.oneOf("engine", this.engines)
				: sentences.noEngines(this.id),
		);
	}
}

function createVariant(tier, engine, maxWidth) {
	const libraries = tier.libraries(engine);
	const defaults = defaultOptions(maxWidth);
	const build = engine === undefined ? null : buildName();
	const origin = [ownVersion, tier.id, engine, libraries, defaults, build];
	const hash = createHash("sha256").update(JSON.stringify(origin));
	return {
		tier,
		engine,
		build,
		etag: `"${hash.digest("base64url").slice(0, 22)}"`,
	};
}
