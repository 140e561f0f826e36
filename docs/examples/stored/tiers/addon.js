import { toBufferSync } from "../../../../lib/index.js";
import { createTier } from "../around.js";

const options = { errorCorrectionLevel: "L", width: 200 };

export default createTier("the C core, as an addon", (text) =>
	toBufferSync(text, options),
);
