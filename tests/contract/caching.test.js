// ETag, If-None-Match and Cache-Control.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import {
	describeHosts,
	hosts,
	kindsOfHosts,
	runToExit,
	withHost,
} from "./hosts.js";
import { connect, request } from "./http.js";
import { sentences } from "./refusals.js";

const immutable = "private, max-age=31536000, immutable";

/** ETags by the name of the host, from its first start. */
const etags = new Map();

describeHosts(hosts, (host, server) => {
	let etag;
	let image;
	before(async () => {
		image = await request(server.port, "/qrcode?text=a");
		etag = image.headers.etag;
		etags.set(host.name, etag);
	});

	/** The status that each If-None-Match must lead to. */
	const conditions = () => [
		[[etag], 304],
		[[`W/${etag}`], 304],
		[["*"], 304],
		[[`"other", ${etag}`], 304],
		[[`${etag},"other"`], 304],
		[[`"a,b" ,, W/${etag} , "c"`], 304],
		[['"other"', etag], 304],
		[[etag, '"other"'], 304],
		[['"other"'], 200],
		[['W/"other", "another"'], 200],
		[[etag.slice(1, -1)], 200],
		[[`${etag.slice(0, -1)}x"`], 200],
		[[`"x${etag.slice(1)}`], 200],
		[[""], 200],
		[['"'], 200],
		[["x*"], 200],
	];

	test("the ETag does not depend on the text or the method", async () => {
		for (const query of ["text=b", "text=a&width=300", "text=a&ecl=H"])
			for (const method of ["GET", "HEAD"]) {
				const target = `/qrcode?${query}`;
				const { headers } = await request(server.port, target, { method });
				assert.equal(headers.etag, etag);
			}
	});

	test("If-None-Match", async (t) => {
		const connection = await connect(server.port);
		t.after(() => connection.destroy());
		for (const [values, status] of conditions()) {
			if (host.proxied && values.length > 1) continue; // nginx refuses more than one line
			const headers = values.map((value) => `If-None-Match: ${value}`);
			for (const method of ["GET", "HEAD"]) {
				const response = await connection.request("/qrcode?text=a", {
					method,
					headers,
				});
				assert.equal(response.status, status, headers.join(" | "));
				assert.equal(response.headers.etag, etag);
				assert.equal(response.headers["cache-control"], immutable);
				const body = method === "GET" && status === 200 ? image.body : "";
				assert.deepEqual(response.body, Buffer.from(body));
			}
		}
	});

	test("a 304 says nothing about a body", async () => {
		const { headers } = await request(server.port, "/qrcode?text=a", {
			headers: [`If-None-Match: ${etag}`],
		});
		const length = headers["content-length"];
		assert.ok([undefined, String(image.body.length)].includes(length), length);
		assert.equal(headers["content-type"] ?? "image/png", "image/png");
	});

	test("what would be refused is refused with If-None-Match too", async (t) => {
		const refused = [
			["text=a&width=0", sentences.width],
			["text=", sentences.empty],
			["text=%FF", sentences.utf8],
		];
		if (host.encodes)
			refused.push(
				["text=a&width=28", sentences.tooSmall(28, 29)],
				[`text=${"a".repeat(2954)}`, sentences.tooLong.L],
			);
		const connection = await connect(server.port);
		t.after(() => connection.destroy());
		for (const [query, sentence] of refused)
			for (const value of [etag, "*"]) {
				const response = await connection.request(`/qrcode?${query}`, {
					headers: [`If-None-Match: ${value}`],
				});
				assert.equal(response.status, 400);
				assert.equal(response.body.toString(), `${sentence}\n`);
				assert.equal(response.headers.etag, undefined);
			}
	});
});

describe("across hosts and restarts", () => {
	test("each tier has one ETag of its own", () => {
		const releases = hosts.filter(
			({ sanitized, flags }) => !sanitized && !flags.includes("--engine"),
		);
		const tiers = new Set(releases.map(({ tier }) => tier));
		const etagsOfTiers = new Set(
			releases.map(({ tier, name }) => `${tier} ${etags.get(name)}`),
		);
		const distinct = new Set(releases.map(({ name }) => etags.get(name)));
		assert.equal(etagsOfTiers.size, tiers.size);
		assert.equal(distinct.size, tiers.size);
	});

	for (const host of kindsOfHosts)
		test(`${host.name}: --cache-control, and the same ETag after a restart`, () => {
			const value = "public, max-age=60";
			return withHost(host, ["--cache-control", value], async ({ port }) => {
				const image = await request(port, "/qrcode?text=a");
				assert.equal(image.headers["cache-control"], value);
				assert.equal(image.headers.etag, etags.get(host.name));
				const unchanged = await request(port, "/qrcode?text=a", {
					headers: ["If-None-Match: *"],
				});
				assert.equal(unchanged.status, 304);
				assert.equal(unchanged.headers["cache-control"], value);
				const refusal = await request(port, "/qrcode");
				assert.equal(refusal.headers["cache-control"], "no-store");
			});
		});

	for (const host of kindsOfHosts.filter(({ name }) =>
		["addon", "server"].includes(name),
	))
		test(`${host.name}: a --cache-control that is no header value is refused`, async () => {
			const flags = ["--port", "0", "--cache-control", "a\r\nX-Injected: b"];
			const { code, stdout, stderr } = await runToExit(host, flags);
			assert.equal(code, 2);
			assert.equal(stdout, "");
			assert.match(stderr, /^[^\n]+\n$/);
		});
});
