// What to say when nothing that encodes can be loaded.
"use strict";

const { existsSync } = require("node:fs");
const path = require("node:path");
const { buildCommand } = require("./build-folder.cjs");
const { readVariable } = require("./environment.cjs");

const PACKAGE = path.join(__dirname, "..");

/**
 * add: installs a release. again: what brings files back that were there.
 * @type {Record<string, { add: string, again: string }>}
 */
const managers = {
	npm: {
		add: '"npm install qr-tiers"',
		again: 'delete node_modules/qr-tiers and run "npm install"',
	},
	pnpm: { add: '"pnpm add qr-tiers"', again: 'run "pnpm install --force"' },
	yarn: {
		add: '"yarn add qr-tiers"',
		again: 'delete node_modules/qr-tiers and run "yarn install --force"',
	},
	berry: {
		add: '"yarn add qr-tiers"',
		again:
			'delete node_modules (or .yarn/unplugged and .pnp.cjs) and run "yarn install"',
	},
	bun: { add: '"bun add qr-tiers"', again: 'run "bun install --force"' },
};

/** What a package manager leaves in the folder that it installs into. */
const traces = {
	npm: ["node_modules/.package-lock.json"],
	pnpm: ["node_modules/.modules.yaml", "node_modules/.pnpm"],
	yarn: ["node_modules/.yarn-integrity"],
	berry: ["node_modules/.yarn-state.yml", ".pnp.cjs"],
	bun: ["bun.lock", "bun.lockb"],
};

/**
 * The package manager that installed this, or else the one that runs it.
 * @type {() => string}
 */
function findManager() {
	for (let folder = PACKAGE; ; folder = path.dirname(folder)) {
		for (const [name, files] of Object.entries(traces))
			if (files.some((file) => existsSync(path.join(folder, file))))
				return name;
		if (folder === path.dirname(folder)) break;
	}
	const agent = readVariable("npm_config_user_agent") ?? "npm";
	const name = agent.split("/")[0];
	return name in managers ? name : "npm";
}

/** @type {(isCheckout: boolean) => string} */
function advise(isCheckout) {
	if (isCheckout)
		return `This is a checkout: build it with "${buildCommand()}", which says what is missing.`;
	const { add, again } = managers[findManager()];
	return existsSync(path.join(PACKAGE, "prebuilds"))
		? `Files are missing or damaged, or this platform can't use them: ${again}.`
		: `This copy was never built, as packages from git or from a folder may not be: install a release with ${add}, or what "npm pack" makes in a checkout.`;
}

/**
 * @type {(platform: string, failures: [name: string, cause: Error][], isCheckout: boolean) => Error}
 */
function explainFailure(platform, failures, isCheckout) {
	const firstLine = /^.*$/m;
	const attempts = failures.map(
		([name, { message }]) => `  ${name}: ${firstLine.exec(message)?.[0]}`,
	);
	return new Error(
		`The encoder of qr-tiers can't be loaded (${platform}, Node ${process.versions.node}). Tried:\n${attempts.join("\n")}\n${advise(isCheckout)}`,
		{ cause: failures[0][1] },
	);
}

module.exports = { explainFailure };
