// What must hold for the files that are published.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const read = (name) => readFileSync(path.join(root, name), "utf8");
const readJson = (name) => JSON.parse(read(name));

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

test("THIRD_PARTY_NOTICES.md names every direct dependency", () => {
	const { dependencies, devDependencies } = readJson("package.json");
	const notices = read("THIRD_PARTY_NOTICES.md");
	const libraries = ["libqrencode", "libpng", "zlib", "libmicrohttpd"];
	const missing = [
		...Object.keys({ ...dependencies, ...devDependencies }),
		...libraries,
	].filter((name) => !notices.includes(name));
	assert.deepEqual(missing, []);
});

test("what is published is there", () => {
	const { files, exports, main, types } = readJson("package.json");
	const entries = [exports["."], exports["./wasm"]].flatMap(Object.values);
	for (const name of [...files, main, types, ...entries])
		if (!name.endsWith("/")) assert.notEqual(read(name), "");
});
