import assert from "node:assert/strict";
import test from "node:test";
import { load } from "@grpc/proto-loader";
import { grpcBody } from "../../../bench/load/grpc.js";
import {
	qrExchange,
	qrHttpExchange,
} from "../../../bench/subjects/qr-exchange.js";

const grpcPrefixNbytes = 5;

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
		assert.equal(show(qrHttpExchange(row).request([text], parameters)), wanted);
	}
	const batch = { transport: "post-json", batchSize: 2 };
	assert.equal(
		show(qrHttpExchange(batch).request(["a", text], { ecl: "H" })),
		'POST /qrcodes?ecl=H application/json ["a","é & \\"1\\""]',
	);
});

test("images are read from an answer of each kind", () => {
	const { read } = qrHttpExchange({ transport: "get", batchSize: 1 });
	const answer = (type, body) => ({
		status: 200,
		headers: { "content-type": type },
		body: Buffer.from(body),
	});
	assert.deepEqual(read(answer("image/png", "one")), [Buffer.from("one")]);
	const json = JSON.stringify(["one", "two"].map((text) => btoa(text)));
	assert.deepEqual(
		read(answer("application/json; charset=utf-8", json)).map(String),
		["one", "two"],
	);
	assert.throws(() => read(answer("text/html", "one")), {
		message: "the answer is of the type text/html",
	});
});

test("a gRPC message has the texts and all parameters by their names there", async () => {
	const parameters = { ecl: "H", width: 300, margin: 2 };
	const options = { level: "H", width: 300, margin: 2 };
	const sent = async (texts, method) => {
		const row = { transport: "grpc", batchSize: texts.length };
		const exchange = qrExchange(row);
		assert.equal(exchange.path, `/qrtiers.v1.QrCodes/${method}`);
		const body = await grpcBody(exchange, texts, parameters);
		const { "qrtiers.v1.QrCodes": methods } = await load(exchange.protoFile, {
			enums: String,
		});
		const message = body.subarray(grpcPrefixNbytes);
		return { ...methods[method].requestDeserialize(message) };
	};
	assert.deepEqual(await sent(["a"], "Encode"), { text: "a", ...options });
	assert.deepEqual(await sent(["a", "b"], "EncodeBatch"), {
		texts: ["a", "b"],
		...options,
	});
});
