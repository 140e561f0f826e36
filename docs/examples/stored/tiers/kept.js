import { toBufferSync } from "../../../../lib/index.js";
import { createTier } from "../around.js";

const options = { errorCorrectionLevel: "L", width: 200 };
const kept = new Map();

function find(text) {
	if (!kept.has(text)) kept.set(text, toBufferSync(text, options));
	return kept.get(text);
}

export default createTier(
	"an image that is there already: what is around it, alone",
	find,
);
