// Builds the core with both engines as one WebAssembly module, from the upstream sources of libqrencode, libpng and zlib:
// node scripts/build-wasm-reference.js
import {
	existsSync,
	mkdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import path from "node:path";
import { downloadSources } from "./apt-source.js";
import {
	compile,
	coreFlags,
	coreSources,
	findFiles,
	inputs,
	isUpToDate,
	link,
	moduleSources,
	run,
	runScript,
} from "./build-wasm.js";

const root = path.join(import.meta.dirname, "..");
const target = "build/Release/qrpng-reference.wasm";
const folder = "build/wasm-reference";
const options = { configuration: "Release" };
const packages = ["libqrencode-dev", "libpng-dev", "zlib1g-dev"];
// The module has no files and nowhere to print to.
const unwantedFeatures =
	/^#define PNG_(STDIO|CONSOLE_IO|SIMPLIFIED_WRITE_STDIO)_SUPPORTED$/gm;

/** Where the library with that header was unpacked. */
function findLibrary(libraries, header) {
	const library = libraries.find(({ source }) =>
		existsSync(path.join(root, source, header)),
	);
	if (library === undefined)
		throw new Error(`${header} is in none of the source archives.`);
	return library;
}

/** Downloads and unpacks: { qrencode, png, zlib }, each with the folder of its source and its version. */
function getLibraries() {
	const archives = path.join(root, folder, "archives");
	rmSync(path.join(root, folder), { recursive: true, force: true });
	mkdirSync(archives, { recursive: true });
	console.log(`Downloading the sources of ${packages.join(", ")}`);
	const libraries = downloadSources(packages, archives).map((archive) => {
		const [name, version] = path.basename(archive).split(/_|\.orig\.tar\./);
		const source = path.join(folder, name);
		mkdirSync(path.join(root, source));
		const unpack = ["tar", "--extract", "--strip-components=1"];
		run([...unpack, `--file=${archive}`, `--directory=${source}`]);
		return { source, version };
	});
	rmSync(archives, { recursive: true });
	return {
		qrencode: findLibrary(libraries, "qrencode.h"),
		png: findLibrary(libraries, "png.h"),
		zlib: findLibrary(libraries, "zlib.h"),
	};
}

const include = ({ source }) => ["-isystem", path.join(root, source)];

/** Their warnings are not ours to heed. */
function compileLibrary({ source }, isWanted, flags) {
	const sources = findFiles([source], ".c").filter((name) =>
		isWanted(path.basename(name)),
	);
	return compile(sources, `${source}/objects`, ["-w", ...flags], options);
}

function compileQrencode(library) {
	const [major, minor, micro] = library.version.split(".");
	const flags = [
		`-DMAJOR_VERSION=${major}`,
		`-DMINOR_VERSION=${minor}`,
		`-DMICRO_VERSION=${micro}`,
		`-DVERSION="${library.version}"`,
		"-DSTATIC_IN_RELEASE=static",
	];
	return compileLibrary(library, (name) => name !== "qrenc.c", flags);
}

function compilePng(library, zlib) {
	const at = (name) => path.join(root, library.source, name);
	const features = readFileSync(at("scripts/pnglibconf.h.prebuilt"), "utf8");
	writeFileSync(at("pnglibconf.h"), features.replace(unwantedFeatures, ""));
	const isWanted = (name) => /^png(?!test)/.test(name);
	return compileLibrary(library, isWanted, include(zlib));
}

function buildWithReference() {
	if (isUpToDate(target, inputs)) return;
	const { qrencode, png, zlib } = getLibraries();
	console.log("Compiling");
	const flags = [...coreFlags(), "-DQRPNG_WITH_REFERENCE"];
	const engine = findFiles(["core/src/reference"], ".c");
	const engineFlags = [...flags, ...[qrencode, png, zlib].flatMap(include)];
	const core = [...moduleSources, ...coreSources];
	const objects = [
		...compileQrencode(qrencode),
		...compilePng(png, zlib),
		...compileLibrary(zlib, (name) => !name.startsWith("gz"), []),
		...compile(engine, `${folder}/engine`, engineFlags, options),
		...compile(core, `${folder}/core`, flags, options),
	];
	mkdirSync(path.join(root, path.dirname(target)), { recursive: true });
	link(objects, target, options);
}

runScript(buildWithReference);
