// Commands as they can be given to a shell again.

const plain = /^[\w@%+=:,./-]+$/;

/**
 * The arguments with spaces between them, in quotes where a shell would take them for something else.
 * @type {(args: string[]) => string}
 */
export function quoteForShell(args) {
	return args
		.map((arg) =>
			plain.test(arg) ? arg : `'${arg.replaceAll("'", String.raw`'\''`)}'`,
		)
		.join(" ");
}
