// Messages of gRPC: whatever the bytes, the server answers with images or refuses them in a sentence, and calls no fault its own.
import assert from "node:assert/strict";
import grpc from "@grpc/grpc-js";
import fc from "fast-check";
import protobuf from "protobufjs";
import { Batches } from "../../../server/api/batches.js";
import { GrpcServer } from "../../../server/api/grpc.js";
import { createOptionsCheck } from "../../../server/api/query.js";
import { RequestError } from "../../../server/errors.js";
import { MAX_WIDTH_PX } from "./values.js";

const MAX_BATCH = 4;
const { OK, INVALID_ARGUMENT, RESOURCE_EXHAUSTED } = grpc.status;
const proto = new URL("../../../server/api/qrcode.proto", import.meta.url);
const root = protobuf.loadSync(proto.pathname);

/** A tier that says what it was asked for. */
const tier = {
	generate(text, { ecl, width, margin }) {
		if (text.length > 1000) throw new RequestError("The text does not fit.");
		return Buffer.from(
			JSON.stringify([Buffer.from(text).toString("hex"), ecl, width, margin]),
		);
	},
};

async function startServer() {
	const server = new GrpcServer({
		variant: { tier },
		completeOptions: createOptionsCheck(MAX_WIDTH_PX),
		maxBatch: MAX_BATCH,
		batches: new Batches(2 ** 22),
		requestTimeoutMs: 10_000,
		sendTimeoutMs: 10_000,
	});
	const address = await server.listen({ bind: "127.0.0.1", grpcPort: 0 });
	const client = new grpc.Client(address, grpc.credentials.createInsecure());
	return { server, client };
}

/** Resolves to { code, details, answer }. */
function callWith(client, method, message) {
	const asIs = (bytes) => bytes;
	return new Promise((resolve) => {
		client.makeUnaryRequest(
			`/qrtiers.v1.QrCodes/${method}`,
			asIs,
			asIs,
			message,
			(error, answer) =>
				resolve({
					code: error?.code ?? OK,
					details: error?.details ?? "",
					answer,
				}),
		);
	});
}

const encode = (type, message) => {
	const Type = root.lookupType(`qrtiers.v1.${type}`);
	return Buffer.from(Type.encode(Type.create(message)).finish());
};
const options = {
	level: fc.integer({ min: -1, max: 6 }),
	width: fc.oneof(fc.integer({ min: 0, max: 1100 }), fc.maxSafeNat()),
	margin: fc.integer({ min: 0, max: 40 }),
};
const text = fc.string({ unit: "binary", maxLength: 12 });
const single = fc.record(
	{ text, data: fc.uint8Array({ maxLength: 12 }), ...options },
	{ requiredKeys: [] },
);
const batch = fc.record(
	{ texts: fc.array(text, { maxLength: MAX_BATCH + 2 }), ...options },
	{ requiredKeys: [] },
);
/** A message of the type, perhaps with other bytes at a place, or cut off. */
const bytesOf = (type, messages) =>
	fc
		.tuple(
			messages.map((message) => encode(type, message)),
			fc.option(fc.tuple(fc.nat(60), fc.uint8Array({ maxLength: 4 })), {
				freq: 2,
			}),
			fc.option(fc.nat(60), { freq: 5 }),
		)
		.map(([message, change, length]) => {
			const bytes = change
				? Buffer.concat([
						message.subarray(0, change[0]),
						change[1],
						message.subarray(change[0] + 1),
					])
				: message;
			return bytes.subarray(0, length ?? undefined);
		});
const call = fc.oneof(
	fc.tuple(fc.constant("Encode"), bytesOf("EncodeRequest", single)),
	fc.tuple(fc.constant("EncodeBatch"), bytesOf("EncodeBatchRequest", batch)),
	fc.tuple(
		fc.constantFrom("Encode", "EncodeBatch"),
		fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
	),
);

export async function create() {
	const { server, client } = await startServer();
	return {
		property: fc.asyncProperty(call, async ([method, message]) => {
			const { code, details, answer } = await callWith(client, method, message);
			assert.ok(
				[OK, INVALID_ARGUMENT, RESOURCE_EXHAUSTED].includes(code),
				details,
			);
			if (code === OK) assert.ok(answer.length > 2);
			else
				assert.match(
					details,
					/^[A-Z].*\.$|^(?:width|margin|level) must .*\.$/s,
				);
		}),
		close: async () => {
			client.close();
			await server.close();
		},
	};
}
