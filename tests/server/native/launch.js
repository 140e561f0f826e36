// The C server as its operators start it: with an environment, with sockets of their own, on a port or a path.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after } from "node:test";
import { root } from "../../contract/hosts.js";
import { eventually, within } from "../../contract/http.js";

const live = new Set();
after(() => {
	for (const child of live) child.kill("SIGKILL");
});

/**
 * @typedef {{ child: import("node:child_process").ChildProcess, stdout: string, stderr: string,
 *   ended: Promise<{ code: number | null, signal: string | null }> }} Launched
 */

/**
 * Runs a program. sockets: descriptors that become 3 and so on in it.
 * @type {(command: string, args: string[], options?: { env?: Record<string, string>, sockets?: number[], stdin?: "pipe" | "ignore" }) => Launched}
 */
export function launch(
	command,
	args,
	{ env = {}, sockets = [], stdin = "ignore" } = {},
) {
	const child = spawn(command, args, {
		cwd: root,
		env: { ...process.env, ...env },
		stdio: [stdin, "pipe", "pipe", ...sockets],
	});
	live.add(child);
	const launched = { child, stdout: "", stderr: "" };
	for (const name of ["stdout", "stderr"])
		child[name].setEncoding("utf8").on("data", (text) => {
			launched[name] += text;
		});
	launched.ended = once(child, "close").then(([code, signal]) => {
		live.delete(child);
		return { code, signal };
	});
	return launched;
}

export const binaries = ["Release", "Sanitize"].map((build) => ({
	build,
	binary: `build/${build}/qrpng-server`,
}));

/** Starts a server and waits for its ready line. */
export async function startServer(binary, args, options) {
	const server = launch(binary, args, options);
	await eventually(
		"ready line",
		() => server.stdout.includes("listening on ") || server.child.exitCode,
	);
	assert.equal(server.child.exitCode, null, server.stderr);
	return server;
}

export function portOf({ stdout }) {
	return Number(
		/^listening on http:\/\/[^/]+:(\d+)\/ /m.exec(stdout)?.[1] ?? Number.NaN,
	);
}

/** Resolves to { code, stdout, stderr } of what is to end by itself. */
export async function runToEnd(binary, args, options) {
	const server = launch(binary, args, options);
	const { code } = await within("its end", server.ended);
	return { code, stdout: server.stdout, stderr: server.stderr };
}

export async function stopServer(server) {
	server.child.kill("SIGTERM");
	const exit = await within("its end", server.ended);
	assert.equal(server.stderr, "");
	assert.deepEqual(exit, { code: 0, signal: null });
}
