import assert from "node:assert/strict";
import test from "node:test";
import {
	areServedAlike,
	dimensions,
	haveSameImages,
	haveSameWorkload,
	nameOf,
	parametersOf,
	product,
	varyingDimensions,
} from "../../../bench/results/dimensions.js";
import { makeRow } from "../helpers.js";

test("a name says what is not as usual, and nothing else", () => {
	const rows = [
		[{ id: "js" }, "js"],
		[{ id: "addon", engine: "fast" }, "addon@fast"],
		[
			{ id: "addon", engine: "fast", transport: "grpc", batchSize: 10 },
			"addon@fast grpc batch 10",
		],
		[{ id: "js", text: "long", width: 400 }, "js long 400 px"],
		[{ id: "js", connections: 1, processes: 2 }, "js 1 connection 2 processes"],
		[{ id: "js", node: "99.1.0" }, "js Node 99.1.0"],
		[
			{ id: "server", engine: "fast", node: null, build: "debug" },
			"server@fast debug",
		],
		[{ id: "js", isAgain: true }, "js again"],
	];
	for (const [row, name] of rows) {
		assert.equal(makeRow(row).name, name);
		assert.equal(nameOf(row), name);
	}
});

test("a product has every combination once, the last dimension fastest", () => {
	const chosen = [{ id: "a" }, { id: "b" }];
	const rows = product(chosen, { a: [1, 2], b: ["x", "y"] });
	assert.deepEqual(
		rows.map(({ a, b }) => `${a}${b}`),
		["1x", "1y", "2x", "2y"],
	);
});

test("what varies is what has several values, where it concerns a tier at all", () => {
	const rows = [
		makeRow({ id: "js", build: null, transport: "get" }),
		makeRow({ id: "addon", build: "release", transport: "grpc" }),
	];
	assert.deepEqual(
		varyingDimensions(rows).map(({ id }) => id),
		["transport"],
	);
});

test("rows are compared if they encode the same under the same load", () => {
	const row = makeRow({ id: "js" });
	const changes = [
		[{ transport: "grpc", batchSize: 10, processes: 2 }, true],
		[{ text: "long" }, false],
		[{ width: 400 }, false],
		[{ connections: 1 }, false],
	];
	for (const [change, wanted] of changes)
		assert.equal(haveSameWorkload(row, { ...row, ...change }), wanted);
	const program = { ...row, node: null, build: "debug" };
	assert.equal(areServedAlike(row, program), true);
	assert.equal(areServedAlike(row, { ...row, transport: "grpc" }), false);
});

test("values are checked", () => {
	const parse = (id, value) =>
		dimensions.find((dimension) => dimension.id === id).parse(value);
	const rows = [
		["connections", "64", 64],
		["connections", "0", undefined],
		["connections", "1e3", undefined],
		["width", "20", undefined],
		["width", "1024", 1024],
		["transport", "grpc", "grpc"],
		["transport", "GET", undefined],
		["build", "debug", "debug"],
		["text", "", undefined],
	];
	for (const [id, value, wanted] of rows)
		assert.equal(parse(id, value), wanted, `${id} ${value}`);
});

test("the usual width is not asked for", () => {
	assert.deepEqual(parametersOf(makeRow({ id: "js" })), {});
	assert.deepEqual(parametersOf(makeRow({ id: "js", width: 300 })), {
		width: 300,
	});
	assert.deepEqual(parametersOf(makeRow({ id: "js", width: null })), {});
});

test("images are the same for the same texts and parameters", () => {
	const row = makeRow({ id: "js" });
	for (const [change, isSame] of [
		[{ connections: 1, transport: "grpc", processes: 2 }, true],
		[{ width: 300 }, false],
		[{ text: "long" }, false],
	])
		assert.equal(haveSameImages(row, { ...row, ...change }), isSame);
});
