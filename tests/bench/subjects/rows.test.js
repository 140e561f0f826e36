import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import test from "node:test";
import { dimensions } from "../../../bench/results/dimensions.js";
import { createQrSubject } from "../../../bench/subjects/qr-subject.js";
import { findRows } from "../../../bench/subjects/rows.js";
import { createTargetSubject } from "../../../bench/subjects/target.js";

function find(tiers, engines, { again, isOptional, ...change } = {}) {
	const selections = tiers.split(",").map((name) => {
		const [id, engine] = name.split("@");
		return { id, engine, isOptional };
	});
	const usual = dimensions.map(({ id, defaults }) => [id, defaults]);
	return findRows([createQrSubject(selections, {})], {
		engines: engines.split(","),
		again,
		nodePaths: new Map(),
		values: { ...Object.fromEntries(usual), ...change },
		signal: new AbortController().signal,
	});
}

/** The names of the rows for what the options say. */
async function rowsFor(tiers, engines, change) {
	const found = await find(tiers, engines, change);
	return found.rows.map(({ name }) => name).join(",");
}

test("tiers with engines are crossed with them, and grouped by them", async () => {
	const rows = [
		[
			["constant,js,addon,server", "reference,fast"],
			"js,addon@reference,server@reference,addon@fast,server@fast,constant",
		],
		[["addon,constant", "fast"], "addon@fast,constant"],
		[["server@fast,addon", "reference"], "addon@reference,server@fast"],
		[["addon@fast,addon", "fast,reference"], "addon@fast,addon@reference"],
	];
	for (const [[tiers, engines], expected] of rows)
		assert.equal(await rowsFor(tiers, engines), expected);
});

test("an engine that a tier lacks makes no row, unless it lacks them all", async () => {
	assert.equal(await rowsFor("addon", "none,fast"), "addon@fast");
	assert.equal(await rowsFor("addon,server", "none"), "addon@none,server@none");
});

test("rows are the product of all dimensions, the variants of a tier together", async () => {
	const processes = [1, 2];
	assert.equal(
		await rowsFor("js,constant", "fast", { processes, text: ["short", "mid"] }),
		"js,js 2 processes,constant,constant 2 processes,js mid,js mid 2 processes,constant mid,constant mid 2 processes",
	);
	const nodes = { node: [process.versions.node, "99.0.0"] };
	assert.equal(
		await rowsFor("js,server@fast", "fast", nodes),
		"js,js Node 99.0.0,server@fast",
	);
	const builds = { build: ["release", "debug"] };
	assert.equal(
		await rowsFor("js,addon@fast", "fast", builds),
		"js,addon@fast,addon@fast debug",
	);
});

test("batches go as JSON or by gRPC; what can't be is left out, with the reason", async () => {
	const change = { transport: ["get", "grpc"], batchSize: [1, 10] };
	const { rows, skipped } = await find("js,server@fast", "fast", change);
	assert.equal(
		rows.map(({ name }) => name).join(","),
		"js,js post-json batch 10,js grpc,js grpc batch 10,server@fast,server@fast post-json batch 10",
	);
	assert.deepEqual(skipped, [{ id: "server", reason: "serves no gRPC" }]);
	const { skipped: ceiling } = await find("server-constant", "fast", change);
	assert.deepEqual(ceiling, [
		{
			id: "server-constant",
			reason: "knows GET alone: no other transports, no batches",
		},
	]);
	const both = { transport: ["grpc"], processes: [1, 2] };
	const { skipped: one } = await find("js", "fast", both);
	assert.deepEqual(one, [
		{ id: "js", reason: "serves gRPC from one process only" },
	]);
});

test("the base tier can be measured twice", async () => {
	const again = true;
	assert.equal(
		await rowsFor("addon@fast,js", "fast", { again }),
		"addon@fast,js,js again",
	);
	assert.equal(
		await rowsFor("constant", "fast", { again }),
		"constant,constant again",
	);
});

test("a row says how it is started", async () => {
	const change = { processes: [2], build: ["debug"], transport: ["get"] };
	const [server] = (await find("server@fast", "fast", change)).rows;
	if (existsSync(new URL("../../../build/Debug/qrpng-server", import.meta.url)))
		assert.match(server.launch().command, /build\/Debug\/qrpng-server$/);
	else
		assert.throws(
			() => server.launch(),
			/^Error: build\/Debug\/qrpng-server is missing: build it with "npm run build:debug"\.$/,
		);
	const grpc = { transport: ["grpc"] };
	const [js] = (await find("js", "fast", grpc)).rows;
	assert.deepEqual(js.launch().args.slice(-2), ["--grpc-port", "0"]);
});

test("rows of several subjects stand together that encode the same", async () => {
	const usual = dimensions.map(({ id, defaults }) => [id, defaults]);
	const values = { ...Object.fromEntries(usual), text: ["short", "mid"] };
	const subjects = [
		createQrSubject([{ id: "js" }], {}),
		createTargetSubject([{ id: "live", target: "http://a.example" }], {}),
	];
	const { rows } = await findRows(subjects, {
		values,
		engines: ["fast"],
		nodePaths: new Map(),
		signal: new AbortController().signal,
	});
	assert.deepEqual(
		rows.map(({ name, subject }) => [name, subjects.indexOf(subject)]),
		[
			["js", 0],
			["live", 1],
			["js mid", 0],
			["live mid", 1],
		],
	);
});

test("it can be stopped", async () => {
	const options = {
		engines: ["fast"],
		values: {},
		nodePaths: new Map(),
		signal: AbortSignal.timeout(50),
	};
	const selections = ["js", "addon", "constant"].map((id) => ({ id }));
	await assert.rejects(findRows([createQrSubject(selections, {})], options), {
		name: "TimeoutError",
	});
});
