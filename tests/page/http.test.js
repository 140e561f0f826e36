// The page as any HTTP client sees it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeQrCode } from "../../bench/subjects/decode.js";
import { checkRows, findHost, startHost, withHost } from "../contract/hosts.js";
import { connect, request } from "../contract/http.js";
import { sentences } from "../contract/refusals.js";
import { hostWith } from "./browser.js";

const assets = new URL("../../server/page/assets/", import.meta.url);

const foreignHosts = ["evil.example", "localhost.evil.example:80", "10.0.0.1"];
const foreignSites = [
	["Origin: http://evil.example"],
	["Origin: http://localhost:1"],
	["Origin: null"],
	["Sec-Fetch-Site: cross-site"],
	["Sec-Fetch-Site: same-site", "Origin: http://localhost"],
];

const unescapeHtml = (source) =>
	source
		.replaceAll("&lt;", "<")
		.replaceAll("&gt;", ">")
		.replaceAll("&quot;", '"')
		.replaceAll("&#39;", "'")
		.replaceAll("&amp;", "&");

const imagesOf = (html) =>
	[...html.matchAll(/<img src="(\/qrcode[^"]*)"/g)].map(([, path]) =>
		unescapeHtml(path),
	);
const alertOf = (html) =>
	unescapeHtml(/role="alert">([^<]*)</.exec(html)?.[1] ?? "no alert");
const textOf = (html) =>
	unescapeHtml(/<textarea[^>]*>\n([^<]*)</.exec(html)?.[1] ?? "no text");

const attacks = [
	`"><script>alert(1)</script>`,
	`</textarea><img src=x onerror=alert(1)>`,
	`'"\`&<>\${1}`,
	`'; touch hacked; '`,
	"\n\nlines\r\nand \u2028 \u202e more",
	"&lt;b&gt;&amp;amp;",
];

describe("the page of js-best and addon", () => {
	let running;
	before(async () => {
		running = await startHost(hostWith("js-best,addon"));
	});
	after(() => running?.kill());

	const ask = (target, options) => request(running.port, target, options);
	const url = (path) => `http://127.0.0.1:${running.port}${path}`;
	const page = async (query = "", status = 200) => {
		const response = await ask(`/${query}`);
		assert.equal(response.status, status);
		return response.body.toString();
	};
	const post = (path, body, options) =>
		fetch(url(path), {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify(body),
			...options,
		});

	async function assertShown(html, text, options) {
		assert.equal(textOf(html), text);
		const images = imagesOf(html);
		assert.equal(images.length, 2);
		for (const path of images) {
			const { status, body } = await ask(path);
			assert.equal(status, 200, path);
			const { bytes, level } = await decodeQrCode(body);
			assert.equal(bytes.toString(), text);
			assert.equal(level, options.ecl);
			assert.equal(body.readUInt32BE(16), options.width);
		}
	}

	test("its headers", async () => {
		const { headers } = await ask("/");
		assert.equal(headers["content-type"], "text/html; charset=utf-8");
		assert.equal(headers["x-content-type-options"], "nosniff");
		assert.equal(headers["referrer-policy"], "no-referrer");
		assert.equal(headers["cache-control"], "private, no-cache");
		const policy = headers["content-security-policy"];
		assert.match(policy, /^default-src 'none'; /);
		assert.match(policy, /base-uri 'none'; frame-ancestors 'none'/);
		assert.doesNotMatch(policy, /unsafe|\*|data:|https?:/);
	});

	test("HEAD, other methods and bodies", async (t) => {
		const connection = await connect(running.port);
		t.after(() => connection.destroy());
		for (const path of ["/", "/page/style.css"]) {
			const get = await connection.request(path);
			const head = await connection.request(path, { method: "HEAD" });
			delete get.headers.date;
			delete head.headers.date;
			assert.deepEqual(head.headers, get.headers);
			const { status, headers } = await ask(path, { method: "POST" });
			assert.equal(status, 405);
			assert.equal(headers.allow, "GET, HEAD");
			const withBody = { headers: ["Content-Length: 5"] };
			assert.equal((await ask(path, withBody)).status, 400);
		}
		for (const path of ["/race", "/times"]) {
			const { status, headers } = await ask(path);
			assert.equal(status, 405);
			assert.equal(headers.allow, "POST");
		}
	});

	test("every asset, revalidated", async () => {
		const html = await page();
		for (const name of readdirSync(assets)) {
			const { status, headers, body } = await ask(`/page/${name}`);
			assert.equal(status, 200);
			assert.equal(
				Buffer.compare(body, readFileSync(new URL(name, assets))),
				0,
			);
			assert.equal(headers["cache-control"], "no-cache");
			assert.equal(headers["x-content-type-options"], "nosniff");
			const again = await ask(`/page/${name}`, {
				headers: [`If-None-Match: ${headers.etag}`],
			});
			assert.equal(again.status, 304);
		}
		for (const [, path] of html.matchAll(/(?:href|src)="(\/[^"?]*)"/g))
			assert.equal((await ask(path)).status, 200, path);
	});

	test("nothing comes from elsewhere, and nothing is inline", async () => {
		const html = await page();
		const sources = [
			html,
			...readdirSync(assets).map((name) =>
				readFileSync(new URL(name, assets), "utf8"),
			),
		];
		for (const source of sources)
			assert.doesNotMatch(
				source.replaceAll("http://www.w3.org/2000/svg", ""),
				/(src|href|import|url)\W{1,3}(https?:)?\/\//,
			);
		assert.doesNotMatch(
			html,
			/<style|style=|<script(?! type="module" src=)|\son\w+=/,
		);
	});

	test("no way out of the assets", () =>
		checkRows(
			["", "..", "../page.js", "%2e%2e/page.js", "..%2fpage.js", "nothing.js"],
			async (name) => {
				const { status, body } = await ask(`/page/${name}`);
				assert.equal(status, 404);
				assert.equal(body.toString(), `${sentences.notFound}\n`);
			},
		));

	test("a form without JavaScript", async () => {
		await assertShown(await page(), "https://example.com/", {
			ecl: "L",
			width: 200,
		});
		const query = "?text=caf%C3%A9+%26+more&ecl=H&width=333&margin=2";
		await assertShown(await page(`${query}&engine=reference`), "café & more", {
			ecl: "H",
			width: 333,
		});
	});

	test("empty fields have their defaults, other parameters no meaning", async () => {
		const html = await page("?utm=x&text=a&ecl=&width=&margin=&engine=");
		await assertShown(html, "a", { ecl: "L", width: 200 });
	});

	test("hostile texts stay texts", () =>
		checkRows(attacks, async (text) => {
			const html = await page(`?${new URLSearchParams({ text })}`);
			assert.doesNotMatch(html, /<img src=x|<script>|<b>/);
			const shown = text.replaceAll("\r\n", "\n");
			await assertShown(html, shown, { ecl: "L", width: 200 });
		}));

	test("hostile values of other fields, and a hostile Host", async () => {
		for (const name of ["ecl", "width", "margin", "engine"]) {
			const value = `"><script>alert(1)</script>`;
			const query = new URLSearchParams({ text: "a", [name]: value });
			const html = await page(`?${query}`, 400);
			assert.doesNotMatch(html, /<script>/);
			assert.match(alertOf(html), new RegExp(`^${name} must be `));
		}
		const socket = await connect(running.port);
		await socket.send(
			"GET / HTTP/1.1\r\nHost: a';touch hacked;'<b>\r\nConnection: close\r\n\r\n",
		);
		const { body } = await socket.read();
		socket.destroy();
		assert.doesNotMatch(body.toString(), /hacked|<b>/);
	});

	test("what can't be made is said in the words of /qrcode", () =>
		checkRows(
			[
				["?text=", sentences.empty],
				["?text=a&ecl=X", sentences.ecl],
				["?text=a&width=0", sentences.width],
				["?text=a&width=20", sentences.tooSmall(20, 29)],
				[`?text=${"a".repeat(2954)}`, sentences.tooLong.L],
			],
			async ([query, sentence]) => {
				const html = await page(query, 400);
				assert.equal(alertOf(html), sentence);
				assert.deepEqual(imagesOf(html), []);
			},
		));

	test("times and sizes", async () => {
		const response = await post("/times", { text: "hello" });
		assert.equal(response.headers.get("cache-control"), "no-store");
		const times = await response.json();
		assert.deepEqual(
			times.map(({ tier }) => tier),
			["js-best", "addon"],
		);
		for (const { tier, ms, bytes } of times) {
			assert.ok(ms > 0);
			const image = await ask(`/qrcode?text=hello&tier=${tier}`);
			assert.equal(bytes, image.body.length);
		}
	});

	test("times and races are refused what /qrcode is, and all but JSON", async () => {
		for (const path of ["/times", "/race"]) {
			const refused = async (body, status, sentence, options) => {
				const response = await post(path, body, options);
				assert.match(await response.text(), sentence);
				assert.equal(response.status, status);
			};
			await refused({ text: "" }, 400, /^The text is empty/);
			await refused({ text: "a", width: 20 }, 400, /too small/);
			await refused({ text: "a", engine: "x" }, 400, /^engine must be/);
			await refused({ text: "a", tier: "addon" }, 400, /^Unknown member/);
			await refused([], 400, /^The body must be a JSON object/);
			const plain = { headers: { "Content-Type": "text/plain" } };
			await refused({ text: "a" }, 415, /^Content-Type must be/, plain);
			const form = { body: new URLSearchParams("text=a"), headers: {} };
			await refused(undefined, 415, /^Content-Type must be/, form);
			const preflight = await ask(path, { method: "OPTIONS" });
			assert.equal(preflight.status, 405);
			assert.equal(preflight.headers["access-control-allow-origin"], undefined);
		}
	});

	test("under names that are not this server's it tells and does nothing", () =>
		checkRows(
			["/", "/page/main.js", "/report", "/times", "/race"].flatMap((path) =>
				foreignHosts.map((host) => [path, host]),
			),
			async ([path, host]) => {
				for (const method of ["GET", "HEAD", "POST"]) {
					const { status, body } = await ask(path, { method, host });
					assert.equal(status, 403);
					const said = method === "HEAD" ? "" : `${sentences.host}\n`;
					assert.equal(body.toString(), said);
				}
			},
		));

	test("localhost has several names, and any port", () =>
		checkRows(
			["localhost", "qr.localhost:1", "127.0.0.1:80", "[::1]:42069"],
			async (host) => {
				const { status, body } = await ask("/", { host });
				assert.equal(status, 200);
				assert.ok(body.includes(`http://${host}/qrcode`));
			},
		));

	test("what is served to all is served under any name", async () => {
		for (const path of ["/qrcode?text=a", "/healthz"])
			assert.equal((await ask(path, { host: "evil.example" })).status, 200);
	});

	test("pages of other sites can't start a race, or have times taken", () =>
		checkRows(
			["/times", "/race"].flatMap((path) =>
				foreignSites.map((headers) => [path, headers]),
			),
			async ([path, headers]) => {
				const type = "Content-Type: application/json";
				const { status, body } = await ask(path, {
					method: "POST",
					headers: [type, ...headers],
				});
				assert.equal(body.toString(), `${sentences.site}\n`);
				assert.equal(status, 403);
			},
		));

	test("its own page may", async () => {
		const json = { "Content-Type": "application/json" };
		for (const headers of [
			{ ...json, Origin: url("") },
			{ ...json, Origin: url(""), "Sec-Fetch-Site": "same-origin" },
		]) {
			const response = await post("/times", { text: "a" }, { headers });
			assert.equal(response.status, 200);
		}
	});

	/** A race, and what else was asked for while it went on; that needs several races where everything is slow. */
	async function raceAndAskMeanwhile() {
		for (;;) {
			const body = { text: "hello", width: 300 };
			const response = await untilStarted(() => post("/race", body));
			let raceEnded = false;
			const text = response.text().then((all) => {
				raceEnded = true;
				return all;
			});
			const [second, image] = await Promise.all([
				post("/race", { text: "hello" }),
				ask("/qrcode?text=meanwhile"),
			]);
			const refusal = await second.text();
			if (raceEnded) continue;
			return { response, second, refusal, image, text: await text };
		}
	}

	test("a race goes through every tier, one at a time, while others are served", async () => {
		const { response, second, refusal, image, text } =
			await raceAndAskMeanwhile();
		assert.equal(response.headers.get("cache-control"), "no-store");
		assert.equal(second.status, 503);
		assert.match(refusal, /^A race is running/);
		assert.match(second.headers.get("retry-after"), /^\d+$/);
		assert.equal(image.status, 200);

		const lines = text.trim().split("\n").map(JSON.parse);
		const done = lines.filter((line) => line.done);
		assert.deepEqual(
			done.map(({ tier }) => tier),
			["js-best", "addon"],
		);
		for (const { images, ms } of done) {
			assert.ok(images > 0);
			assert.ok(ms > 0);
		}
		// At the start and after each of four turns, at least.
		assert.ok(lines.length >= 10, "lines while it goes on");
	});

	test("a race whose client goes away makes room for the next", async () => {
		const client = new AbortController();
		const { signal } = client;
		const left = await untilStarted(() =>
			post("/race", { text: "a" }, { signal }),
		);
		client.abort();
		await assert.rejects(left.text());
		const next = await untilStarted(() => post("/race", { text: "a" }));
		await next.body.cancel();
	});

	test("it ends cleanly, with nothing logged", () => running.stop());
});

/** A race needs the one before to be over, and its rest. */
async function untilStarted(start) {
	for (;;) {
		const response = await start();
		if (response.status === 200) return response;
		assert.equal(response.status, 503);
		await sleep(100);
	}
}

test("a host that is stopped ends its race", () =>
	withHost(hostWith("js-best,addon"), [], async (running) => {
		const response = await fetch(`http://127.0.0.1:${running.port}/race`, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: '{"text":"a"}',
		});
		running.child.kill("SIGTERM");
		const [first] = (await response.text()).split("\n");
		assert.deepEqual(JSON.parse(first), { tier: "js-best", images: 0, ms: 0 });
		await running.finished();
	}));

test("a host with a single tier has the page, too", () =>
	withHost(findHost("js-best"), [], async ({ port }) => {
		const { status, body } = await request(port, "/?text=a&ecl=M");
		assert.equal(status, 200);
		const [path, ...others] = imagesOf(body.toString());
		assert.deepEqual(others, []);
		assert.equal((await request(port, path)).status, 200);
		const refused = await request(port, "/?text=a&engine=fast");
		assert.equal(refused.status, 400);
		const response = await fetch(`http://127.0.0.1:${port}/race`, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: '{"text":"a"}',
		});
		assert.match(await response.text(), /"done":true/);
	}));

test("a tier that encodes nothing is no code to show", () =>
	withHost(hostWith("constant,js-best"), [], async ({ port }) => {
		const { body } = await request(port, "/");
		const [path, ...others] = imagesOf(body.toString());
		assert.match(path, /&tier=js-best$/);
		assert.deepEqual(others, []);
	}));

test("--allowed-hosts names those that it is asked under, too", () => {
	const flags = ["--allowed-hosts", "QR.example,fd00::1"];
	return withHost(findHost("js-best"), flags, async ({ port }) => {
		for (const host of ["qr.example", "qr.example:8080", "[fd00::1]"])
			assert.equal((await request(port, "/", { host })).status, 200, host);
		for (const host of ["www.qr.example", "evil.example", "[fd00::2]"])
			assert.equal((await request(port, "/", { host })).status, 403, host);
		// A proxy may pass on another Host than people see.
		const sent = { method: "POST", headers: ["Origin: https://qr.example"] };
		assert.equal((await request(port, "/times", sent)).status, 415);
	});
});

test("through nginx: the page, its address, and its own POSTs", () =>
	withHost(findHost("server-nginx"), [], async ({ port }) => {
		const host = `127.0.0.1:${port}`;
		const { status, body } = await request(port, "/", { host });
		assert.equal(status, 200);
		assert.ok(body.includes(`http://${host}/qrcode`));
		const foreign = await request(port, "/", { host: "evil.example" });
		assert.equal(foreign.status, 403);
		for (const path of ["/times", "/qrcode"]) {
			const send = (origin) =>
				fetch(`http://${host}${path}`, {
					method: "POST",
					headers: { "Content-Type": "application/json", Origin: origin },
					body: '{"text":"a"}',
				});
			assert.equal((await send(`http://${host}`)).status, 200);
			assert.equal((await send("http://evil.example")).status, 403);
		}
	}));

test("--no-page leaves it out", () =>
	withHost(findHost("addon"), ["--no-page"], async ({ port }) => {
		for (const path of ["/", "/page/main.js", "/race", "/times", "/report"])
			for (const method of ["GET", "POST"]) {
				const { status, body } = await request(port, path, { method });
				assert.equal(status, 404);
				assert.equal(body.toString(), `${sentences.notFound}\n`);
			}
		assert.equal((await request(port, "/qrcode?text=a")).status, 200);
	}));
