// README.md as the package has it: node scripts/packed-readme.js [--restore]
// There its links have to say where the other files are, since they are not in the package: at the version's tag in the repository.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");
const file = path.join(root, "README.md");

const { homepage, version } = JSON.parse(
	readFileSync(path.join(root, "package.json"), "utf8"),
);
const [repository] = homepage.split("#");
const page = `${repository}/blob/v${version}/`;
const picture = `${repository}/raw/v${version}/`;

/** Where a link or a picture of Markdown or HTML begins that is neither absolute nor on this page. */
const relative = /(\]\(|href="|src(?:set)?=")(?![a-z]+:|#)([^)"\s]+)/g;

export function withAbsoluteLinks(text) {
	return text.replace(relative, (_, start, target) => {
		const isPicture = /\.(?:svg|png)$/.test(target);
		return `${start}${isPicture ? picture : page}${target}`;
	});
}

export function withRelativeLinks(text) {
	return text.replaceAll(page, "").replaceAll(picture, "");
}

if (process.argv[1] === import.meta.filename) {
	const text = readFileSync(file, "utf8");
	const isToRestore = process.argv[2] === "--restore";
	const changed = isToRestore
		? withRelativeLinks(text)
		: withAbsoluteLinks(text);
	if (changed !== text) writeFileSync(file, changed);
}
