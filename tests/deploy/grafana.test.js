// deploy/grafana-dashboard.json against what the hosts really serve.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { findHost, root, withHost } from "../contract/hosts.js";
import { request } from "../contract/http.js";
import { parseMetrics } from "../prometheus.js";

const dashboard = JSON.parse(
	readFileSync(`${root}deploy/grafana-dashboard.json`, "utf8"),
);
const panels = dashboard.panels.filter(({ type }) => type !== "row");
const isOfExpressAlone = ({ expr, description = "" }) =>
	expr.includes("qrpng_restarts_total") || /^Express only/.test(description);
const isOfGrpc = ({ description = "" }) => /^gRPC only/.test(description);
const queries = panels.flatMap(({ description, targets }) =>
	targets.map(({ expr }) => ({ expr, description })),
);

/** The families of a host, by name, after an image. */
async function familiesOf(name, ...more) {
	let families;
	const flags = ["--metrics-port", "0", ...more];
	await withHost(findHost(name), flags, async (running) => {
		const [, port] = /metrics on [^:]+:(\d+)/.exec(running.stdout);
		await request(running.port, "/qrcode?text=a");
		const { body } = await request(Number(port), "/metrics");
		families = parseMetrics(body.toString());
	});
	return families;
}

/** [name, the labels that it is asked by] of each metric in a query: all of them have braces here. */
function metricsIn(expr) {
	return [...expr.matchAll(/([a-z0-9_]+)\{([^}]*)\}/g)].map(
		([, name, labels]) => [
			name,
			[...labels.matchAll(/(\w+)(?:=|!=|=~|!~)"/g)].map(([, label]) => label),
		],
	);
}

function assertAllKnown(asked, families) {
	const unknown = asked
		.flatMap(({ expr }) => metricsIn(expr))
		.filter(([name]) => !families.has(name.replace(/_bucket$/, "")));
	assert.deepEqual(unknown, []);
}

test("all metrics of the dashboard are there, in Express", async () => {
	assertAllKnown(queries, await familiesOf("coprocess", "--grpc-port", "0"));
	const ofHttp = queries.filter((query) => !isOfGrpc(query));
	assertAllKnown(ofHttp, await familiesOf("addon, 2 processes"));
	assert.equal(queries.length - ofHttp.length, 3);
});

test("and in the C server, but for what Express alone has", async () => {
	const families = await familiesOf("server");
	const shared = queries.filter(
		(query) => !isOfExpressAlone(query) && !isOfGrpc(query),
	);
	assertAllKnown(shared, families);
	assert.ok(shared.length >= 12, `${shared.length} queries`);
});

test("every query asks for metrics, of the chosen hosts", () => {
	for (const { expr } of queries) {
		const metrics = metricsIn(expr);
		assert.ok(metrics.length > 0, expr);
		for (const [, labels] of metrics)
			assert.ok(labels.includes("instance"), expr);
	}
});

test("panels don't overlap, and have an id each", () => {
	const taken = new Set();
	for (const { title, gridPos } of dashboard.panels) {
		const { x, y, w, h } = gridPos;
		assert.ok(x + w <= 24, title);
		for (let i = x; i < x + w; i++)
			for (let j = y; j < y + h; j++) {
				assert.ok(!taken.has(`${i} ${j}`), title);
				taken.add(`${i} ${j}`);
			}
	}
	const ids = dashboard.panels.map(({ id }) => id);
	assert.equal(new Set(ids).size, ids.length);
});
