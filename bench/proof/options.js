// The command line of bench:proof.
import { Command, InvalidArgumentError, Option } from "commander";
import { exitAfterPrinting } from "../commands/printing.js";
import { kinds } from "./runs.js";

const BAD_OPTION = 2;
/** At least six rounds, or there are no intervals, in less than half a minute. */
const shortRun = "--rounds 6 --duration 0.4 --warm-up 0.3".split(" ");

function parseRuns(value) {
	if (!/^[1-9]\d{0,2}$/.test(value))
		throw new InvalidArgumentError("Give a whole number from 1 to 999.");
	return Number(value);
}

function parsePlanted(value) {
	const [, digits] = /^(\d{1,3}(?:\.\d{1,2})?) ?%?$/.exec(value) ?? [];
	if (!digits || Number(digits) === 0 || Number(digits) > 200)
		throw new InvalidArgumentError(
			"Give a percentage above 0, up to 200, such as 10%.",
		);
	return Number(digits) / 100;
}

const kindOption = () =>
	new Option(
		"--kind <name>",
		Object.entries(kinds)
			.map(([name, { what }]) => `${name}: ${what}`)
			.join("; "),
	)
		.choices(Object.keys(kinds))
		.makeOptionMandatory();

/**
 * Ends the process if the options are wrong.
 * @type {() => Kit.ProofOptions}
 */
export function parseOptions() {
	const command = new Command("npm run bench:proof --")
		.description(
			"Whether the kit finds what is there, and nothing else: it measures the same code twice, over and over, and counts how often the intervals hold 1. With --planted one of the two does more work, and it counts how often that is found.",
		)
		.addOption(kindOption())
		.requiredOption(
			"--dir <directory>",
			"where the runs go; those that are there already aren't done again",
		)
		.option("--runs <n>", "how many", parseRuns, 20)
		.option(
			"--planted <percent>",
			"so much more work for each request, in a copy of the last commit",
			parsePlanted,
		)
		.addOption(
			new Option(
				"--busy <which>",
				"runs beside a busy neighbour; of half, every second one",
			)
				.choices(["none", "half", "all"])
				.default("half"),
		)
		.option("--tier <id>", "what is measured, with its engine", "addon@fast")
		.argument(
			"[kit-options...]",
			`options of the kit, after -- (default: ${shortRun.join(" ")})`,
		)
		.addHelpText(
			"after",
			`
  npm run bench:proof -- --kind twin --runs 100 --dir results/twins
  npm run bench:proof -- --kind against --planted 10% --dir results/ten \\
    -- --rounds 40

Exit code: 0 if all runs are there, whatever they found; 1 if one failed; 2 for
a wrong option; 130 after Ctrl-C. The same command goes on where it was ended.`,
		)
		.helpOption("--help", "show this help")
		.exitOverride(({ exitCode }) => exitAfterPrinting(exitCode && BAD_OPTION))
		.parse();
	const { planted = null, ...options } = command.opts();
	const kitOptions = command.args.length ? command.args : shortRun;
	return /** @type {any} */ ({ ...options, planted, kitOptions });
}
