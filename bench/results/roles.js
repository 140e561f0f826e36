// What the kit knows of this repository's tiers by name: which one the others are relative to, and which are no tiers but a limit.

/** What they all do. */
export const ownFunction = "Text to QR code";

/** Everything else is relative to this tier, where it is measured. */
export const baseTier = "js";

/** No tiers, but what any tier could reach: a constant image, from Express and from a C program. */
export const ceilings = { express: "constant", program: "server-constant" };

/** @type {(row: { id: string }) => boolean} */
export const isCeiling = ({ id }) => Object.values(ceilings).includes(id);

/**
 * By engine, in the order of `engines`: the base tier is with the first, others without an engine come last.
 * @type {(row: { id: string, engine?: string | null }, engines: string[]) => number}
 */
export function groupOf({ id, engine }, engines) {
	if (!engine) return id === baseTier ? 0 : engines.length + 1;
	const place = engines.indexOf(engine);
	return place === -1 ? engines.length : place;
}
