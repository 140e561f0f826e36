// Raw requests, one row a case, and what RFC 9110 and 9112 have a server make of them.

const get = (target = "/qrcode?text=a", version = "HTTP/1.1") =>
	`GET ${target} ${version}\r\n`;
/** A whole request with these header lines after Host. */
const withFields = (...lines) =>
	`${get()}Host: a\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`;
const withHosts = (...lines) =>
	`${get()}${lines.map((line) => `${line}\r\n`).join("")}\r\n`;
const whole = withFields();
const withTarget = (target) => `${get(target)}Host: a\r\n\r\n`;
const withLine = (line) => `${line}\r\nHost: a\r\n\r\n`;
const method = (name, target) =>
	`${name} ${target ?? "/qrcode?text=a"} HTTP/1.1\r\nHost: a\r\n\r\n`;
/** A POST of a text. */
const posted = (fields, body) =>
	`POST /qrcode HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n${fields}\r\n\r\n${body}`;
const inChunks = (body) => posted("Transfer-Encoding: chunked", body);
const many = (count, of) => Array.from({ length: count }, of);

/**
 * [what, bytes, outcome in C, { express, nginx, ends }]
 * An outcome: the statuses, in order, then whether the connection is "open" or "closed" afterwards.
 * express, nginx: where their parsers have other words, or let through what C does not; "refused" stands for any one refusal, "any" for
 * whole answers whatever they are, "skip" for what is none of HTTP/1.
 * ends: the client closes its side after the bytes.
 */
const open = (...statuses) => [...statuses, "open"];
const closed = (...statuses) => [...statuses, "closed"];
const refused = "refused";
/** What nginx repairs, or does not mind. */
const nginxTakes = { express: refused, nginx: open(200) };

const nginxChunks = new Set([
	"a space after the size",
	"a tab after the size",
	"LF after the size",
	"LF after the data",
	"LF after the last size",
	"LF at the end",
	"NUL in an extension",
	"a trailer without a colon",
	"a trailer that goes on",
	"a trailer without a name",
	"LF after a trailer",
]);

export const sections = {
	// RFC 9112, 6: Message Body; 6.3: Message Body Length
	framing: [
		["Content-Length: 0", withFields("Content-Length: 0"), open(200)],
		[
			"Content-Length: 000",
			withFields("Content-Length: 000"),
			open(200),
			{ express: open(200) },
		],
		["a length without a number", withFields("Content-Length:"), closed(400)],
		["a length of a space", withFields("Content-Length:  "), closed(400)],
		...[
			"0x0",
			"-0",
			"+0",
			"0, 0",
			"0,0",
			"0 0",
			"1e1",
			"0.0",
			"0x5",
			"-1",
			"5x",
			"x",
			'"0"',
			"0;0",
			"٠",
		].map((value) => [
			`Content-Length: ${value}`,
			Buffer.from(withFields(`Content-Length: ${value}`)).toString("latin1"),
			closed(400),
		]),
		[
			"a length of 20 digits",
			withFields("Content-Length: 99999999999999999999"),
			closed(400),
			{ nginx: closed(400) },
		],
		[
			"a length of 2^64",
			withFields("Content-Length: 18446744073709551616"),
			closed(400),
		],
		[
			"two equal lengths",
			withFields("Content-Length: 0", "Content-Length: 0"),
			closed(400),
		],
		[
			"two lengths",
			`${withFields("Content-Length: 0", "Content-Length: 5")}hello`,
			closed(400),
		],
		[
			"length before coding",
			withFields("Content-Length: 0", "Transfer-Encoding: chunked") +
				"0\r\n\r\n",
			closed(400),
		],
		[
			"coding before length",
			withFields("Transfer-Encoding: chunked", "Content-Length: 5") +
				"0\r\n\r\n",
			closed(400),
		],
		[
			"two codings",
			withFields("Transfer-Encoding: chunked", "Transfer-Encoding: chunked") +
				"0\r\n\r\n",
			closed(400),
		],
		[
			"chunked",
			`${withFields("Transfer-Encoding: chunked")}0\r\n\r\n`,
			closed(400),
			{ nginx: open(200) },
		],
		[
			"CHUNKED",
			`${withFields("Transfer-Encoding: CHUNKED")}0\r\n\r\n`,
			closed(400),
			{ nginx: open(200) },
		],
		[
			"a body by its length",
			`${withFields("Content-Length: 5")}hello`,
			closed(400),
			{ nginx: open(400) },
		],
		[
			"a body that looks like a request",
			withFields(`Content-Length: ${whole.length}`) + whole,
			closed(400),
			{ nginx: open(400) },
		],
		[
			"a chunked body that looks like a request",
			withFields("Transfer-Encoding: chunked") +
				`${whole.length.toString(16)}\r\n${whole}\r\n0\r\n\r\n`,
			closed(400),
			{ nginx: open(400) },
		],
		[
			"POST with a body elsewhere",
			`POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: ${whole.length}\r\n\r\n${whole}`,
			closed(404),
			{ express: open(404), nginx: open(404) },
		],
		[
			"a coding with HTTP/1.0",
			`${get(undefined, "HTTP/1.0")}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
			closed(400),
		],
	],
	// RFC 9112, 6.2 and 7.1: bodies by their length and in chunks, and that the next request begins where they end
	bodies: [
		["by its length", posted("Content-Length: 5", "hello"), open(200)],
		["a length with zeros", posted("Content-Length: 0005", "hello"), open(200)],
		["empty", posted("Content-Length: 0", ""), open(400)],
		["without a length", posted("X: b", ""), open(400)],
		[
			"that looks like a request",
			posted(`Content-Length: ${whole.length}`, whole),
			open(200),
		],
		[
			"in chunks that look like a request",
			inChunks(`${whole.length.toString(16)}\r\n${whole}\r\n0\r\n\r\n`),
			open(200),
		],
		["one chunk", inChunks("5\r\nhello\r\n0\r\n\r\n"), open(200)],
		[
			"three chunks",
			inChunks("1\r\nh\r\n3\r\nell\r\n1\r\no\r\n0\r\n\r\n"),
			open(200),
		],
		["no chunk", inChunks("0\r\n\r\n"), open(400)],
		["zeros", inChunks("0005\r\nhello\r\n000\r\n\r\n"), open(200)],
		[
			"hexadecimal digits in both cases",
			inChunks(
				`1a\r\n${"x".repeat(26)}\r\n0B\r\n${"y".repeat(11)}\r\n0\r\n\r\n`,
			),
			open(200),
		],
		[
			"an extension",
			inChunks('5;a=b;c="d e";f\r\nhello\r\n0;g\r\n\r\n'),
			open(200),
		],
		[
			"a trailer",
			inChunks("5\r\nhello\r\n0\r\nX: b\r\nY: c\r\n\r\n"),
			open(200),
		],
		...[
			["a space after the size", "5 \r\nhello\r\n0\r\n\r\n"],
			["a space before the size", " 5\r\nhello\r\n0\r\n\r\n"],
			["a tab after the size", "5\t\r\nhello\r\n0\r\n\r\n"],
			["LF after the size", "5\nhello\r\n0\r\n\r\n"],
			["CR after the size", "5\rhello\r\n0\r\n\r\n"],
			["LF after the data", "5\r\nhello\n0\r\n\r\n"],
			["nothing after the data", "5\r\nhello0\r\n\r\n"],
			["more data than its size", "5\r\nhello, world\r\n0\r\n\r\n"],
			["LF after the last size", "5\r\nhello\r\n0\n\r\n"],
			["LF at the end", "5\r\nhello\r\n0\r\n\n"],
			["no size", "\r\nhello\r\n0\r\n\r\n"],
			["an extension without a size", ";a\r\nhello\r\n0\r\n\r\n"],
			["a size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"],
			["a size with a sign", "+5\r\nhello\r\n0\r\n\r\n"],
			["a negative size", "-5\r\nhello\r\n0\r\n\r\n"],
			["a size that is no number", "g\r\nhello\r\n0\r\n\r\n"],
			["a size of 2^64", "10000000000000000\r\nhello\r\n0\r\n\r\n"],
			["a size of 2^64 + 5", "10000000000000005\r\nhello\r\n0\r\n\r\n"],
			["a size of 2^60", "1000000000000000\r\nhello\r\n0\r\n\r\n"],
			["LF in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"],
			["CR in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"],
			["NUL in an extension", "5;a\0\r\nhello\r\n0\r\n\r\n"],
			["a trailer without a colon", "5\r\nhello\r\n0\r\nX\r\n\r\n"],
			["a trailer that goes on", "5\r\nhello\r\n0\r\nX: b\r\n c\r\n\r\n"],
			["a trailer without a name", "5\r\nhello\r\n0\r\n: b\r\n\r\n"],
			["LF after a trailer", "5\r\nhello\r\n0\r\nX: b\n\r\n"],
			["CR in a trailer", "5\r\nhello\r\n0\r\nX: b\rc\r\n\r\n"],
		].map(([what, body]) => [
			what,
			inChunks(body),
			closed(400),
			{ nginx: nginxChunks.has(what) ? open(200) : refused },
		]),
		[
			"a trailer of 17 KB",
			inChunks(`5\r\nhello\r\n0\r\nX: ${"b".repeat(17_000)}\r\n\r\n`),
			closed(431),
			{ nginx: open(200) },
		],
		[
			"extensions of 17 KB",
			inChunks(`5;${"a".repeat(17_000)}\r\nhello\r\n0\r\n\r\n`),
			closed(431),
			{ nginx: open(200) },
		],
		[
			"with HTTP/1.0",
			posted("Content-Length: 5", "hello").replace("/1.1", "/1.0"),
			closed(200),
		],
		[
			"requests after bodies",
			posted("Content-Length: 5", "hell\n") +
				whole +
				inChunks("5\r\nhello\r\n0\r\n\r\n") +
				whole,
			open(200, 200, 200, 200),
		],
		[
			"an empty line after a body",
			`${posted("Content-Length: 5", "hello")}\r\n${whole}`,
			open(200, 200),
		],
		[
			"that is too large",
			posted("Content-Length: 65537", "hello"),
			closed(413),
			{ nginx: "skip" },
		],
		[
			"that is not read",
			posted("Content-Length: 5", "hello").replace("plain", "html") + whole,
			closed(415),
			{ nginx: open(415, 200) },
		],
		[
			"two lengths",
			posted("Content-Length: 5\r\nContent-Length: 5", "hello"),
			closed(400),
		],
		[
			"a length and chunks",
			posted("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
			closed(400),
		],
		[
			"cut off",
			posted("Content-Length: 5", "hell"),
			closed(400),
			{ ends: true, nginx: "any" },
		],
		[
			"cut off before its end",
			inChunks("5\r\nhello\r\n0\r\n"),
			closed(400),
			{ ends: true, nginx: "any" },
		],
		[
			"cut off before it began",
			posted("Content-Length: 5", ""),
			closed(400),
			{ ends: true, nginx: "any" },
		],
		[
			"whose client closes its side",
			posted("Content-Length: 5", "hello"),
			closed(200),
			{ ends: true, nginx: "any" },
		],
	],
	// RFC 9112, 6.1: codings that the server does not know get 501; 6.3: 400 where chunked is not the last
	codings: [
		...["gzip, chunked", "gzip,chunked", "deflate, gzip, CHUNKED"].map(
			(value) => [
				`Transfer-Encoding: ${value}`,
				withFields(`Transfer-Encoding: ${value}`),
				closed(501),
				{ express: refused, nginx: refused },
			],
		),
		...[
			"",
			"gzip",
			"identity",
			"xchunked",
			"chunkedx",
			"chunked, chunked",
			"chunked, identity",
			"chunked, gzip, chunked",
			"chunked;q=1",
			"chunked,",
			", chunked",
		].map((value) => [
			`Transfer-Encoding: ${value}`,
			withFields(`Transfer-Encoding: ${value}`),
			closed(400),
		]),
	],
	// RFC 9112, 2.2: Message Parsing; 5: Field Syntax
	"line ends": [
		["CR LF", whole, open(200)],
		["an empty line before", `\r\n${whole}`, open(200)],
		["empty lines before", `\r\n\r\n\r\n${whole}`, open(200)],
		[
			"bare LF before",
			`\n${whole}`,
			closed(400),
			{ express: open(200), nginx: open(200) },
		],
		[
			"bare CR before",
			`\r${whole}`,
			closed(400),
			{ express: open(200), nginx: open(200) },
		],
		["bare LF throughout", whole.replaceAll("\r", ""), closed(400), nginxTakes],
		[
			"bare CR throughout",
			whole.replaceAll("\n", ""),
			closed(400),
			{ ends: true },
		],
		[
			"bare LF after the request line",
			whole.replace("\r\n", "\n"),
			closed(400),
			nginxTakes,
		],
		[
			"bare LF after a field",
			`${get()}Host: a\nX: b\r\n\r\n`,
			closed(400),
			nginxTakes,
		],
		["bare LF at the end", `${get()}Host: a\r\n\n`, closed(400), nginxTakes],
		[
			"bare CR after the request line",
			whole.replace("\r\n", "\r"),
			closed(400),
		],
		["bare CR after a field", `${get()}Host: a\rX: b\r\n\r\n`, closed(400)],
		[
			"CR CR LF",
			`${get()}Host: a\r\r\n\r\n`,
			closed(400),
			{ nginx: open(200) },
		],
		["LF CR", `${get()}Host: a\n\r\r\n`, closed(400), { nginx: refused }],
		[
			"a coding after bare CR",
			withFields("X:\rTransfer-Encoding: chunked"),
			closed(400),
		],
		["folding with a space", withFields("X: b", " c"), closed(400)],
		["folding with a tab", withFields("X: b", "\tc"), closed(400)],
		["a folded first line", `${get()} X: b\r\nHost: a\r\n\r\n`, closed(400)],
		[
			"a folded coding",
			withFields("Transfer-Encoding:", " chunked"),
			closed(400),
		],
	],
	// RFC 9110, 5.1 and 5.5; RFC 9112, 5.1
	fields: [
		["no space after the colon", withFields("X:b"), open(200)],
		[
			"spaces and tabs around a value",
			withFields("X: \t b \t "),
			open(200),
			{ nginx: open(200) },
		],
		["an empty value", withFields("X:"), open(200)],
		["a tab within a value", withFields("X: b\tc"), open(200)],
		["bytes from 0x80 in a value", withFields("X: \xe9\xff"), open(200)],
		[
			"all characters of a token",
			withFields("!#$%&'*+-.^_`|~09azAZ: b"),
			open(200),
			{ nginx: open(200) },
		],
		["a name of other cases", `${get()}hOsT: a\r\n\r\n`, open(200)],
		["100 fields", withFields(...many(99, (_, i) => `X-${i}: b`)), open(200)],
		[
			"101 fields",
			withFields(...many(100, (_, i) => `X-${i}: b`)),
			closed(431),
			{ express: open(200), nginx: open(431) },
		],
		[
			"a space before the colon",
			withFields("X : b"),
			closed(400),
			{ nginx: refused },
		],
		[
			"a tab before the colon",
			withFields("X\t: b"),
			closed(400),
			{ nginx: refused },
		],
		[
			"a space before the colon of a length",
			withFields("Content-Length : 5"),
			closed(400),
		],
		["no colon", withFields("X"), closed(400), nginxTakes],
		["no name", withFields(": b"), closed(400)],
		...[
			'"',
			"(",
			")",
			",",
			"/",
			";",
			"<",
			"=",
			">",
			"?",
			"@",
			"[",
			"\\",
			"]",
			"{",
			"}",
		].map((c) => [
			`${c} in a name`,
			withFields(`X${c}Y: b`),
			closed(400),
			nginxTakes,
		]),
		[
			"a byte from 0x80 in a name",
			withFields("X\xe9: b"),
			closed(400),
			nginxTakes,
		],
		["NUL in a name", withFields("X\0: b"), closed(400)],
		["NUL in a value", withFields("X: b\0c"), closed(400)],
		[
			"0x01 in a value",
			withFields("X: b\x01c"),
			closed(400),
			{ nginx: open(400) },
		],
		[
			"0x0b in a value",
			withFields("X: b\x0bc"),
			closed(400),
			{ nginx: open(400) },
		],
		[
			"DEL in a value",
			withFields("X: b\x7fc"),
			closed(400),
			{ nginx: open(400) },
		],
		["a value of 15 KB", withFields(`X: ${"b".repeat(15_000)}`), open(200)],
		[
			"a value of 20 KB",
			withFields(`X: ${"b".repeat(20_000)}`),
			closed(431),
			{ nginx: refused },
		],
	],
	// RFC 9112, 3.2: Request Target
	targets: [
		["the absolute form", withTarget("http://a/qrcode?text=a"), open(200)],
		[
			"the absolute form of https",
			withTarget("https://a/qrcode?text=a"),
			open(200),
			{ nginx: open(200) },
		],
		["another path", withTarget("/x"), open(404)],
		[
			"the asterisk form",
			method("OPTIONS", "*"),
			open(404),
			{ express: refused, nginx: refused },
		],
		["a fragment", withTarget("/qrcode?text=a#b"), open(200)],
		["quotes and brackets", withTarget('/qrcode?text="<>[]{}|\\^`'), open(200)],
		["a space", withTarget("/qrcode?text=a b"), closed(400)],
		[
			"two spaces before it",
			withLine("GET  /qrcode?text=a HTTP/1.1"),
			closed(400),
			{ express: open(200), nginx: open(200) },
		],
		[
			"two spaces after it",
			withLine("GET /qrcode?text=a  HTTP/1.1"),
			closed(400),
			{ express: open(200), nginx: open(200) },
		],
		["a tab before it", withLine("GET\t/qrcode?text=a HTTP/1.1"), closed(400)],
		["a tab in it", withTarget("/qrcode?text=a\tb"), closed(400)],
		["a tab after it", withLine("GET /qrcode?text=a\tHTTP/1.1"), closed(400)],
		["none", withLine("GET HTTP/1.1"), closed(400)],
		["none, between two spaces", withLine("GET  HTTP/1.1"), closed(400)],
		["NUL", withTarget("/qrcode?text=a\0b"), closed(400)],
		["0x01", withTarget("/qrcode?text=a\x01b"), closed(400)],
		["DEL", withTarget("/qrcode?text=a\x7fb"), closed(400)],
		[
			"raw UTF-8",
			withTarget("/qrcode?text=\xc3\xa9"),
			closed(400),
			{ nginx: open(400) },
		],
		["a space before the request line", ` ${whole}`, closed(400)],
		[
			"a space after the version",
			withLine("GET /qrcode?text=a HTTP/1.1 "),
			closed(400),
			nginxTakes,
		],
		[
			"16 KB",
			withTarget(`/qrcode?text=${"a".repeat(16_400)}`),
			closed(414),
			{ express: refused, nginx: refused },
		],
	],
	// RFC 9112, 3.2: 400 to any HTTP/1.1 request without one Host that is valid; RFC 9110, 7.2
	hosts: [
		["none", withHosts(), closed(400)],
		["an empty one", withHosts("Host:"), open(200), { nginx: refused }],
		...[
			"a:",
			"a:80",
			"a.b:65535",
			"127.0.0.1",
			"[::1]",
			"[::1]:80",
			"a-b_c~d",
			"%41",
		].map((host) => [host, withHosts(`Host: ${host}`), open(200)]),
		...[
			"a b",
			"a:b",
			"a:8 0",
			"a/b",
			"a?b",
			"a#b",
			"a@b",
			"user:pw@a",
			"[::1",
			"::1",
			"a,b@c",
			"a\\b",
			"<a>",
			"\xe9",
			"a:80:80",
			":80",
			"[]",
			"[x/y]",
		].map((host) => [
			host,
			withHosts(`Host: ${host}`),
			closed(400),
			{ nginx: "any" },
		]),
		["two that differ", withHosts("Host: a", "Host: b"), closed(400)],
		["two that are equal", withHosts("Host: a", "Host: a"), closed(400)],
		["two of other cases", withHosts("Host: a", "HOST: a"), closed(400)],
		["none with HTTP/1.0", `${get(undefined, "HTTP/1.0")}\r\n`, closed(200)],
		[
			"two with HTTP/1.0",
			`${get(undefined, "HTTP/1.0")}Host: a\r\nHost: b\r\n\r\n`,
			closed(400),
		],
		[
			"one that is invalid with HTTP/1.0",
			`${get(undefined, "HTTP/1.0")}Host: a b\r\n\r\n`,
			closed(400),
			{ nginx: "any" },
		],
	],
	// RFC 9112, 2.3; RFC 9110, 15.6.6
	versions: [
		["HTTP/1.0", `${get(undefined, "HTTP/1.0")}Host: a\r\n\r\n`, closed(200)],
		[
			"HTTP/1.0 that keeps the connection",
			`${get(undefined, "HTTP/1.0")}Host: a\r\nConnection: keep-alive\r\n\r\n`,
			open(200),
		],
		[
			"HTTP/1.0 that closes it",
			`${get(undefined, "HTTP/1.0")}Host: a\r\nConnection: close\r\n\r\n`,
			closed(200),
		],
		["HTTP/1.1 that closes it", withFields("Connection: close"), closed(200)],
		[
			"HTTP/1.1 that closes it among other options",
			withFields("Connection: x, CLOSE"),
			closed(200),
			{ nginx: closed(200) },
		],
		...[
			"HTTP/2.0",
			"HTTP/0.9",
			"HTTP/1.2",
			"HTTP/3.0",
			"HTTP/0.0",
			"HTTP/9.9",
		].map((version) => [
			version,
			withLine(`GET /qrcode?text=a ${version}`),
			closed(505),
			{ express: refused, nginx: version === "HTTP/1.2" ? open(200) : refused },
		]),
		...[
			"HTTP/1.10",
			"HTTP/1",
			"HTTP/1.",
			"HTTP/11",
			"HTTP/01.1",
			"http/1.1",
			"HTTP /1.1",
			"HTTP/1.1x",
			"HTTP/-1.1",
			"HTTPS/1.1",
			"HTCPCP/1.0",
			"1.1",
			"RTSP/1.0",
			"ICE/1.0",
		].map((version) => [
			version,
			withLine(`GET /qrcode?text=a ${version}`),
			closed(400),
			{
				express: version === "RTSP/1.0" ? closed(200) : refused,
				nginx: version === "HTTP/1.10" ? open(200) : refused,
			},
		]),
		["none", withLine("GET /qrcode?text=a"), closed(400), { nginx: "skip" }],
		[
			"none, after a space",
			withLine("GET /qrcode?text=a "),
			closed(400),
			{ nginx: "skip" },
		],
	],
	// RFC 9110, 9
	methods: [
		["HEAD", method("HEAD"), open(200)],
		["POST without a type", method("POST"), open(415)],
		...["PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "SOURCE", "PRI"].map(
			(name) => [
				name,
				method(name),
				open(405),
				{ express: "any", nginx: "any" },
			],
		),
		...["FOO", "get", "Get", "GETX", "G", "M-SEARCH", "X!#$"].map((name) => [
			name,
			method(name),
			open(405),
			{ express: "any", nginx: "any" },
		]),
		[
			"TRACE",
			method("TRACE"),
			open(405),
			{ express: open(405), nginx: refused },
		],
		[
			"CONNECT",
			method("CONNECT", "a:443"),
			open(404),
			{ express: "any", nginx: refused },
		],
		["one with a separator", method("GE(T"), closed(400)],
		["one with a byte from 0x80", method("G\xc9T"), closed(400)],
		["none", withLine(" /qrcode?text=a HTTP/1.1"), closed(400)],
		[
			"Upgrade",
			withFields("Connection: Upgrade", "Upgrade: websocket"),
			open(200),
		],
		[
			"Upgrade to h2c",
			withFields(
				"Connection: Upgrade, HTTP2-Settings",
				"Upgrade: h2c",
				"HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA",
			),
			open(200),
		],
	],
	// RFC 9112, 9.3.2: answers in the order of requests
	pipelining: [
		["two", whole + whole, open(200, 200)],
		["forty", whole.repeat(40), open(...many(40, () => 200))],
		["with HEAD", method("HEAD") + whole, open(200, 200)],
		["with a 304", withFields("If-None-Match: *") + whole, open(304, 200)],
		[
			"with a query that is refused",
			withTarget("/qrcode") + whole,
			open(400, 200),
		],
		["with a path that is refused", withTarget("/x") + whole, open(404, 200)],
		[
			"the last one closes",
			whole + withFields("Connection: close"),
			closed(200, 200),
		],
		[
			"nothing after one that closes",
			withFields("Connection: close") + whole,
			closed(200),
		],
		[
			"nothing after one that is malformed",
			whole + withFields("X : b") + whole,
			closed(200, 400),
			{ express: "any", nginx: "any" },
		],
		[
			"nothing after one with a body",
			`${whole + withFields("Content-Length: 5")}hello${whole}`,
			closed(200, 400),
			{ nginx: open(200, 400, 200) },
		],
		[
			"nothing after two hosts",
			whole + withHosts("Host: a", "Host: b") + whole,
			closed(200, 400),
		],
		["empty lines between", `${whole}\r\n${whole}`, open(200, 200)],
		[
			"the next one is garbage",
			`${whole}\x16\x03\x01`,
			closed(200, 400),
			{ ends: true, express: "any", nginx: "any" },
		],
	],
	// RFC 9112, 9.6 and 8: what ends before it is complete
	"half-close": [
		[
			"after a request",
			whole,
			closed(200),
			{ ends: true, express: "any", nginx: "any" },
		],
		[
			"after two",
			whole + whole,
			closed(200, 200),
			{ ends: true, express: "any", nginx: "any" },
		],
		[
			"after one that is refused",
			withFields("X : b"),
			closed(400),
			{ ends: true },
		],
		[
			"amid the request line",
			"GET /qrco",
			closed(400),
			{ ends: true, nginx: "any" },
		],
		[
			"amid the fields",
			`${get()}Host: a\r\nX`,
			closed(400),
			{ ends: true, nginx: "any" },
		],
		[
			"before the last LF",
			whole.slice(0, -1),
			closed(400),
			{ ends: true, nginx: "any" },
		],
		["at once", "", closed(), { ends: true }],
		[
			"amid the second",
			whole + get(),
			closed(200, 400),
			{ ends: true, express: "any", nginx: "any" },
		],
		[
			"amid a body",
			`${withFields("Content-Length: 5")}he`,
			closed(400),
			{ ends: true, express: "any", nginx: "any" },
		],
	],
	// RFC 9110, 10.1.1
	expect: [
		[
			"100-continue without a body",
			withFields("Expect: 100-continue"),
			open(200),
			{ express: "any", nginx: open(200) },
		],
		[
			"100-continue with a body",
			withFields("Expect: 100-continue", "Content-Length: 5"),
			closed(400),
			{ nginx: "skip" },
		],
		[
			"100-continue with a text",
			posted("Content-Length: 5\r\nExpect: 100-continue", "hello"),
			open(200),
		],
		[
			"100-continue in another case, and HTTP/1.0",
			posted("Content-Length: 5\r\nEXPECT: 100-Continue", "hello").replace(
				"/1.1",
				"/1.0",
			),
			closed(200),
		],
		[
			"another expectation",
			withFields("Expect: x"),
			open(200),
			{ express: "any", nginx: open(200) },
		],
	],
	"other protocols": [
		[
			"the preface of HTTP/2",
			"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
			closed(505),
			{ nginx: "any" },
		],
		[
			"a hello of TLS",
			"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
			closed(400),
		],
		["SSH", "SSH-2.0-OpenSSH_9.2\r\n", closed(400)],
		["SMTP", "EHLO a\r\n", closed(400)],
		["PROXY", `PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n${whole}`, closed(400)],
		[
			"an answer",
			"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
			closed(400),
			{ ends: true },
		],
		["a line", "hello\r\n\r\n", closed(400)],
		["NUL", "\0", closed(400)],
		["0xff", "\xff\xff\xff\xff", closed(400)],
		["zeros", "\0".repeat(1000), closed(400)],
		["a redis command", "*1\r\n$4\r\nPING\r\n", closed(400)],
	],
};

/** Requests of different kinds, to be split at every byte: [bytes, outcome]. */
export const splittable = [
	[withFields("X: b", 'If-None-Match: W/"x"') + method("HEAD"), open(200, 200)],
	[
		posted("Content-Length: 5", "hell\n") +
			inChunks("5;a\r\nhello\r\n1\r\n!\r\n0\r\nX: b\r\n\r\n") +
			method("HEAD"),
		open(200, 200, 200),
	],
];

/** The methods of the requests in it, each at the start of a line, as far as a client can tell: HEAD decides whether an answer has a body. */
export const methodsIn = (bytes) =>
	[...bytes.matchAll(/(?:^|\n)([A-Z]+) [^\r\n]* HTTP\/1\.[01]\r/g)].map(
		([, name]) => name,
	);
