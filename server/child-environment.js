const NOT_FOR_CHILDREN = /^(QRPNG_FLAG_|QR_TIERS_FLAG_|NOTIFY_SOCKET$)/;

/**
 * The environment for a program of ours that is told all it must know on its command line: what says how this process is
 * to serve is not for it.
 * @type {() => NodeJS.ProcessEnv}
 */
export function childEnvironment() {
	return Object.fromEntries(
		Object.entries(process.env).filter(
			([name]) => !NOT_FOR_CHILDREN.test(name),
		),
	);
}
