// The builds of what is written in C: release, and debug beside it.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** `folder` is below build/ and what QRPNG_BUILD selects; `command` makes it. */
const builds = {
	release: { folder: "Release", command: "npm run build" },
	debug: { folder: "Debug", command: "npm run build:debug" },
};

/**
 * The path of a program in a build; throws a sentence that says how to make it if it is missing.
 * @type {(name: string, build: string) => string}
 */
export function builtProgram(name, build) {
	const { folder } = builds[build];
	const path = `build/${folder}/${name}`;
	requireBuilt(path, build);
	return `${root}${path}`;
}

/**
 * The environment in which the tiers take that build.
 * @type {(build: string) => Record<string, string>}
 */
export function buildEnvironment(build) {
	const { folder } = builds[build];
	// Some tiers, such as js, need nothing that is built.
	if (build !== "release") requireBuilt(`build/${folder}`, build);
	return { QRPNG_BUILD: folder };
}

function requireBuilt(path, build) {
	if (!existsSync(`${root}${path}`))
		throw new Error(
			`${path} is missing: build it with "${builds[build].command}".`,
		);
}
