// Every request that must be refused, with the same words from every host.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkRows, describeHosts, hosts, withHost } from "./hosts.js";
import { connect, request } from "./http.js";
import { refusedQueries, refusedRequests, sentences } from "./refusals.js";

/** Headers that say something about the connection or the moment, not about the response. */
const incidental = ["date", "connection", "keep-alive", "server"];

function relevant(headers) {
	return Object.fromEntries(
		Object.entries(headers).filter(([name]) => !incidental.includes(name)),
	);
}

function assertRefused(response, status, sentence, { method, allow } = {}) {
	const body = `${sentence}\n`;
	assert.equal(response.status, status);
	assert.equal(response.body.toString(), method === "HEAD" ? "" : body);
	assert.deepEqual(relevant(response.headers), {
		"content-type": "text/plain; charset=utf-8",
		"content-length": String(Buffer.byteLength(body)),
		"cache-control": "no-store",
		"x-content-type-options": "nosniff",
		...(allow && { allow }),
	});
	assert.notEqual(response.headers.connection, "close");
}

/** The constant tier never looks at the text, so it cannot know how much room that takes. */
function rowsFor(host) {
	const needsEncoding = /does not fit|is too small/;
	return refusedQueries.filter(
		([, sentence]) => host.encodes || !needsEncoding.test(sentence),
	);
}

describeHosts(hosts, (host, server) => {
	for (const method of ["GET", "HEAD"])
		test(`${method}: every refused query, on one connection`, async (t) => {
			const connection = await connect(server.port);
			t.after(() => connection.destroy());
			await checkRows(rowsFor(host), async ([query, sentence]) => {
				const response = await connection.request(`/qrcode?${query}`, {
					method,
				});
				assertRefused(response, 400, sentence, { method });
			});
		});

	test("a query that is missing with its question mark", async () => {
		const response = await request(server.port, "/qrcode");
		assertRefused(response, 400, sentences.missing);
	});

	test("every refused method and path, on one connection", async (t) => {
		const connection = await connect(server.port);
		t.after(() => connection.destroy());
		await checkRows(
			refusedRequests(host),
			async ([method, target, status, sentence, allow]) => {
				const response = await connection.request(target, { method });
				assertRefused(response, status, sentence, { method, allow });
			},
		);
		const response = await connection.request("/nothing", { method: "HEAD" });
		assertRefused(response, 404, sentences.notFound, { method: "HEAD" });
	});

	test("a number of more than nine digits", async () => {
		for (const name of ["width", "margin"]) {
			const target = `/qrcode?text=a&${name}=0000000001`;
			const response = await request(server.port, target);
			assertRefused(response, 400, sentences[name]);
		}
	});

	test("a refusal is not about what came before", async (t) => {
		const connection = await connect(server.port);
		t.after(() => connection.destroy());
		const image = await connection.request("/qrcode?text=a");
		const refusal = await connection.request("/qrcode?text=a&width=0");
		const again = await connection.request("/qrcode?text=a");
		assert.equal(image.status, 200);
		assertRefused(refusal, 400, sentences.width);
		assert.deepEqual(again.body, image.body);
	});
});

const withMaxWidth = hosts.filter(({ tier }) =>
	["js-best", "server"].includes(tier),
);
for (const host of withMaxWidth)
	test(`${host.name}: --max-width sets the limit and its sentence`, () =>
		withHost(host, ["--max-width", "300"], async ({ port }) => {
			const ask = (width) => request(port, `/qrcode?text=a&width=${width}`);
			assert.equal((await ask(300)).status, 200);
			const sentence = "width must be a whole number from 1 to 300.";
			assertRefused(await ask(301), 400, sentence);
		}));
