"use strict";

const path = require("node:path");
const { readVariable } = require("./environment.cjs");

const BUILDS = ["Release", "Debug"];

/**
 * Which build is loaded and run: Release, or what the environment variable QRPNG_BUILD says. Throws if that is none.
 * @type {() => string}
 */
function buildName() {
	const name = readVariable("QRPNG_BUILD") || BUILDS[0];
	if (!BUILDS.includes(name))
		throw new Error(`QRPNG_BUILD must be ${BUILDS.join(" or ")}, not ${name}.`);
	return name;
}

/**
 * The path of something built, such as "qrpng.node".
 * @type {(name: string) => string}
 */
function builtFile(name) {
	return path.join(__dirname, "..", "build", buildName(), name);
}

/**
 * The command that makes what builtFile() names.
 * @type {() => string}
 */
function buildCommand() {
	return buildName() === "Debug" ? "npm run build:debug" : "npm run build";
}

module.exports = { buildName, builtFile, buildCommand };
