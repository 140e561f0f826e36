import { capacities } from "../errors.js";
import jsBest from "./js-best.js";

const MAX_BYTES_PER_UTF16_UNIT = 3;
const MAX_MODULES = 177;

const png = jsBest.generate(
	"https://example.com/a-constant-image-of-about-500-bytes?id=0123456789abcdefghijklmnopqrstuvwxyz&check=5f2b8c1e",
	{ ecl: "L", width: 200, margin: 4 },
);

/** @type {Server.Tier} */
export default {
	id: "constant",
	title: "no tier: Express answers a constant PNG",
	encodes: false,
	libraries: () => `${png.length} bytes`,
	generate(text, options) {
		const fits =
			text.length * MAX_BYTES_PER_UTF16_UNIT <= capacities[options.ecl].bytes &&
			options.width >= MAX_MODULES + 2 * options.margin;
		if (!fits) jsBest.generate(text, options); // throws what the client is told
		return png;
	},
};
