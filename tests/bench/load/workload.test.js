import assert from "node:assert/strict";
import test from "node:test";
import { makeBatches } from "../../../bench/load/batches.js";
import { httpRequest } from "../../../bench/load/transports.js";
import { connectionsFor } from "../../../bench/results/dimensions.js";

const show = ({ method, target, contentType = "", body = "" }) =>
	[method, target, contentType, `${body}`].join(" ").trim();

test("each transport has its request", () => {
	const text = 'é & "1"';
	const rows = [
		["get", {}, "GET /qrcode?text=%C3%A9%20%26%20%221%22"],
		["get", { width: 9 }, "GET /qrcode?text=%C3%A9%20%26%20%221%22&width=9"],
		["post-raw", {}, `POST /qrcode text/plain ${text}`],
		["post-raw", { width: 9 }, `POST /qrcode?width=9 text/plain ${text}`],
		[
			"post-json",
			{ width: 9 },
			'POST /qrcode application/json {"text":"é & \\"1\\"","width":9}',
		],
	];
	for (const [transport, parameters, wanted] of rows) {
		const row = { transport, batchSize: 1 };
		assert.equal(show(httpRequest(row, [text], parameters)), wanted);
	}
	const batch = { transport: "post-json", batchSize: 2 };
	assert.equal(
		show(httpRequest(batch, ["a", text], { ecl: "H" })),
		'POST /qrcodes?ecl=H application/json ["a","é & \\"1\\""]',
	);
});

test("batches hold all texts and are full", () => {
	const texts = ["a", "b", "c"];
	assert.deepEqual(makeBatches(texts, 1), [["a"], ["b"], ["c"]]);
	assert.deepEqual(makeBatches(texts, 2), [
		["a", "b"],
		["c", "a"],
	]);
	assert.deepEqual(makeBatches(texts, 4), [["a", "b", "c", "a"]]);
});

test("batches come over fewer connections, 2 a process at least", () => {
	const rows = [
		[{ connections: 64, batchSize: 1, processes: 1 }, 64],
		[{ connections: 64, batchSize: 10, processes: 1 }, 6],
		[{ connections: 64, batchSize: 1000, processes: 1 }, 2],
		[{ connections: 64, batchSize: 1000, processes: 3 }, 6],
	];
	for (const [row, wanted] of rows) assert.equal(connectionsFor(row), wanted);
});
