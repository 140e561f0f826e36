// What must hold for the files that are published.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const read = (name) => readFileSync(path.join(root, name), "utf8");
const readJson = (name) => JSON.parse(read(name));

/** Paths in Markdown of files that a reader is to make. */
const examples = ["server/tiers/mine.js", "server/tiers/ID.js"];

/** Files under version control, and those that would be with the next commit; none in an unpacked archive. */
function trackedFiles() {
	const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
	try {
		return execFileSync("git", args, { cwd: root, stdio: "pipe" })
			.toString()
			.split("\0")
			.filter((name) => name !== "" && existsIn(name));
	} catch {
		return [];
	}
}

function existsIn(name) {
	try {
		read(name);
		return true;
	} catch {
		return false;
	}
}

test("the lock file names no addresses", () => {
	const resolved = Object.entries(readJson("package-lock.json").packages)
		.filter(([, entry]) => "resolved" in entry)
		.map(([name]) => name);
	assert.deepEqual(resolved, []);
	assert.match(read(".npmrc"), /^omit-lockfile-registry-resolved=true$/m);
});

test("the lock file has the optional packages of all platforms, as npm ci asks", () => {
	const { packages } = readJson("package-lock.json");
	const missing = Object.entries(packages).flatMap(([name, entry]) =>
		Object.keys(entry.optionalDependencies ?? {}).filter(
			(other) =>
				!(`node_modules/${other}` in packages) &&
				!(`${name}/node_modules/${other}` in packages),
		),
	);
	assert.deepEqual(missing, []);
	for (const [name, { version, integrity }] of Object.entries(packages))
		assert.ok(name === "" || (version && integrity), name);
});

test("the lock file belongs to package.json", () => {
	const { name, version, dependencies, devDependencies } =
		readJson("package.json");
	const lock = readJson("package-lock.json").packages[""];
	assert.deepEqual(
		[lock.name, lock.version, lock.dependencies, lock.devDependencies],
		[name, version, dependencies, devDependencies],
	);
});

test("no file holds a path of the machine it was written on", () => {
	const places = [root.replace(/\/$/, ""), "/home/", "/Users/"];
	if (homedir().length > 5) places.push(homedir());
	const found = trackedFiles()
		.filter((name) => name !== "tests/repository.test.js")
		.flatMap((name) =>
			places
				.filter((place) => read(name).includes(place))
				.map((place) => `${name}: ${place}`),
		);
	assert.deepEqual(found, []);
});

/** [[cell, …], …]: the rows, without the head, of the tables below a heading that begins so. */
function readTable(markdown, heading) {
	const section = markdown
		.split("\n## ")
		.find((one) => one.startsWith(heading));
	const [, ...rows] = section.match(/^\|.*\|$/gm);
	return rows
		.filter((row) => !/^\| -/.test(row))
		.map((row) => row.split("|").map((cell) => cell.trim()))
		.map((cells) => cells.slice(1, -1));
}

test("THIRD_PARTY_NOTICES.md has every direct dependency, its licence and its use, and no others", () => {
	const { dependencies, devDependencies } = readJson("package.json");
	const notices = read("THIRD_PARTY_NOTICES.md");
	const namesIn = (heading) => {
		const rows = readTable(notices, heading);
		for (const row of rows) assert.ok(row.every(Boolean), row.join(" | "));
		return rows.map(([name]) => /^\[([^\]]+)\]\(https?:/.exec(name)?.[1]);
	};
	assert.deepEqual(
		namesIn("npm packages"),
		Object.keys({ ...dependencies, ...devDependencies }).sort(),
	);
	assert.deepEqual(namesIn("Linked dynamically").sort(), [
		"jansson",
		"libpng",
		"libqrencode",
		"libseccomp",
		"liburing",
		"llhttp",
		"zlib",
	]);
});

const markdownFiles = () =>
	trackedFiles().filter((name) => name.endsWith(".md"));

/** What GitHub makes of a heading, for links to it. */
const anchorOf = (heading) =>
	heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, "")
		.trim()
		.replaceAll(" ", "-");

const anchorsIn = (markdown) =>
	[...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading));

test("links in Markdown lead to files and headings that are there", () => {
	const found = markdownFiles().flatMap((name) =>
		[...read(name).matchAll(/(?:\]\(|(?:src|srcset|href)=")([^)"\s]+)/g)]
			.map(([, link]) => link)
			.filter((link) => !/^[a-z]+:/.test(link))
			.filter((link) => {
				const [file, anchor] = link.split("#");
				const target = file
					? path.join(path.dirname(name), decodeURI(file))
					: name;
				if (!existsSync(path.join(root, target))) return true;
				return anchor && !anchorsIn(read(target)).includes(anchor);
			})
			.map((link) => `${name}: ${link}`),
	);
	assert.deepEqual(found, []);
});

test("paths and npm scripts that Markdown names are there", () => {
	const { scripts } = readJson("package.json");
	const ignored = ["build", "node_modules", "prebuilds", "results"];
	const folders = readdirSync(root, { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => name)
		.filter((name) => !ignored.includes(name));
	const paths = new RegExp(
		`(?<![\\w./-])(?:${folders.join("|")})/[\\w./-]*[\\w/](?![\\w*{<])`,
		"g",
	);
	const found = markdownFiles().flatMap((name) => [
		...[...read(name).matchAll(paths)]
			.map(([file]) => file)
			.filter((file) => !examples.includes(file))
			.filter((file) => !existsSync(path.join(root, file)))
			.map((file) => `${name}: ${file}`),
		...[...read(name).matchAll(/npm run ([\w:-]*\w)/g)]
			.map(([, script]) => script)
			.filter((script) => !(script in scripts))
			.map((script) => `${name}: npm run ${script}`),
	]);
	assert.deepEqual(found, []);
});

test("what is published is there", () => {
	const { files, exports, main, types } = readJson("package.json");
	const filesOf = (entry) =>
		typeof entry === "string" ? [entry] : Object.values(entry).flatMap(filesOf);
	const entries = filesOf(exports);
	for (const name of [...files, main, types, ...entries])
		if (!name.endsWith("/")) assert.notEqual(read(name), "");
});
