// --tiers: an Express host that lets each request choose its tier and engine.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { decodeQrCode } from "../../bench/subjects/decode.js";
import { engines } from "../../lib/index.js";
import { findHost, startHost, withHost } from "./hosts.js";
import { connect, request } from "./http.js";
import { sentences } from "./refusals.js";

const addon = findHost("addon");
const host = { ...addon, flags: ["server/app.js", "--tiers", "addon,js-best"] };

describe("--tiers addon,js-best", () => {
	let running;
	before(async () => {
		running = await startHost(host);
	});
	after(() => running?.kill());

	const ask = (query) => request(running.port, `/qrcode?${query}`);

	async function assertRefused(query, sentence) {
		const { status, body } = await ask(query);
		assert.equal(body.toString(), `${sentence}\n`);
		assert.equal(status, 400);
	}

	test("every tier answers with its own image and ETag", async () => {
		const byDefault = await ask("text=hello");
		const etags = new Map();
		for (const tier of ["addon", "js-best"]) {
			const { status, headers, body } = await ask(`text=hello&tier=${tier}`);
			assert.equal(status, 200);
			assert.equal((await decodeQrCode(body)).bytes.toString(), "hello");
			etags.set(tier, headers.etag);
		}
		assert.equal(byDefault.headers.etag, etags.get("addon"));
		assert.notEqual(etags.get("js-best"), etags.get("addon"));
	});

	test("the ETag is that of a host with this tier alone", async () => {
		for (const tier of ["addon", "js-best"])
			await withHost(findHost(tier), [], async ({ port }) => {
				const alone = await request(port, "/qrcode?text=a");
				const swapped = await ask(`text=a&tier=${tier}`);
				assert.equal(swapped.headers.etag, alone.headers.etag);
				assert.deepEqual(swapped.body, alone.body);
			});
	});

	test("engines", async () => {
		for (const engine of engines)
			assert.equal((await ask(`text=a&engine=${engine}`)).status, 200);
		const { status, body } = await ask("text=a&engine=none");
		assert.equal(status, 400);
		assert.match(body.toString(), /^engine must be .+\.\n$/);
		const without = await ask("text=a&tier=js-best&engine=none");
		assert.equal(without.status, 400);
		assert.match(without.body.toString(), /^The tier js-best has no engines/);
	});

	test("what is refused", async () => {
		await assertRefused("tier=addon", sentences.missing);
		await assertRefused("text=a&tier=js&tier=js", sentences.repeated("tier"));
		for (const tier of ["js", "", "addon%00", "constructor", "..%2Fapp"]) {
			const { status, body } = await ask(`text=a&tier=${tier}`);
			assert.equal(status, 400);
			assert.match(
				body.toString(),
				/^tier must be .*\baddon\b.*js-best.*\.\n$/,
			);
		}
		const { body } = await ask("text=a&colour=red");
		assert.match(body.toString(), /^Unknown parameter: .*\btier\b.*\.\n$/);
	});

	test("tiers take turns on one connection", async (t) => {
		const connection = await connect(running.port);
		t.after(() => connection.destroy());
		for (const tier of ["addon", "js-best", "addon", "js-best"]) {
			const target = `/qrcode?text=${tier}&tier=${tier}`;
			const { body } = await connection.request(target);
			assert.equal((await decodeQrCode(body)).bytes.toString(), tier);
		}
	});

	test("it ends cleanly", () => running.stop());
});
