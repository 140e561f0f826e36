import { capacities, textTooLong } from "../errors.js";

/**
 * What every route asks a tier for images by. A tier never sees a text of more units (UTF-16's, or bytes) than a symbol holds digits: it
 * fits in no mode, and some tiers would think about it for long.
 * @type {(tier: Server.Tier, text: Server.Text, options: Server.EncodeOptions) => Server.Image}
 */
export function encode(tier, text, options) {
	const { ecl } = options;
	if (text.length > capacities[ecl].digits) throw textTooLong(ecl);
	return tier.generate(text, options);
}
