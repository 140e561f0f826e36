// Which C file may include which header: what .dependency-cruiser.cjs is for JavaScript.
import path from "node:path/posix";

/** Where the compiler looks for a header that is not beside the file that includes it; see include_dirs in binding.gyp. */
const includeFolders = ["core/include", "core/src", "tests/images"];

/** [where a file is, where the headers are that it may include]; the first that fits a file counts. */
const arrows = [
	[/^core\/src\/fast\//, /^core\/(?!src\/reference\/)/],
	[/^core\/src\/reference\//, /^core\/(?!src\/fast\/)/],
	[/^core\//, /^core\/(?!src\/fast\/|src\/reference\/)/],
	[/^addon\//, /^addon\/|^core\/include\/qrpng\.h$/],
	[/^cli\//, /^cli\/|^core\/include\/qrpng\.h$/],
	[/^wasm\//, /^wasm\/|^core\/include\/qrpng\.h$/],
	[/^server\/native\/http\//, /^server\/native\/http\//],
	[/^server\/native\//, /^server\/native\/|^core\/include\/qrpng\.h$/],
	[/^bench\/core\//, /^bench\/core\/|^core\//],
	[
		/^bench\/load\//,
		/^bench\/load\/|^(core\/include\/qrpng|server\/native\/http\/http)\.h$/,
	],
	[/^tests\//, /^tests\/|^core\/|^server\/native\/|^cli\//],
];

/** The path of a header, as a compiler finds it; undefined for one that is not in the repository. */
function findHeader(name, from, files) {
	return [path.dirname(from), ...includeFolders]
		.map((folder) => path.join(folder, name))
		.find((candidate) => files.has(candidate));
}

function mayInclude(from, header) {
	const [, allowed] = arrows.find(([place]) => place.test(from)) ?? [];
	return allowed?.test(header) ?? false;
}

/** The includes, but those of system headers: [[file, header, its name as written]]; the header is undefined if it is nowhere. */
export function includesIn(files) {
	return [...files].flatMap(([from, text]) =>
		[...text.matchAll(/^\s*#\s*include\s*(["<])([^">]+)/gm)]
			.map(([, mark, name]) => [mark, findHeader(name, from, files), name])
			.filter(([mark, header]) => mark === '"' || header !== undefined)
			.map(([, header, name]) => [from, header, name]),
	);
}

/** Sentences on the includes that go the wrong way or lead nowhere; `files`: path → text of all C files of the repository. */
export function findWrongIncludes(files) {
	return includesIn(files).flatMap(([from, header, name]) => {
		if (header === undefined)
			return [`${from} includes ${name}, which is nowhere`];
		if (mayInclude(from, header)) return [];
		return [`${from} must not include ${header}`];
	});
}
