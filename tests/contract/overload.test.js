// More requests than a host can do in time: it says so to some, early, and serves the others.
import assert from "node:assert/strict";
import { test } from "node:test";
import { findHost, withHost } from "./hosts.js";
import { connect, formatRequest, request } from "./http.js";
import { sentences } from "./refusals.js";

const COUNT = 64;
const TIERS = ["js", "js-best", "addon", "addon-http", "wasm", "ffi"];
/** What takes a tier in Express's own thread some milliseconds. */
const target = `/qrcode?text=${"x".repeat(2000)}&width=1024`;

for (const tier of TIERS)
	test(`${tier}: what has waited too long for the thread is 503, but probes are answered`, () =>
		withHost(findHost(tier), ["--max-wait-ms", "4"], async ({ port }) => {
			const connection = await connect(port);
			await connection.send(
				Buffer.concat([
					...Array(COUNT).fill(formatRequest(target)),
					formatRequest("/healthz"),
					formatRequest("/readyz"),
				]),
			);
			const statuses = [];
			for (let i = 0; i < COUNT; i++) {
				const { status, headers, body } = await connection.read();
				statuses.push(status);
				if (status !== 503) continue;
				assert.equal(headers["retry-after"], "1");
				assert.equal(body.toString(), `${sentences.busy}\n`);
			}
			assert.equal(statuses[0], 200);
			assert.deepEqual([...new Set(statuses)].sort(), [200, 503]);
			for (let i = 0; i < 2; i++)
				assert.equal((await connection.read()).status, 200);
			connection.destroy();
			assert.equal((await request(port, target)).status, 200);
		}));

for (const tier of ["cli", "coprocess", "addon-async", "sidecar"])
	test(`${tier}: what has waited too long for its turn is 503`, () => {
		const flags = ["--max-wait-ms", "1", "--max-concurrency", "1"];
		return withHost(findHost(tier), flags, async ({ port }) => {
			const connection = await connect(port);
			await connection.send(
				Buffer.concat(Array(COUNT).fill(formatRequest(target))),
			);
			const statuses = [];
			for (let i = 0; i < COUNT; i++) {
				const { status, body } = await connection.read();
				statuses.push(status);
				if (status !== 200)
					assert.equal(body.toString(), `${sentences.busy}\n`);
			}
			connection.destroy();
			assert.deepEqual([...new Set(statuses)].sort(), [200, 503]);
			assert.equal((await request(port, target)).status, 200);
		});
	});
