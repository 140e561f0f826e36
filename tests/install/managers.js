// The package managers, and how each is told to install: in an empty project, without scripts, without optional packages, and from a lock
// file that was written for another platform.

import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { nodeBinary } from "../../scripts/node-versions.js";
import { judge, makeProject, reasonOf } from "./project.js";

const root = path.join(import.meta.dirname, "../..");

/** Beside what registry.js is for, nothing may be fetched. */
const npmrc = (origin) => ({ ".npmrc": `registry=${origin}/\n` });

/** The lock file is written for a Mac, where the manager lets choose. */
const mac = ["--os=darwin", "--cpu=arm64"];

const npm = (major, node) => ({
	title: `npm ${major}`,
	packageName: `npm@${major}`,
	node,
	bin: "npm",
	files: npmrc,
	add: ["install", "qr-tiers"],
	ways: {
		plain: [],
		"scripts blocked": ["--ignore-scripts"],
		"no optional": ["--omit=optional"],
	},
	lock: ["install", "--package-lock-only", ...mac],
	fromLock: ["ci"],
});

const pnpm = (major, node) => ({
	title: `pnpm ${major}`,
	packageName: `pnpm@${major}`,
	node,
	bin: "pnpm",
	files: npmrc,
	add: ["add", "qr-tiers"],
	ways: {
		plain: [],
		"scripts blocked": ["--ignore-scripts"],
		"no optional": ["--no-optional"],
	},
	lock: ["install", "--lockfile-only"],
	fromLock: ["install", "--frozen-lockfile"],
});

const yarn4 = (linker) => ({
	title: `yarn 4, ${linker}`,
	packageName: "@yarnpkg/cli-dist@4",
	node: 24,
	bin: "yarn",
	files: (origin, way) => ({
		".yarnrc.yml": [
			`nodeLinker: ${linker}`,
			`npmRegistryServer: ${origin}`,
			"unsafeHttpWhitelist: [127.0.0.1]",
			"enableGlobalCache: false",
			"enableTelemetry: false",
			`enableScripts: ${way !== "scripts blocked"}`,
			...(way === "lock"
				? ["supportedArchitectures: { os: [darwin], cpu: [arm64] }"]
				: []),
			"",
		].join("\n"),
		"yarn.lock": "",
	}),
	add: ["add", "qr-tiers"],
	ways: { plain: [], "scripts blocked": [] },
	lock: ["install", "--mode=update-lockfile"],
	fromLock: ["install", "--immutable"],
	runner: linker === "pnp" ? ["--require", "./.pnp.cjs"] : [],
});

export const managers = [
	npm(10, 20),
	npm(11, 22),
	npm(12, 26),
	pnpm(9, 20),
	pnpm(10, 22),
	pnpm(11, 24),
	pnpm(12, 26),
	{
		title: "yarn 1",
		packageName: "yarn@1",
		node: 20,
		bin: "yarn",
		files: npmrc,
		add: ["add", "qr-tiers"],
		ways: {
			plain: [],
			"scripts blocked": ["--ignore-scripts"],
			"no optional": ["--ignore-optional"],
		},
		lock: ["install"],
		fromLock: ["install", "--frozen-lockfile"],
	},
	yarn4("node-modules"),
	yarn4("pnp"),
	{
		title: "bun",
		packageName: "bun@1",
		node: 24,
		bin: "bun",
		files: npmrc,
		add: ["add", "qr-tiers"],
		ways: {
			plain: [],
			"scripts blocked": ["--ignore-scripts"],
			"no optional": ["--omit=optional"],
		},
		lock: ["install", "--lockfile-only", ...mac],
		fromLock: ["install", "--frozen-lockfile"],
	},
];

const installers = path.join(root, "build/installers");

/** Installs the package manager itself, below build/installers/. Returns { command, version }. */
export function fetchManager({ packageName, bin }) {
	const folder = path.join(installers, packageName.replace(/\W+/g, "-"));
	const command = path.join(folder, "node_modules/.bin", bin);
	if (!existsSync(command)) {
		const args = [
			"install",
			"--no-save",
			"--no-audit",
			"--no-fund",
			"--prefix",
		];
		const { status, stderr } = spawnSync(
			"npm",
			[...args, folder, packageName],
			{
				encoding: "utf8",
			},
		);
		if (status !== 0) throw new Error(`${packageName}: ${reasonOf(stderr)}`);
	}
	return command;
}

/** Returns a cell: how the package works when it was installed so. */
function tryWay(manager, way, { command, node, origin, digest }) {
	const project = makeProject({ node, files: manager.files(origin, way) });
	try {
		const flags = manager.ways[way];
		const installed = project.run(command, [...manager.add, ...flags]);
		if (installed.status !== 0)
			return `not installed: ${reasonOf(installed.output)}`;
		return check(manager, project, digest);
	} finally {
		project.remove();
	}
}

function check({ runner = [] }, project, digest) {
	return judge(project.run("node", [...runner, "check.cjs"]), digest);
}

/** The same from a lock file: it is written first, by its own command. */
function tryLock(manager, { command, node, origin, digest, version }) {
	const manifest = { private: true, dependencies: { "qr-tiers": version } };
	const files = {
		...manager.files(origin, "lock"),
		"package.json": JSON.stringify(manifest),
	};
	const project = makeProject({ node, files });
	try {
		const locked = project.run(command, manager.lock);
		if (locked.status !== 0) return `no lock: ${reasonOf(locked.output)}`;
		const written = manager.files(origin, "plain");
		for (const [name, text] of Object.entries(written))
			if (text !== "") writeFileSync(path.join(project.folder, name), text);
		rmSync(path.join(project.folder, "node_modules"), {
			recursive: true,
			force: true,
		});
		const installed = project.run(command, manager.fromLock);
		if (installed.status !== 0)
			return `not installed: ${reasonOf(installed.output)}`;
		return check(manager, project, digest);
	} finally {
		project.remove();
	}
}

/** Yields [row, column, cell] for each manager and way. */
export async function* tryManagers(shipped, wanted) {
	for (const manager of managers) {
		if (!wanted(manager.title)) continue;
		const command = fetchManager(manager);
		const node = await nodeBinary(manager.node, console.log);
		const known = { ...shipped, command, node };
		const title = `${manager.title}, Node ${manager.node}`;
		for (const way of Object.keys(manager.ways))
			yield [title, way, tryWay(manager, way, known)];
		yield [title, "from a lock", tryLock(manager, known)];
	}
}
