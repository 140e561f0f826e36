// The command line of bench:core.
import { Command, InvalidArgumentError, Option } from "commander";
import { exitAfterPrinting } from "../commands/printing.js";
import { textKinds } from "../results/dimensions.js";
import { corpora, madeCorpora } from "./corpora.js";
import { sizeNames } from "./sizes.js";

export const exitCodes = { failed: 1, badOption: 2, interrupted: 130 };

function positiveInteger(value) {
	if (!/^[1-9]\d{0,5}$/.test(value))
		throw new InvalidArgumentError("Give a whole number above 0.");
	return Number(value);
}

/** Names from a list, comma-separated. */
function someOf(known) {
	return (value) => {
		const names = value.split(",");
		const unknown = names.find((name) => !known.includes(name));
		if (unknown !== undefined)
			throw new InvalidArgumentError(
				`There is no "${unknown}"; there are ${known.join(", ")}.`,
			);
		return [...new Set(names)];
	};
}

function oneOf(known) {
	return (value) => {
		const names = someOf(known)(value);
		if (names.length > 1) throw new InvalidArgumentError("Give one.");
		return names[0];
	};
}

function addOptions(command, ids) {
	const controls = ids.filter((id) => !id.includes("/"));
	return command
		.option(
			"--text <kinds>",
			`corpora, of ${textKinds.join(", ")} (default: all); or a kind and a size in bytes, of ${madeCorpora[0]} to ${madeCorpora.at(-1)}, 2000 texts each (default with --against: all)`,
			someOf(corpora),
		)
		.option(
			"--contenders <ids>",
			`what to measure, of ${ids.join(", ")} (default: all)`,
			someOf(ids),
		)
		.option(
			"--control <id>",
			"the contender that all others are compared with",
			oneOf(controls),
			"bare",
		)
		.option(
			"--rounds <n>",
			"samples of each contender; at least 6 give intervals",
			positiveInteger,
			7,
		)
		.option(
			"--time-ms <n>",
			"CPU time of a sample, and at least one pass over the texts",
			positiveInteger,
			100,
		)
		.option(
			"--callgrind",
			"also count the instructions of the native contenders, under valgrind",
		)
		.addOption(
			new Option(
				"--against <ref>",
				"compare engine fast with that of another commit, which is built: both in one process, in turns, image by image",
			).conflicts(["control", "timeMs", "callgrind"]),
		)
		.addOption(
			new Option(
				"--sizes [list]",
				`compare bytes with those of zlib and, where it is installed, zopfli: in px, of ${sizeNames.join(", ")} (default: all, in some minutes)`,
			)
				.argParser(someOf(sizeNames))
				.preset(sizeNames.join(","))
				.conflicts([
					"against",
					"contenders",
					"control",
					"rounds",
					"timeMs",
					"callgrind",
				]),
		)
		.option("--json <file>", "write all samples to that file");
}

/** @type {(id: string) => boolean} */
const isFast = (id) => /^fast:\d+$/.test(id);

/** With --against the contenders are widths of engine fast. */
function chooseWidths(command, ids, wanted = ids.filter(isFast)) {
	const other = wanted.find((id) => !isFast(id));
	if (other !== undefined)
		command.error(
			`error: --against compares ${ids.filter(isFast).join(", ")}, not "${other}".`,
		);
	return wanted;
}

/**
 * `ids`: the contenders that this machine can run.
 * @type {(ids: string[]) => any}
 */
export function parseOptions(ids) {
	const command = new Command("npm run bench:core --").description(
		"Measures the bare function, without a server: CPU time for a text and bytes of an image, at level L and 200 px wide. Each contender runs in its own process, in rounds that rotate over them. Ratios are paired within the rounds.",
	);
	const { text, contenders, against, ...options } = addOptions(command, ids)
		.addHelpText(
			"after",
			`
An id with /modules is the symbol without an image. Those with fast/ are the
outputs of engine fast, compared with its gray PNG.

Exit code: 0 if all went well, 1 if a contender failed, 2 for a wrong option,
130 after Ctrl-C or SIGTERM; what was measured until then is in the file of
--json.`,
		)
		.helpOption("--help", "show this help")
		.allowExcessArguments(false)
		.exitOverride(({ exitCode }) =>
			exitAfterPrinting(exitCode && exitCodes.badOption),
		)
		.parse()
		.opts();
	if (against !== undefined)
		return {
			...options,
			against,
			text: text ?? madeCorpora,
			contenders: chooseWidths(command, ids, contenders),
		};
	return { ...options, text: text ?? textKinds, contenders: contenders ?? ids };
}
