import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
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
	const command = new Command("server/app.js");
	command.createOption = createOption;
	command
		.description("QR codes over HTTP: GET /qrcode?text=hello answers a PNG.")
		.version(ownVersion)
		.helpOption("--help", "show this help and exit")
		.configureOutput({ outputError: writeOneLine })
		.exitOverride(({ exitCode }) => exitAfterPrinting(exitCode && EXIT_USAGE));
	addTierFlags(command);
	addHostFlags(command);
	return command;
}

/**
 * An option that can be given by a variable, too, unless that is empty, or 0 for a flag without a value. FLAG, since Kubernetes
 * sets NAME_PORT and the like for a service called NAME.
 * @type {(flags: string, description?: string) => Option}
 */
function createOption(flags, description) {
	const option = new Option(flags, description);
	const flag = option.long ?? "";
	const name = `QR_TIERS_FLAG_${flag.slice(2).replaceAll("-", "_").toUpperCase()}`;
	const isOff = !option.required && process.env[name] === "0";
	const isForAll = flag !== "--version" && flag !== "--help";
	return isForAll && process.env[name] !== "" && !isOff
		? option.env(name)
		: option;
}

function addTierFlags(command) {
	const ids = tierIds();
	command
		.option("--tier <id>", `${ids.join(", ")} (default: addon)`, oneId(ids))
		.option(
			"--tiers <ids>",
			"tiers that requests may choose from with &tier= and &engine=, with commas; the first is the default",
			(list) => list.split(",").map(oneId(ids)),
		)
		.option("--engine <name>", "engine of the tier (default: its first)")
		.option(
			"--max-concurrency <n>",
			"most children at once in tier cli, in each process",
			wholeNumber(1, 10_000),
			2 * availableParallelism(),
		)
		.option(
			"--max-queue <n>",
			"how many requests may wait for a child or thread of a tier, and how many connections for a process; if more come, they get 503",
			wholeNumber(0, 1_000_000),
			1024,
		)
		.option(
			"--max-wait-ms <ms>",
			"longest wait of a request for its turn; then it gets 503",
			wholeNumber(1, 3_600_000),
			1000,
		)
		.option(
			"--queue-timeout-ms <ms>",
			"longest wait of a connection for a process; then it gets 503",
			wholeNumber(1, 3_600_000),
			5000,
		)
		.option(
			"--answer-timeout-ms <ms>",
			"longest wait for a child or thread to answer; then it is replaced",
			wholeNumber(1, 3_600_000),
			5000,
		);
}

function addHostFlags(command) {
	command
		.option("--processes <n>", "number of processes", wholeNumber(1, 1024), 1)
		.option(
			"--heartbeat-timeout-ms <ms>",
			"longest silence of one of several processes; then it is replaced",
			wholeNumber(1, 3_600_000),
			10_000,
		)
		.option("--bind <address>", "address to listen on", "127.0.0.1")
		.option(
			"--port <n>",
			"port to listen on; 0 takes a free one",
			wholeNumber(0, 65_535),
			42_069,
		)
		.option(
			"--grpc-port <n>",
			"serve gRPC on this port, too; 0 takes a free one (see server/api/qrcode.proto)",
			wholeNumber(0, 65_535),
		)
		.option(
			"--metrics-port <n>",
			"serve /metrics for Prometheus on this port; 0 takes a free one",
			wholeNumber(0, 65_535),
		)
		.option("--metrics-bind <address>", "address for metrics", "127.0.0.1")
		.option(
			"--allowed-hosts <names>",
			"names under which the page and /metrics answer, besides localhost and their own address; with commas",
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
			"most memory for all batches of a process, in MB; a batch waits up to 5 s for its part",
			wholeNumber(1, 100_000),
			48,
		)
		.option(
			"--cache-control <value>",
			"header for images asked for by GET",
			headerValue,
			"private, max-age=31536000, immutable",
		)
		.option("--no-page", "serve no page at /")
		.option(
			"--request-timeout-ms <ms>",
			"time for a request to arrive in full",
			wholeNumber(1, 3_600_000),
			10_000,
		)
		.option(
			"--send-timeout-ms <ms>",
			"time for a client to take the answer to a batch",
			wholeNumber(1, 3_600_000),
			30_000,
		)
		.option(
			"--drain-delay-ms <ms>",
			"time after SIGTERM or SIGINT in which /readyz answers 503 and all else goes on, so that balancers look elsewhere",
			wholeNumber(0, 3_600_000),
			0,
		)
		.option(
			"--drain-timeout-ms <ms>",
			"time after that to answer the last requests",
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
