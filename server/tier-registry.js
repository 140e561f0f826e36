// A tier is a file server/tiers/ID.js whose default export is a Server.Tier: shapes.d.ts says what that has.
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { buildName } from "../lib/build-folder.cjs";
import { defaultOptions } from "./defaults.js";
import { oneOf, RequestError, StartError, sentences } from "./errors.js";
import { ownVersion } from "./package-version.js";

const DIRECTORY = new URL("tiers/", import.meta.url);

/** @type {() => string[]} */
export function tierIds() {
	return readdirSync(DIRECTORY)
		.filter((name) => name.endsWith(".js"))
		.map((name) => name.slice(0, -".js".length))
		.sort();
}

/**
 * Loads and starts those tiers alone; the first is the default one.
 * @type {(ids: string[], settings: Server.Settings) => Promise<Server.StartedTiers>}
 */
export async function startTiers(ids, settings) {
	checkBuild();
	/** @type {Server.StartedTiers} */
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

/** @type {(id: string, settings: Server.Settings) => Promise<Server.Tier>} */
async function startTier(id, settings) {
	try {
		const { default: tier } = await import(new URL(`${id}.js`, DIRECTORY).href);
		await tier.start?.(settings);
		return tier;
	} catch (error) {
		if (error.name !== "Error") throw error; // such as a SyntaxError in the tier: shown with its place
		throw new StartError(`The tier ${id} can't start: ${error.message}`);
	}
}

/** @type {(tiers: StartedTier[], engine: string) => void} */
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
export class StartedTier {
	#variants;

	/**
	 * @param {Server.Tier} tier
	 * @param {number} maxWidth
	 */
	constructor(tier, maxWidth) {
		this.tier = tier;
		this.id = tier.id;
		this.engines = tier.engines?.() ?? [];
		const names = this.engines.length > 0 ? this.engines : [undefined];
		const variants = names.map((engine) =>
			createVariant(tier, engine, maxWidth),
		);
		this.defaultVariant = variants[0];
		this.#variants = new Map(
			variants.map((variant) => [variant.engine, variant]),
		);
	}

	/**
	 * Throws a RequestError if there is no such engine.
	 * @type {(engine?: string) => Server.Variant}
	 */
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

/** @type {(tier: Server.Tier, engine: string | undefined, maxWidth: number) => Server.Variant} */
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
