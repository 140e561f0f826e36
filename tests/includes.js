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
	[/^server\/native\//, /^server\/native\/|^core\/include\/qrpng\.h$/],
	[/^bench\/core\//, /^bench\/core\/|^core\//],
	[/^bench\/load\//, /^bench\/load\/|^core\/include\/qrpng\.h$/],
	[/^tests\//, /^tests\/|^core\//],
];

/** The path of a header in quotes, as a compiler finds it; undefined for one that is not in the repository. */
function findHeader(name, from, files) {
	return [path.dirname(from), ...includeFolders]
		.map((folder) => path.join(folder, name))
		.find((candidate) => files.has(candidate));
}

function mayInclude(from, header) {
	const [, allowed] = arrows.find(([place]) => place.test(from)) ?? [];
	return allowed?.test(header) ?? false;
}

/** Sentences on the includes that go the wrong way or lead nowhere; `files`: path → text of all C files of the repository. */
export function findWrongIncludes(files) {
	const wrong = [];
	for (const [from, text] of files)
		for (const [, name] of text.matchAll(/^\s*#\s*include\s*"([^"]+)"/gm)) {
			const header = findHeader(name, from, files);
			if (header === undefined)
				wrong.push(`${from} includes ${name}, which is nowhere`);
			else if (!mayInclude(from, header))
				wrong.push(`${from} must not include ${header}`);
		}
	return wrong;
}
