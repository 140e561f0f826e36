import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import * as grpc from "@grpc/grpc-js";
import { load } from "@grpc/proto-loader";
import { openClient } from "../../../bench/load/client.js";
import { grpcBody } from "../../../bench/load/grpc.js";
import { withDirectory } from "../helpers.js";

const proto = `syntax = "proto3";
package other;
service Cases { rpc Upper(Words) returns (Words); }
message Words { repeated string words = 1; }
`;

/** use(exchange) for a service that has nothing to do with QR codes. */
const withExchange = (use) =>
	withDirectory((directory) => {
		const protoFile = join(directory, "cases.proto");
		writeFileSync(protoFile, proto);
		return use({
			protocol: "grpc",
			protoFile,
			path: "/other.Cases/Upper",
			message: (words) => ({ words }),
			read: ({ words }) => words.map((word) => Buffer.from(word)),
		});
	});

test("a body is a message behind its length, with nothing compressed", () =>
	withExchange(async (exchange) => {
		const body = await grpcBody(exchange, ["a"], {});
		assert.deepEqual([...body], [0, 0, 0, 0, 3, 0x0a, 1, 0x61]);
	}));

test("a client calls the method of any service, and hears what it is told instead", () =>
	withExchange(async (exchange) => {
		const { "other.Cases": cases } = await load(exchange.protoFile, {
			defaults: true,
		});
		const server = new grpc.Server();
		server.addService(cases, {
			Upper({ request: { words } }, answer) {
				if (words.length)
					answer(null, { words: words.map((word) => `${word}!`) });
				else
					answer({ code: grpc.status.INVALID_ARGUMENT, details: "no words" });
			},
		});
		const port = await new Promise((resolve, reject) =>
			server.bindAsync(
				"127.0.0.1:0",
				grpc.ServerCredentials.createInsecure(),
				(error, bound) => (error ? reject(error) : resolve(bound)),
			),
		);
		const host = { grpcAddress: `127.0.0.1:${port}` };
		const client = await openClient(host, exchange);
		try {
			const answers = await client.fetchImages(["a", "b"], {});
			assert.deepEqual(answers.map(String), ["a!", "b!"]);
			assert.equal(client.lastAnswerNbytes, 5 + 2 * 4);
			await assert.rejects(client.fetchImages([], {}), /no words/);
		} finally {
			client.close();
			server.forceShutdown();
		}
	}));
