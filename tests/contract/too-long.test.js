// A text that no symbol can hold is refused on every route before a tier sees it: some would think about it for long.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { checkRows, findHost, startHost } from "./hosts.js";
import { request } from "./http.js";
import { sentences } from "./refusals.js";

const tiers = ["js", "addon", "cli"];
const proto = fileURLToPath(
	new URL("../../server/api/qrcode.proto", import.meta.url),
);
const { QrCodes } = grpc.loadPackageDefinition(loadSync(proto)).qrtiers.v1;

/** Changes of mode are what costs a tier time; the longest fills a body, or a request's head. */
const mixed = (length) => "abc123ABC,".repeat(length / 10 + 1).slice(0, length);
const longest = { body: 65_000, head: 15_000 };
const json = (body) => ["application/json", JSON.stringify(body)];
const tooLong = sentences.tooLong.L;

/** [target, Content-Type, body] of POSTs. */
const posts = [
	...tiers.flatMap((tier) => [
		[`/qrcode?tier=${tier}`, "text/plain", mixed(longest.body)],
		[`/qrcode?tier=${tier}`, "application/octet-stream", mixed(longest.body)],
		[`/qrcode?tier=${tier}`, ...json({ text: mixed(longest.body) })],
		[`/qrcodes?tier=${tier}`, ...json([mixed(longest.body)])],
	]),
	...["/times", "/race"].flatMap((path) => [
		[path, ...json({ text: mixed(longest.body) })],
		[path, ...json({ text: "1".repeat(7090) })],
	]),
];

function callGrpc(address, method, message) {
	const client = new QrCodes(address, grpc.credentials.createInsecure());
	return new Promise((resolve) => {
		client[method](message, (error) => {
			client.close();
			resolve(error);
		});
	});
}

describe(`a text that fits no symbol, with --tiers ${tiers}`, () => {
	let running;
	before(async () => {
		const preload = ["--import", "./tests/contract/watch-preload.js"];
		const flags = [...preload, "server/app.js", "--tiers", tiers.join(",")];
		const host = { ...findHost("addon"), flags };
		running = await startHost(host, ["--grpc-port", "0"]);
	});
	after(() => running?.kill());

	test("GET and HEAD /qrcode", () =>
		checkRows(tiers, async (tier) => {
			const target = `/qrcode?tier=${tier}&text=${mixed(longest.head)}`;
			const { status, body } = await request(running.port, target);
			assert.equal(body.toString(), `${tooLong}\n`);
			assert.equal(status, 400);
			const options = { method: "HEAD" };
			const head = await request(running.port, target, options);
			assert.equal(head.status, 400);
		}));

	test("each level by its own capacity", () =>
		checkRows(["L", "M", "Q", "H"], async (ecl) => {
			const digits = Number(/(\d+) digits/.exec(sentences.tooLong[ecl])[1]);
			const ask = (count) =>
				request(running.port, `/qrcode?ecl=${ecl}&text=${"1".repeat(count)}`);
			assert.equal((await ask(digits)).status, 200);
			const { body } = await ask(digits + 1);
			assert.equal(body.toString(), `${sentences.tooLong[ecl]}\n`);
		}));

	test("every POST", () =>
		checkRows(posts, async ([target, type, body]) => {
			const response = await fetch(
				`http://127.0.0.1:${running.port}${target}`,
				{
					method: "POST",
					headers: { "Content-Type": type },
					body,
				},
			);
			const position = target.startsWith("/qrcodes")
				? "Text 1 of the batch: "
				: "";
			assert.equal(await response.text(), `${position}${tooLong}\n`);
			assert.equal(response.status, 400);
		}));

	test("the page's form", async () => {
		const target = `/?text=${mixed(longest.head)}`;
		const { status, body } = await request(running.port, target);
		assert.equal(status, 400);
		assert.ok(body.includes(`role="alert">${tooLong}<`));
	});

	test("gRPC", async () => {
		const [, address] = /grpc on ([\d.]+:\d+)/.exec(running.stdout);
		const text = mixed(longest.body);
		const data = Buffer.from(text);
		for (const [method, message, before] of [
			["Encode", { text }, ""],
			["Encode", { data }, ""],
			["EncodeBatch", { texts: ["a", text] }, "Text 2 of the batch: "],
		]) {
			const { code, details } = await callGrpc(address, method, message);
			assert.equal(details, before + tooLong);
			assert.equal(code, grpc.status.INVALID_ARGUMENT);
		}
	});

	test("no tier has seen it: nothing is logged", () => running.stop());
});
