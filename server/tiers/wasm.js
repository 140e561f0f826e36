import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { builtFile } from "../../lib/build-folder.cjs";
import { load } from "../../lib/wasm-node.js";
import { fromAddon } from "../errors.js";
import { addonOptions } from "./parts/addon-options.js";

// With libqrencode and libpng: built on demand, by npm run build:wasm-reference.
const FILE_WITH_REFERENCE = builtFile("qrpng-reference.wasm");

/** @type {Map<string, import("../../lib/wasm.js").QrTiers>} */
const modulesByEngine = new Map();

/** @type {(module: import("../../lib/wasm.js").QrTiers) => void} */
function addEngines(module) {
	for (const engine of module.engines)
		if (!modulesByEngine.has(engine)) modulesByEngine.set(engine, module);
}

/** @type {(engine: string) => import("../../lib/wasm.js").QrTiers} */
function moduleOf(engine) {
	const module = modulesByEngine.get(engine);
	if (module === undefined) throw new Error(`There is no engine ${engine}.`);
	return module;
}

/** @type {Server.EngineTier} */
export default {
	id: "wasm",
	title: "the core as a WebAssembly module, hand-written glue",
	async start() {
		addEngines(await load());
		if (existsSync(FILE_WITH_REFERENCE))
			addEngines(await load(pathToFileURL(FILE_WITH_REFERENCE)));
	},
	engines: () => [...modulesByEngine.keys()],
	libraries: (engine) => moduleOf(engine).engineLibraries(engine),
	generate(text, options) {
		try {
			const module = moduleOf(options.engine);
			const png = module.toBufferSync(text, addonOptions(options));
			return /** @type {Buffer} */ (png); // in Node it is one
		} catch (error) {
			throw fromAddon(error);
		}
	},
};
