// Which names a server answers to, and which pages may send it something.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
	canonicalName,
	createHostCheck,
	createSiteCheck,
} from "../../server/origin.js";

function checkHosts(isAllowedHost, { allowed, refused }) {
	const judged = [...allowed, ...refused].filter((host) =>
		isAllowedHost({ host }),
	);
	assert.deepEqual(judged, allowed);
}

test("names as URLs write them", () => {
	for (const [text, expected] of [
		["Example.COM", "example.com"],
		["example.com.", "example.com"],
		["my_host-1", "my_host-1"],
		["192.168.1.5", "192.168.1.5"],
		["0:0:0:0:0:0:0:1", "[::1]"],
		["[FE80::0:1]", "[fe80::1]"],
		["", undefined],
		["a b", undefined],
		["a,b", undefined],
		["http://a", undefined],
		["a/b", undefined],
		["user@a", undefined],
		["a:80", undefined],
		["*", undefined],
		["1.2.3.256", undefined],
		["[::1", undefined],
		["[1.2.3.4]", undefined],
		["é.example", undefined], // browsers send xn--9ca.example
	])
		assert.equal(canonicalName(text), expected, text);
});

const loopback = [
	"localhost",
	"localhost:42069",
	"LOCALHOST:1",
	"localhost.",
	"qr.localhost:80",
	"127.0.0.1:65535",
	"127.0.0.1",
	"[::1]",
	"[::1]:42069",
];
const foreign = [
	undefined,
	"",
	":80",
	"evil.example",
	"evil.example:42069",
	"localhost.evil.example",
	"evil-localhost",
	"evillocalhost:1",
	"127.0.0.1.evil.example",
	"127.0.0.1@evil.example",
	"evil.example/localhost",
	"localhost evil",
	"localhost:1:2",
	"localhost:123456",
	"localhost:",
	"localhost,evil.example",
	"[::1].evil.example",
	"[::1",
	"::1",
	"undefined",
	"192.168.1.5:80",
	"[fe80::1]",
	"0.0.0.0",
];

test("on loopback: its names, with any port", () => {
	for (const bind of ["127.0.0.1", "::1", "localhost"])
		checkHosts(createHostCheck(bind), { allowed: loopback, refused: foreign });
});

test("on another address: that one, too", () => {
	checkHosts(createHostCheck("192.168.1.5"), {
		allowed: [...loopback, "192.168.1.5", "192.168.1.5:9464"],
		refused: ["192.168.1.6", "evil.example"],
	});
	checkHosts(createHostCheck("FE80::0:1"), {
		allowed: [...loopback, "[fe80::1]:80", "[fe80:0::1]"],
		refused: ["[fe80::2]", "fe80", "evil.example"],
	});
});

test("on all addresses: any address, but no name", () => {
	for (const bind of ["0.0.0.0", "::", "0:0:0:0:0:0:0:0"])
		checkHosts(createHostCheck(bind), {
			allowed: [...loopback, "192.168.1.5:80", "10.0.0.1", "[fe80::1]:9"],
			refused: ["evil.example", "192.168.1.5.evil.example", "", undefined],
		});
});

test("names that are allowed", () => {
	const names = ["qr.example", "[fe80::1]"];
	checkHosts(createHostCheck("127.0.0.1", names), {
		allowed: [...loopback, "qr.example", "QR.example.:8080", "[fe80::1]:1"],
		refused: ["www.qr.example", "qr.example.org", "192.168.1.5", undefined],
	});
});

const host = "qr.example:8080";

/** [headers, whether they are of this site] */
const requests = [
	[{}, true], // no browser
	[{ "sec-fetch-site": "same-origin" }, true],
	[{ "sec-fetch-site": "none" }, true],
	[{ "sec-fetch-site": "same-origin", origin: "https://public.example" }, true],
	[{ origin: "http://qr.example:8080" }, true],
	[{ origin: "https://qr.example:8080" }, true], // a proxy ends TLS
	[{ "sec-fetch-site": "cross-site" }, false],
	[{ "sec-fetch-site": "same-site" }, false],
	[{ "sec-fetch-site": "" }, false],
	[{ "sec-fetch-site": "cross-site", origin: "http://qr.example:8080" }, false],
	[{ "sec-fetch-site": "same-site", origin: "http://qr.example:81" }, false],
	[{ origin: "http://evil.example" }, false],
	[{ origin: "http://qr.example" }, false],
	[{ origin: "http://qr.example:8081" }, false],
	[{ origin: "http://qr.example:8080.evil.example" }, false],
	[{ origin: "null" }, false],
	[{ origin: "" }, false],
	[{ origin: "http://localhost:8080" }, false],
];

test("pages of this server and of no other", () => {
	const isOwnSite = createSiteCheck();
	for (const [headers, expected] of requests) {
		const shown = JSON.stringify(headers);
		assert.equal(isOwnSite({ host, ...headers }), expected, shown);
	}
	assert.equal(isOwnSite({ origin: "http://evil.example" }), false);
});

test("a default port, which an Origin does not have", () => {
	const isOwnSite = createSiteCheck();
	const judge = (host, origin) => isOwnSite({ host, origin });
	assert.equal(judge("a.example:443", "https://a.example"), true);
	assert.equal(judge("a.example:80", "http://a.example"), true);
	assert.equal(judge("a.example:80", "https://a.example"), false);
	assert.equal(judge("[::1]:8080", "http://[::1]:8080"), true);
});

test("pages of names that are allowed, whatever Host a proxy passes on", () => {
	const isOwnSite = createSiteCheck(["public.example"]);
	const judge = (headers) => isOwnSite({ host: "127.0.0.1:42069", ...headers });
	for (const origin of [
		"https://public.example",
		"http://public.example:81",
		"https://public.example.",
	]) {
		assert.equal(judge({ origin }), true);
		assert.equal(judge({ origin, "sec-fetch-site": "cross-site" }), true);
	}
	for (const origin of ["https://evil.example", "https://a.public.example"])
		assert.equal(judge({ origin }), false);
});
