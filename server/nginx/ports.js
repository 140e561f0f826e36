import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "../errors.js";
import { portOf } from "../listen.js";

const CONNECT_EVERY_MS = 5;

/**
 * Resolves to that port, or to a free one for 0; rejects with a StartError if it can't be listened on. For nginx, which
 * names no port that the kernel has chosen, and does not say in one sentence that one is taken.
 * @type {(bind: string, wanted: number) => Promise<number>}
 */
export function findPort(bind, wanted) {
	const probe = createServer();
	return new Promise((resolve, reject) => {
		probe.once("error", (/** @type {NodeJS.ErrnoException} */ { code }) =>
			reject(
				new StartError(
					code === "EADDRINUSE"
						? `Port ${wanted} on ${bind} is in use: choose another with --port.`
						: `Can't listen on port ${wanted} of ${bind} (${code}): choose another with --port.`,
				),
			),
		);
		probe.listen(wanted, bind, () => {
			const port = portOf(probe);
			probe.close(() => resolve(port));
		});
	});
}

/**
 * Resolves when something accepts connections there.
 * @type {(bind: string, port: number) => Promise<void>}
 */
export async function untilAccepting(bind, port) {
	while (!(await accepts(bind, port))) await sleep(CONNECT_EVERY_MS);
}

/** @type {(bind: string, port: number) => Promise<boolean>} */
function accepts(bind, port) {
	return new Promise((resolve) => {
		const socket = connect(port, bind, () => {
			socket.destroy();
			resolve(true);
		});
		socket.once("error", () => resolve(false));
	});
}
