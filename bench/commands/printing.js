const EXIT_FAILED = 1;

/** Ends the process after help. That no disk had room for it would come up only after the exit. */
export function exitAfterPrinting(exitCode) {
	const { errored } = process.stdout;
	// Whoever reads it may have seen enough.
	if (exitCode !== 0 || !errored || errored.code === "EPIPE")
		process.exit(exitCode);
	process.stderr.write(
		`error: standard output can't be written: ${errored.code}.\n`,
	);
	process.exit(EXIT_FAILED);
}
