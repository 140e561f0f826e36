import { once } from "node:events";
import { StartError } from "./errors.js";

/**
 * Resolves to the port when the server listens; rejects with a StartError, which names the flags that choose the address.
 * @param {import("node:net").Server} server
 * @param {{ bind: string, port: number, bindFlag?: string, portFlag?: string }} address
 */
export async function listen(
	server,
	{ bind, port, bindFlag = "--bind", portFlag = "--port" },
) {
	try {
		server.listen(port, bind);
		await once(server, "listening");
	} catch (error) {
		throw new StartError(
			error.code === "EADDRINUSE"
				? `Port ${port} on ${bind} is in use: choose another with ${portFlag}.`
				: `Can't listen on port ${port} of ${bind} (${error.code}): choose others with ${bindFlag} and ${portFlag}.`,
		);
	}
	return server.address().port;
}

/** As URLs write it: an IPv6 address in brackets. */
export function joinHostPort(address, port) {
	return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}
