// The command line of the kit.
import { Command, InvalidArgumentError, Option } from "commander";
import { arrivalNames } from "../load/arrivals.js";
import { formatNames } from "../report/formats.js";
import { conditionFigures } from "../results/conditions.js";
import { dimensions, nameOf } from "../results/dimensions.js";
import { fewestRounds } from "../results/statistics.js";
import {
	defaultEngines,
	defaultTiers,
	discoverTiers,
} from "../subjects/tiers.js";
import {
	parseConditions,
	parseFormats,
	parseLoad,
	parseRates,
	parseTargets,
	parseThreshold,
} from "./parsers.js";
import { presets } from "./presets.js";
import { exitAfterPrinting } from "./printing.js";

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
	if (value === "all")
		return discoverTiers().map((id) => ({ id, isOptional: true }));
	const selections = value.split(",").map((name) => {
		const [id, ...engine] = name.split("@");
		if (engine.length === 0) return { id };
		return { id, engine: parseEngine(engine.join("@")) };
	});
	refuseRepeats(selections.map(nameOf), "tier");
	return selections;
}

/**
 * Those of a directory from outside are known only when it is loaded.
 * @type {(command: Command, options: any) => void}
 */
function refuseUnknownTiers(command, { tiers, tierDir }) {
	if (tierDir) return;
	const known = discoverTiers();
	for (const { id } of tiers)
		if (!known.includes(id))
			command.error(
				`error: There is no tier "${id}"; there are ${known.join(", ")}, and all.`,
			);
}

/**
 * "1,16,64" → [1, 16, 64], for a dimension.
 * @type {(dimension: Pick<Kit.Dimension, "parse" | "parseAll" | "accepts">) => (list: string) => any[]}
 */
function listParser({ parse, parseAll, accepts }) {
	const several = parseAll ? "" : ", or several with commas between them";
	return (list) => {
		/** @type {any[]} */
		const values = list.split(",").map((value) => parse(value));
		const isGood = !values.includes(undefined);
		const all = isGood && parseAll ? parseAll(values) : values;
		if (!isGood || all === undefined)
			throw new InvalidArgumentError(`Give ${accepts}${several}.`);
		refuseRepeats(all, "value");
		return all;
	};
}

/** @type {(dimension: Kit.Dimension) => Option} */
function dimensionOption({ flag, description, defaults, ...dimension }) {
	const shown = dimension.shownDefault ?? defaults.join(",");
	return new Option(flag, description)
		.argParser(listParser(dimension))
		.default(defaults, shown);
}

const parseRounds = (value) =>
	value === "auto" ? value : numberBetween(1, 1000, true)(value);

/**
 * [flags, description, parser, default]
 * @type {[string, string, any?, any?][]}
 */
const flags = [
	[
		"--duration <seconds>",
		"how long each row is measured in a round, after a warm-up",
		numberBetween(0.2, 3600, false),
		0.7,
	],
	[
		"--warm-up <seconds>",
		"load on each process before it is measured; compilers of JavaScript take a second or more",
		numberBetween(0.1, 3600, false),
		1.5,
	],
	[
		"--rounds <n>",
		"number of rounds; 6 or more give intervals. auto: at least 10, until all intervals are within 2.5 % or --limit is over",
		parseRounds,
		8,
	],
	[
		"--limit <minutes>",
		"longest time for --rounds auto",
		numberBetween(0.1, 10_000, false),
		10,
	],
	[
		"--cpu-price <amount>",
		"price of one CPU for an hour, in any currency; adds the cost of a million images",
		numberBetween(0, 1e6, false),
	],
	[
		"--load <rate>",
		"what you have to serve, such as 500/s: the verdict says what that takes, and which step is enough",
		parseLoad,
	],
	[
		"--engineer-day <amount>",
		"price of an engineer for a day, in the currency of --cpu-price: with --load, the verdict says what a step saves in such days",
		numberBetween(1, 1e6, false),
	],
	[
		"--rate, --rates <list>",
		"also measure an open loop: requests at fixed rates, with latencies from when each was due. Rates are requests per second (1000) or shares of each row's own peak (10%,50%,90%,200%)",
		parseRates,
	],
	[
		"--target <urls>",
		"measure servers that run already: ORIGIN or NAME=ORIGIN. Tiers are measured as well only if --tiers names them",
		parseTargets,
	],
	[
		"--tier-dir <directory>",
		"measure another function: a directory with its tiers, texts and verifier (see docs/examples/digest)",
	],
	[
		"--again",
		"measure the base tier twice: any difference between the two is chance",
	],
	[
		"--fail-on-regression <percent>",
		"with --against: exit code 1 if a row got slower by more than this, even at the better end of its interval",
		parseThreshold,
	],
	[
		"--fail-if <conditions>",
		'exit code 1 if a row is past a limit: p99>20ms, errors>0, "addon: ratio<10x". With commas, or repeated; the figures are below',
		parseConditions,
	],
	[
		"--force",
		"with --fail-on-regression or --fail-if: decide even if other programs used over 30 % of the CPUs",
	],
	[
		"--details",
		"print totals, percentiles and histograms of latency, too, as hey and ab do",
	],
	[
		"--format <names>",
		`also write the figures for other programs: ${formatNames.join(", ")}`,
		parseFormats,
	],
	[
		"--out <directory>",
		"where results.json and report.md go (default: results/<time>)",
	],
	["--no-color", "no colours on a terminal"],
];

function tiersOption() {
	const known = discoverTiers().join(", ");
	return new Option(
		"--tiers <ids>",
		`tiers to compare: ${known}. ID@ENGINE picks an engine; all is every tier that is built`,
	)
		.argParser(parseTiers)
		.default(parseTiers(defaultTiers.join(",")), defaultTiers.join(","));
}

const arrivalsOption = () =>
	new Option(
		"--arrivals <name>",
		"with --rates, how requests come: at even spacing, independently of each other (in clusters, as from many users), or at a rate that grows from none to the one that is given",
	)
		.choices(arrivalNames)
		.default("uniform");

function enginesOption() {
	return new Option(
		"--engine <names>",
		"engines to measure, in tiers that have engines",
	)
		.argParser(parseEngines)
		.default(defaultEngines, defaultEngines.join(","));
}

/**
 * A gate that could never fail is no gate, and without tiers of ours there is nothing that a commit could change.
 * @type {(command: Command, options: any) => void}
 */
function refuseLoneComparison(
	command,
	{ failOnRegression, failIf = [], against, rounds, tierDir },
) {
	if (tierDir && against.length > 1)
		command.error(
			"error: --against is for the tiers of this repository, not for those of --tier-dir",
		);
	if (failIf.some(({ figure }) => figure.isRatio) && rounds < fewestRounds)
		command.error(
			`error: --fail-if needs intervals to judge ratios: give --rounds ${fewestRounds} or more`,
		);
	if (failOnRegression === undefined) return;
	if (against.length === 1)
		command.error(
			"error: --fail-on-regression needs a commit to compare with: give --against, too",
		);
	if (rounds < fewestRounds)
		command.error(
			`error: --fail-on-regression needs intervals: give --rounds ${fewestRounds} or more`,
		);
}

function presetOption() {
	const list = Object.entries(presets).map(
		([name, { description }]) => `${name}: ${description}`,
	);
	return new Option(
		"--preset <name>",
		`defaults for other options. ${list.join("; ")}`,
	).choices(Object.keys(presets));
}

const describeFigures = () =>
	conditionFigures
		.map(([name, what, unit]) => {
			const inUnit = unit ? ` (${unit})` : "";
			const gap = name.length > 11 ? `\n${" ".repeat(13)}` : "";
			return `  ${name.padEnd(11)}${gap}${what}${inUnit}`;
		})
		.join("\n");

/** Sets what the preset says and the command line doesn't. */
function applyPreset(command) {
	const { preset } = command.opts();
	if (preset === undefined) return;
	for (const [name, makeValue] of Object.entries(presets[preset].values))
		if (command.getOptionValueSource(name) === "default")
			command.setOptionValueWithSource(name, makeValue(), "preset");
}

/** The directory of `report DIRECTORY`, the only thing beside options. */
function findReportDirectory(command) {
	const [word, directory] = command.args;
	if (word === undefined) return undefined;
	if (word !== "report" || directory === undefined)
		command.error(
			"error: the only words beside options are: report DIRECTORY, chart DIRECTORY, compare BEFORE AFTER",
		);
	return directory;
}

/**
 * The options, with `values` (dimension → list), isGiven(name of an option), and reportDirectory if only a report is asked for. Ends the process if they are wrong.
 * @type {() => Kit.Options}
 */
export function parseOptions() {
	const command = new Command("npm run bench --")
		.description(
			"Compares the tiers on this machine. It verifies their answers, measures them in rounds that rotate over the tiers, and reports. Options can take several values, with commas: each combination is a row.",
		)
		.addOption(tiersOption())
		.addOption(enginesOption())
		.addOption(presetOption());
	for (const dimension of dimensions)
		command.addOption(dimensionOption(dimension));
	for (const flag of flags) command.option(...flag);
	command.addOption(arrivalsOption());
	command
		.argument("[report]", "makes the report of a directory again")
		.argument("[directory]", "the directory of a run")
		.addHelpText(
			"after",
			`
Examples:
  npm run bench -- --tiers addon@fast,constant --rounds 20
  npm run bench -- --tiers addon,server --engine fast --connections 1,16,64,256
  npm run bench -- --tiers js,addon --node 20,26
  npm run bench -- --tiers addon --transport get,post-json,grpc --batch-size 1,100
  npm run bench -- --tiers addon,constant --against HEAD~1 --fail-on-regression 10%
  npm run bench -- --tiers addon,server --rates 10%,25%,50%,75%,90%,200%
  npm run bench -- --target live=https://qr.example.org --tiers addon --rounds 6
  npm run bench -- --tier-dir docs/examples/digest
  npm run bench -- report results/2026-01-31-120000 --load 500/s --cpu-price 0.04
  npm run bench -- chart results/2026-01-31-120000
  npm run bench -- compare BEFORE AFTER   (compare --help says more)
  npm run bench -- --tiers js,addon --fail-if 'addon: ratio<5x,errors>0'

Figures of --fail-if, each of every row, or of "ROW: FIGURE" alone:
${describeFigures()}
Latencies and errors can be those of a rate of --rates: p99@50%>20ms. A ratio is
past a limit only if all of its interval is. "report DIRECTORY" takes
--fail-if, --format and --details, too.

Exit code: 0 if all rows were measured; 1 if a row was left out, failed, is past
a limit of --fail-if or slower than --fail-on-regression allows, or if that
can't be decided; 2 for a wrong option; 130 after Ctrl-C or SIGTERM. What was
measured by then is kept and reported.`,
		)
		.helpOption("--help", "show this help")
		.allowExcessArguments(false)
		.exitOverride(({ exitCode }) => {
			exitAfterPrinting(exitCode && exitCodes.badOption);
		})
		.parse();
	applyPreset(command);
	/** @type {any} */
	const options = command.opts();
	const values = dimensions.map(({ id, flag }) => [
		id,
		options[new Option(flag).attributeName()],
	]);
	refuseUnknownTiers(command, options);
	refuseLoneComparison(command, options);
	if (options.arrivals !== "uniform" && !options.rates)
		command.error("error: --arrivals is for an open loop: give --rates, too");
	return {
		...options,
		values: Object.fromEntries(values),
		isGiven: (name) => command.getOptionValueSource(name) !== "default",
		reportDirectory: findReportDirectory(command),
	};
}
