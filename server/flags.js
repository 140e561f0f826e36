import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { oneOf } from "./errors.js";
import { canonicalName } from "./origin.js";
import { ownVersion } from "./package-version.js";
import { exitAfterPrinting } from "./printing.js";
import { tierIds } from "./tier-registry.js";

const MAX_SIDE_PX = 4096;
const EXIT_USAGE = 2;

/**
 * Returns the settings, or ends the process: with help or the version, or with a sentence about a bad flag.
 * @type {(argv: string[]) => Server.Settings}
 */
export function parseFlags(argv) {
	const command = createCommand().parse(argv, { from: "user" });
	/** @type {Server.Settings & { tier?: string, tiers?: string[] }} */
	const flags = command.opts();
	const { tier, tiers, ...settings } = flags;
	if (settings.grpcPort !== undefined && settings.processes > 1)
		command.error(
			"error: --grpc-port serves from one process: leave out --processes.",
		);
	return {
		...settings,
		tierIds: [...new Set([tier ?? tiers?.[0] ?? "addon", ...(tiers ?? [])])],
		swappable: tiers !== undefined,
	};
}

function createCommand() {
	const command = new Command("server/app.js")
		.description("QR codes over HTTP: GET /qrcode?text=hello answers a PNG.")
		.version(ownVersion)
		.helpOption("--help", "show this help and exit")
		.configureOutput({ outputError: writeOneLine })
		.exitOverride(({ exitCode }) => exitAfterPrinting(exitCode && EXIT_USAGE));
	addTierFlags(command);
	addHostFlags(command);
	return command;
}

function addTierFlags(command) {
	const ids = tierIds();
	command
		.option("--tier <id>", `${ids.join(", ")} (default: addon)`, oneId(ids))
		.option(
			"--tiers <ids>",
			"comma-separated: requests may choose with &tier= and &engine= (default tier: the first)",
			(list) => list.split(",").map(oneId(ids)),
		)
		.option("--engine <name>", "engine of the tier (default: its first)")
		.option(
			"--max-concurrency <n>",
			"children at once, in each process, of tiers that start any",
			wholeNumber(1, 10_000),
			2 * availableParallelism(),
		)
		.option(
			"--max-queue <n>",
			"requests waiting for one of those, or connections for a process; one more is told to come back",
			wholeNumber(0, 1_000_000),
			1024,
		)
		.option(
			"--queue-timeout-ms <ms>",
			"for a connection to be taken by a process; then it is told to come back",
			wholeNumber(1, 3_600_000),
			5000,
		)
		.option(
			"--answer-timeout-ms <ms>",
			"for a child or thread of a tier to answer, before another takes its place",
			wholeNumber(1, 3_600_000),
			5000,
		);
}

function addHostFlags(command) {
	command
		.option("--processes <n>", "processes to run", wholeNumber(1, 1024), 1)
		.option(
			"--heartbeat-timeout-ms <ms>",
			"for one of several processes to give a sign of life, before another takes its place",
			wholeNumber(1, 3_600_000),
			10_000,
		)
		.option("--bind <address>", "address to listen on", "127.0.0.1")
		.option(
			"--port <n>",
			"port to listen on, 0 for any free one",
			wholeNumber(0, 65_535),
			42_069,
		)
		.option(
			"--grpc-port <n>",
			"serve gRPC on this port too, 0 for any free one (see server/api/qrcode.proto)",
			wholeNumber(0, 65_535),
		)
		.option(
			"--metrics-port <n>",
			"serve metrics for Prometheus on this port, at /metrics; 0 for any free one",
			wholeNumber(0, 65_535),
		)
		.option("--metrics-bind <address>", "address for those", "127.0.0.1")
		.option(
			"--allowed-hosts <names>",
			"comma-separated: the page and /metrics answer to these, besides localhost and their own address",
			hostNames,
		)
		.option(
			"--max-width <px>",
			"widest image allowed",
			wholeNumber(1, MAX_SIDE_PX),
			1024,
		)
		.option(
			"--max-batch <n>",
			"most texts in one batch",
			wholeNumber(1, 10_000),
			1000,
		)
		.option(
			"--max-batch-memory-mb <n>",
			"most memory for all batches of a process, in MB; one more waits for up to 5 s",
			wholeNumber(1, 100_000),
			48,
		)
		.option(
			"--cache-control <value>",
			"that header of the images of GET",
			headerValue,
			"private, max-age=31536000, immutable",
		)
		.option("--no-page", "no page at / and no race")
		.option(
			"--request-timeout-ms <ms>",
			"for a request to arrive in full",
			wholeNumber(1, 3_600_000),
			10_000,
		)
		.option(
			"--send-timeout-ms <ms>",
			"for a client to take the answer to a batch",
			wholeNumber(1, 3_600_000),
			30_000,
		)
		.option(
			"--drain-timeout-ms <ms>",
			"for the last requests after SIGTERM or SIGINT",
			wholeNumber(0, 3_600_000),
			10_000,
		);
}

/** Commander puts its suggestion on a line of its own. */
function writeOneLine(message, write) {
	write(`${message.trim().replaceAll("\n", " ")}\n`);
}

function oneId(ids) {
	return (id) => {
		if (ids.includes(id)) return id;
		throw new InvalidArgumentError(`It must be ${oneOf(ids)}.`);
	};
}

function wholeNumber(minimum, maximum) {
	return (digits) => {
		const number = /^[0-9]{1,9}$/.test(digits) ? Number(digits) : Number.NaN;
		if (number >= minimum && number <= maximum) return number;
		throw new InvalidArgumentError(
			`It must be a whole number from ${minimum} to ${maximum}.`,
		);
	};
}

function hostNames(list) {
	const names = list.split(",").map(canonicalName);
	if (!names.includes(undefined)) return names;
	throw new InvalidArgumentError(
		"It must be names or addresses without ports, separated by commas.",
	);
}

function headerValue(value) {
	if (/^[!-~]([ -~]*[!-~])?$/.test(value)) return value;
	throw new InvalidArgumentError("It must be printable ASCII.");
}
