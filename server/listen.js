import { once } from "node:events";
import { StartError } from "./errors.js";

/**
 * Resolves to the port when the server listens; rejects with a StartError, which names the flags that choose the address.
 * @type {(server: import("node:net").Server, address: Server.Address) => Promise<number>}
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
	return portOf(server);
}

/**
 * The port that a server listens on.
 * @type {(server: import("node:net").Server) => number}
 */
export function portOf(server) {
	const address = server.address();
	if (address === null || typeof address === "string")
		throw new Error("The server listens on no port.");
	return address.port;
}

/**
 * As URLs write it: an IPv6 address in brackets.
 * @type {(address: string, port: number) => string}
 */
export function joinHostPort(address, port) {
	return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}
