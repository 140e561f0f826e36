/*
 * Content-Type, Host, Origin and Sec-Fetch-Site: the servers in JavaScript and in C take the same for text, for an own name and for an
 * own page.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { inspectBody, readers } from "../../../server/api/body.js";
import { refusalOfHead } from "../../../server/api/strict-head.js";
import { RequestError } from "../../../server/errors.js";
import {
	canonicalName,
	createHostCheck,
	createSiteCheck,
} from "../../../server/origin.js";
import { Outcomes } from "../outcomes.js";

const mediaTypes = Object.keys(readers);
const allowedHosts = ["qr.example", "[2001:db8::1]"].map(canonicalName);
const isAllowedHost = createHostCheck("127.0.0.1", allowedHosts);
const isOwnSite = createSiteCheck(allowedHosts);

function mediaTypeOf(headers) {
	try {
		return inspectBody(headers, { mediaTypes, maxBytes: 1 }).mediaType;
	} catch (error) {
		if (error instanceof RequestError) return "other";
		throw error;
	}
}

function outcomeOf(fields) {
	const head = { httpVersionMajor: 1, httpVersionMinor: 1 };
	if (refusalOfHead({ ...head, rawHeaders: fields.flat() })) return "malformed";
	const headers = Object.fromEntries(
		fields.map(([name, value]) => [name.toLowerCase(), value]),
	);
	const bit = Number;
	return `type ${mediaTypeOf({ headers })} host ${bit(isAllowedHost(headers))} site ${bit(isOwnSite(headers))}`;
}

const anyOf = (...values) => fc.constantFrom(...values);
/** Visible ASCII with spaces within, as any header may have. */
const junk = fc
	.string({ maxLength: 10 })
	.map((text) => text.replace(/[^\x20-\x7e]/g, "").trim());
const names = anyOf(
	"localhost",
	"LocalHost",
	"a.localhost",
	"localhost.",
	"127.0.0.1",
	"[::1]",
	"[0:0:0:0:0:0:0:1]",
	"qr.example",
	"QR.example.",
	"qr.example.evil",
	"[2001:db8::1]",
	"[2001:DB8:0::1]",
	"[::ffff:127.0.0.1]",
	"192.0.2.1",
	"evil.example",
	"a_b",
	"",
);
const port = anyOf("", "", ":80", ":443", ":42070", ":", ":0", ":123456");
const authority = fc.tuple(names, port).map(([host, end]) => host + end);
const host = fc.oneof({ weight: 8, arbitrary: authority }, junk);
const origin = fc.oneof(
	{
		weight: 8,
		arbitrary: fc
			.tuple(anyOf("http://", "https://", "HTTP://"), authority)
			.map(([scheme, end]) => scheme + end),
	},
	anyOf("null", "http://", "file://a"),
);
const site = anyOf(
	"same-origin",
	"none",
	"cross-site",
	"same-site",
	"None",
	"",
);
const essence = anyOf(
	...mediaTypes,
	"TEXT/Plain",
	"text/html",
	"text/",
	"/plain",
	"text",
	"",
);
const parameter = fc.oneof(
	fc
		.tuple(
			anyOf("charset", "Charset", "a", " charset", "charset "),
			anyOf("utf-8", "UTF-8", '"utf-8"', "latin1", '"a;b"', "", '"'),
		)
		.map((pair) => pair.join("=")),
	junk,
);
const contentType = fc
	.tuple(essence, fc.array(parameter, { maxLength: 3 }), anyOf(";", "; ", " ;"))
	.map(([type, parameters, separator]) =>
		[type, ...parameters].join(separator).trim(),
	);

/** [[name, value], …], each at most once, Host always. */
const head = fc
	.tuple(
		host,
		fc.option(origin, { nil: undefined }),
		fc.option(site, { nil: undefined }),
		fc.option(contentType, { nil: undefined }),
	)
	.map((values) =>
		["Host", "Origin", "Sec-Fetch-Site", "Content-Type"]
			.map((name, i) => [name, values[i]])
			.filter(([, value]) => value !== undefined),
	);

/** Of what no browser sends, the site is read more or less closely. */
function isOfBrowser(fields) {
	const { Host: host, Origin: origin } = Object.fromEntries(fields);
	const inUrl = (text, part) => URL.canParse(text) && new URL(text)[part];
	if (inUrl(`http://${host}`, "host") !== host.toLowerCase()) return false;
	return (
		[undefined, "null"].includes(origin) || inUrl(origin, "origin") === origin
	);
}

const withoutSite = (outcome) => outcome.replace(/ site \d$/, "");

export async function create() {
	const outcomes = new Outcomes();
	return {
		property: fc.asyncProperty(head, async (fields) => {
			const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
			const bytes = Buffer.from(`${lines.join("")}\r\n`);
			const expected = await outcomes.ask("h", bytes);
			const read = isOfBrowser(fields) ? (all) => all : withoutSite;
			assert.equal(read(outcomeOf(fields)), read(expected));
		}),
		close: () => outcomes.close(),
	};
}
