// Builds the core with Emscripten and its generated glue: node scripts/build-wasm-emscripten.js
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import {
	coreFlags,
	coreSources,
	inputs,
	isUpToDate,
	run,
	runScript,
} from "./build-wasm.js";

const root = path.join(import.meta.dirname, "..");
const exportsFile = "wasm/src/exports.c";
// Not an ES module: the glue that older versions write for those needs require().
const target = "build/Release/qrpng-emscripten.cjs";

/** "_encode" and all others. */
function exportedFunctions() {
	const source = readFileSync(path.join(root, exportsFile), "utf8");
	return Array.from(
		source.matchAll(/EXPORT\((\w+)\)\(/g),
		([, name]) => `_${name}`,
	);
}

function buildWithEmscripten() {
	if (isUpToDate(target, inputs)) return;
	mkdirSync(path.join(root, path.dirname(target)), { recursive: true });
	const command = [
		"emcc",
		"-O3",
		"-msimd128",
		...coreFlags(),
		exportsFile,
		...coreSources,
		"--no-entry",
		"-sMODULARIZE",
		"-sENVIRONMENT=node",
		"-sALLOW_MEMORY_GROWTH",
		"-sFILESYSTEM=0",
		"-sNODEJS_CATCH_EXIT=0",
		"-sNODEJS_CATCH_REJECTION=0",
		`-sEXPORTED_FUNCTIONS=${exportedFunctions()}`,
		"-sEXPORTED_RUNTIME_METHODS=UTF8ToString,stringToUTF8",
		"-o",
		target,
	];
	// Debian's own Node finds the modules that Emscripten needs in this place, others don't.
	run(command, { env: { ...process.env, NODE_PATH: "/usr/share/nodejs" } });
}

runScript(buildWithEmscripten);
