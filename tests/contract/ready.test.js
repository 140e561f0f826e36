// /readyz: for balancers, which are to look elsewhere before a server stops to listen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { findHost, hosts, withHost } from "./hosts.js";
import { connect, eventually, formatRequest, request } from "./http.js";
import { sentences } from "./refusals.js";

const DELAY_MS = 1500;
const names = ["addon", "addon, 2 processes", "addon-http", "server"];
const ending = hosts.filter(({ name }) =>
	[...names, "server-uring", "server, sanitized"].includes(name),
);

for (const host of ending)
	test(`${host.name}: /readyz says that the server is about to end, and all else goes on`, () =>
		withHost(host, ["--drain-delay-ms", `${DELAY_MS}`], async (running) => {
			const { port } = running;
			const ready = await request(port, "/readyz");
			assert.equal(ready.status, 200);
			assert.equal(ready.body.toString(), "ok\n");
			const before = performance.now();
			process.kill(running.pid, "SIGTERM");
			await eventually("unreadiness", async () => {
				const { status, body } = await request(port, "/readyz");
				if (status === 503)
					assert.equal(body.toString(), `${sentences.ending}\n`);
				return status === 503;
			});
			const connection = await connect(port);
			await connection.send(formatRequest("/qrcode?text=a"));
			const { status, headers } = await connection.read();
			assert.equal(status, 200);
			assert.notEqual(headers.connection, "close");
			assert.equal((await request(port, "/healthz")).status, 200);
			await running.finished();
			assert.ok(performance.now() - before >= DELAY_MS);
		}));

for (const name of ["addon", "server"])
	test(`${name}: flags come from the environment, too`, async () => {
		const host = findHost(name);
		const prefix = host.native ? "QRPNG_FLAG_" : "QR_TIERS_FLAG_";
		const withVariables = (...variables) => ({
			...host,
			command: "env",
			flags: [
				...variables.map((variable) => prefix + variable),
				host.command,
				...host.flags,
			],
		});
		const variables = ["MAX_WIDTH=100", "PORT=1", "CACHE_CONTROL="];
		await withHost(withVariables(...variables), [], async ({ port }) => {
			const { status } = await request(port, "/qrcode?text=a&width=101");
			assert.equal(status, 400);
			const { headers } = await request(port, "/qrcode?text=a");
			assert.match(headers["cache-control"], /immutable/);
		});
	});
