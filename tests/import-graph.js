// Which part of the repository imports from which, as Mermaid graphs. `npm run imports` puts them into docs/architecture.md.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { cruise } from "dependency-cruiser";
import { includesIn } from "./includes.js";

const root = path.join(import.meta.dirname, "..");
const document = path.join(root, "docs/architecture.md");
const config = createRequire(import.meta.url)("../.dependency-cruiser.cjs");
const cFolders = ["addon", "bench", "cli", "core", "server", "tests", "wasm"];
const jsFolders = [
	"addon",
	"bench",
	"cli",
	"ffi",
	"js-best",
	"lib",
	"scripts",
	"server",
	"wasm",
];

/** What stands on top of the rooms of its folder. */
export const topFiles = ["bench/main.js", "server/app.js"];

/** What dependency-cruiser finds in those folders of a tree that are there. */
export async function cruiseTree(baseDir = root) {
	const there = readdirSync(baseDir);
	const { output } = await cruise(
		jsFolders.filter((folder) => there.includes(folder)),
		{ ...config.options, baseDir, validate: true, ruleSet: config },
		config.options.enhancedResolveOptions,
	);
	return output;
}

/** path → text of all C files of the repository */
export function readCFiles() {
	const names = cFolders.flatMap((folder) =>
		readdirSync(path.join(root, folder), { recursive: true })
			.filter((name) => /\.[ch]$/.test(name))
			.map((name) => `${folder}/${name}`),
	);
	const read = (name) => readFileSync(path.join(root, name), "utf8");
	return new Map(names.map((name) => [name, read(name)]));
}

const hasFolder = (folders) => (name) => folders.includes(name?.split("/")[0]);

/** path → text of all JavaScript files that import something or are imported, tests left out */
export async function readJsFiles() {
	const { modules } = await cruiseTree();
	const names = modules
		.map(({ source }) => source)
		.filter(hasFolder(jsFolders))
		.filter((name) => /\.[cm]?js$/.test(name));
	const read = (name) => readFileSync(path.join(root, name), "utf8");
	return new Map(names.map((name) => [name, read(name)]));
}

/** The files that import what is only known at run time, which no tool can follow. */
export function findHiddenImports(files) {
	const hidden = /\b(?:import|require)\((?!\s*")|\bcreateRequire\(/;
	const comments = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
	return [...files]
		.filter(([, text]) => hidden.test(text.replace(comments, "")))
		.map(([name]) => name)
		.sort();
}

/** Imports and includes in the repository, tests left out: [[from, to]], by path. */
async function findArrows() {
	const { modules } = await cruiseTree();
	const imports = modules.flatMap(({ source, dependencies }) =>
		dependencies
			.filter(({ coreModule }) => !coreModule)
			.map(({ resolved }) => [source, resolved]),
	);
	const folders = [...jsFolders, ...cFolders].filter(
		(name) => name !== "tests",
	);
	const isOurs = hasFolder(folders);
	const includes = includesIn(readCFiles()).map(([from, to]) => [from, to]);
	return [...imports, ...includes].filter((arrow) => arrow.every(isOurs));
}

/** room → the rooms that it imports from */
function groupArrows(arrows, roomOf) {
	const below = new Map();
	for (const files of arrows) {
		const [from, to] = files.map(roomOf);
		if (from === to) continue;
		below.set(from, (below.get(from) ?? new Set()).add(to));
	}
	return below;
}

/** How many rooms the longest chain of imports goes through. Throws if it goes round. */
export function countLevels(below) {
	const levels = (room, above) => {
		if (above.includes(room))
			throw new Error(`Round: ${[...above, room].join(" → ")}`);
		const rooms = [...(below.get(room) ?? [])];
		return (
			1 + Math.max(0, ...rooms.map((next) => levels(next, [...above, room])))
		);
	};
	return Math.max(...[...below.keys()].map((room) => levels(room, [])));
}

const topRoomOf = (file) =>
	/^(?:bench\/core|cli\/node|server\/native|[^/]+)(?=\/)/.exec(file)[0];

/** server/api/query.js → api; those beside the rooms of the folder are one room, but for the one on top. */
function roomIn(folder, file) {
	const [outer, room, inner] = file.split("/");
	if (outer !== folder) return `../${outer}`;
	return inner !== undefined || topFiles.includes(file) ? room : "*.js";
}

/** { whole, server, bench }: room → the rooms that it imports from */
export async function findGraphs() {
	const arrows = await findArrows();
	const inside = (folder) =>
		groupArrows(
			arrows.filter(([from]) => from.startsWith(`${folder}/`)),
			(file) => roomIn(folder, file),
		);
	return {
		whole: groupArrows(arrows, topRoomOf),
		server: inside("server"),
		bench: inside("bench"),
	};
}

function draw(name, below) {
	const rooms = [...below].flatMap(([from, to]) => [from, ...to]);
	const idOf = (room) => room.replaceAll(/\W/g, "_");
	const boxes = [...new Set(rooms)].map((room) => `${idOf(room)}["${room}"]`);
	const arrows = [...below].flatMap(([from, to]) =>
		[...to].map((room) => `${idOf(from)} --> ${idOf(room)}`),
	);
	return [
		`%% ${name}: npm run imports`,
		"flowchart TD",
		...[...boxes.sort(), ...arrows.sort()].map((line) => `  ${line}`),
	].join("\n");
}

/** The document as it is, and with these graphs as they should be. */
export function drawGraphs(graphs) {
	const before = readFileSync(document, "utf8");
	const after = before.replace(
		/(?<=^```mermaid\n)%% (\w+)[\s\S]*?(?=\n```$)/gm,
		(_, name) => draw(name, graphs[name]),
	);
	return { before, after };
}

if (process.argv[1] === import.meta.filename) {
	const graphs = await findGraphs();
	writeFileSync(document, drawGraphs(graphs).after);
	console.log(
		`The graphs in ${path.relative(process.cwd(), document)} are as the imports are.`,
	);
	for (const [name, graph] of Object.entries(graphs))
		console.log(`${name}: ${countLevels(graph)} levels of rooms`);
}
