import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { load } from "@grpc/proto-loader";
import { grpcBody } from "../../../bench/load/grpc.js";

const proto = path.join(
	import.meta.dirname,
	"../../../server/api/qrcode.proto",
);
const prefixNbytes = 5;

test("a message has the texts and all parameters by their names in gRPC", async () => {
	const { "qrtiers.v1.QrCodes": methods } = await load(proto, {
		enums: String,
	});
	const parameters = { ecl: "H", width: 300, margin: 2 };
	const options = { level: "H", width: 300, margin: 2 };
	const read = async (method, texts) => {
		const row = { batchSize: texts.length };
		const body = await grpcBody(texts, row, parameters);
		return method.requestDeserialize(body.subarray(prefixNbytes));
	};
	assert.deepEqual(
		{ ...(await read(methods.Encode, ["a"])) },
		{
			text: "a",
			...options,
		},
	);
	assert.deepEqual(
		{ ...(await read(methods.EncodeBatch, ["a", "b"])) },
		{
			texts: ["a", "b"],
			...options,
		},
	);
	const [, , , ...plain] = await grpcBody(["a"], { batchSize: 1 }, {});
	assert.equal(plain.length, 5);
});
