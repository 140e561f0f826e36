const EXIT_SYSTEM = 1;

/**
 * Ends the process after help or a version. That no disk had room for it would come up only after the exit.
 * @type {(exitCode: number) => never}
 */
export function exitAfterPrinting(exitCode) {
	/** @type {NodeJS.ErrnoException | null} */
	const errored = process.stdout.errored;
	// Whoever reads it may have seen enough.
	if (exitCode !== 0 || !errored || errored.code === "EPIPE")
		process.exit(exitCode);
	process.stderr.write(`Standard output can't be written: ${errored.code}.\n`);
	process.exit(EXIT_SYSTEM);
}
