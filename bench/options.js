// The command line of the kit.
import { Command, InvalidArgumentError, Option } from "commander";
import { defaultTiers, discoverTiers } from "./tiers.js";

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

function parseTiers(value) {
	const ids = value.split(",");
	const known = discoverTiers();
	const unknown = ids.find((id) => !known.includes(id));
	if (unknown !== undefined)
		throw new InvalidArgumentError(
			`There is no tier "${unknown}"; there are ${known.join(", ")}.`,
		);
	if (new Set(ids).size < ids.length)
		throw new InvalidArgumentError("Name each tier once.");
	return ids;
}

function parseEngine(value) {
	if (!/^\w[\w-]*$/.test(value))
		throw new InvalidArgumentError("An engine's name is a word.");
	return value;
}

/** [flags, description, parser, default] */
const flags = [
	[
		"--duration <seconds>",
		"length of a tier's part of a round",
		numberBetween(0.2, 3600, false),
		2,
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
		"--engine <name>",
		"engine of the tiers that have one (default: theirs)",
		parseEngine,
	],
	[
		"--out <directory>",
		"where results.json and report.md go (default: results/<time>)",
	],
];

function tiersOption() {
	const known = discoverTiers().join(", ");
	return new Option("--tiers <ids>", `tiers to compare, of ${known}`)
		.argParser(parseTiers)
		.default(defaultTiers, defaultTiers.join(","));
}

export function parseOptions() {
	const command = new Command("npm run bench --")
		.description(
			"Compares the tiers on this machine: verifies their answers, measures them in rounds that rotate over the tiers, and reports.",
		)
		.addOption(tiersOption());
	for (const flag of flags) command.option(...flag);
	return command
		.addHelpText(
			"after",
			`
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
