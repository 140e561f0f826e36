// What commands that run for long have in common: their flags, an end by Ctrl-C that still sums up, and the exit code.
import { InvalidArgumentError } from "commander";
import { killAll } from "../chaos/run.js";
import { Ledger } from "./ledger.js";

const exitCodes = { SIGINT: 130, SIGTERM: 143 };

/** A parser of positive numbers. */
export const upTo = (most) => (digits) => {
	const number = Number(digits);
	if (number > 0 && number <= most) return number;
	throw new InvalidArgumentError(`It must be a number up to ${most}.`);
};

/** Adds --log and --sum; `what`: what has a time of its own there. */
export const addLogOptions = (command, what) =>
	command
		.option(
			"--log <file>",
			`adds the results to a file, and sums up all that is in it; ${what} with the least time there come first`,
		)
		.option("--sum", "only sums up what is in the log");

/** Runs, and prints the sum of all entries of the log; `run` says what is running by calling its last argument. */
export async function runWithLog(flags, { run, format }) {
	const ledger = new Ledger(flags.log);
	let current;
	const print = () => {
		if (ledger.entries.length > 0) console.log(format(ledger));
	};
	for (const [signal, code] of Object.entries(exitCodes))
		process.once(signal, () => {
			if (current) killAll(current);
			console.log();
			print();
			process.exit(code);
		});
	const onStart = (running) => {
		current = running;
	};
	if (!flags.sum) await run(flags, ledger, onStart);
	print();
	if (ledger.entries.some(({ complaints }) => complaints.length > 0))
		process.exitCode = 1;
}
