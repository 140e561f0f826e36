// Whether and how a stream shows colours.
import { styleText } from "node:util";

/**
 * As --no-color, FORCE_COLOR and NO_COLOR say, the first of them that is there; else terminals do.
 * @type {(stream: { isTTY?: boolean }, env?: NodeJS.ProcessEnv, args?: string[]) => boolean}
 */
export function hasColours(
	{ isTTY },
	{ FORCE_COLOR, NO_COLOR, TERM } = process.env,
	args = process.argv,
) {
	if (args.includes("--no-color")) return false;
	if (FORCE_COLOR !== undefined) return !/^(0|false)$/.test(FORCE_COLOR);
	if (NO_COLOR) return false;
	return Boolean(isTTY) && TERM !== "dumb";
}

/**
 * (format, text) → text; the formats are those of util.styleText().
 * @type {(colours: boolean) => Kit.Style}
 */
export const makeStyle = (colours) => (/** @type {any} */ format, text) =>
	colours && text ? styleText(format, text, { validateStream: false }) : text;
