import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { builtFile } from "../../lib/build-folder.cjs";
import { load } from "../../lib/wasm-node.js";
import { fromAddon } from "../errors.js";
import { addonOptions } from "./parts/addon-options.js";

// With libqrencode and libpng: built on demand, by npm run build:wasm-reference.
const FILE_WITH_REFERENCE = builtFile("qrpng-reference.wasm");

const modulesByEngine = new Map();

function addEngines(module) {
	for (const engine of module.engines)
		if (!modulesByEngine.has(engine)) modulesByEngine.set(engine, module);
}

export default {
	id: "wasm",
	title: "the core as a WebAssembly module, hand-written glue",
	async start() {
		addEngines(await load());
		if (existsSync(FILE_WITH_REFERENCE))
			addEngines(await load(pathToFileURL(FILE_WITH_REFERENCE)));
	},
	engines: () => [...modulesByEngine.keys()],
	libraries: (engine) => modulesByEngine.get(engine).engineLibraries(engine),
	generate(text, options) {
		try {
			const module = modulesByEngine.get(options.engine);
			return module.toBufferSync(text, addonOptions(options));
		} catch (error) {
			throw fromAddon(error);
		}
	},
};
