// Seeds of the fuzzers of parsers: what the tests of the contract send, command lines, lists, requests of --pipe.
import { groups } from "../../cli/options.js";
import {
	refusedBatches,
	refusedPosts,
	refusedQueries,
} from "../contract/refusals.js";
import { sections } from "../contract/wire/rows.js";

const requests = Object.values(sections)
	.flat()
	.map(([, bytes]) => Buffer.from(bytes, "latin1"));

const afterByte = (bytes, i) =>
	Buffer.concat([Buffer.of((i * 37) % 256), bytes]);

/** After a byte that says how to split them. */
export const httpSeeds = () => requests.map(afterByte);

const posts = [
	...refusedPosts.map((row) => ["/qrcode", ...row]),
	...refusedBatches.map((row) => ["/qrcodes", ...row]),
	["/qrcode", "?ecl=H", "text/plain", "hello"],
	["/qrcode", "", "application/octet-stream", Buffer.of(0, 255)],
	["/qrcode", "", "application/json", '{"text":"hello","width":300}'],
	["/qrcodes", "?margin=0", "application/json", '["one","two"]'],
];

function writePost([path, query, type, body]) {
	const fields = type === undefined ? "" : `Content-Type: ${type}\r\n`;
	const length = `Content-Length: ${Buffer.byteLength(body)}\r\n`;
	return Buffer.concat([
		Buffer.from(
			`POST ${path}${query} HTTP/1.1\r\nHost: a\r\n${fields}${length}\r\n`,
		),
		Buffer.from(body),
	]);
}

/** The same, and bodies that are read. */
export const serverSeeds = () =>
	[...requests, ...posts.map(writePost)].map(afterByte);

/** The lines after the first of those requests, and some for what a browser or a proxy sends. */
export function headersSeeds() {
	const fields = [
		"Host: qr.example:8080\r\nOrigin: https://qr.example:443",
		"Host: [::1]\r\nOrigin: null\r\nSec-Fetch-Site: same-origin",
		"Host: localhost.\r\nSec-Fetch-Site: cross-site",
		'Host: a\r\nContent-Type: text/plain; charset="utf-8"',
		"Host: a\r\nContent-Type: application/json ;a=b; CHARSET=UTF-8",
		'Host: a\r\nContent-Type: application/octet-stream;x="a\\"b";charset=latin1',
		'Host: 127.0.0.1\r\nIf-None-Match: W/"0123456789abcdef", "x"',
		"Host: 127.0.0.1\r\nIf-None-Match: *",
	];
	const linesOf = (bytes) => bytes.subarray(bytes.indexOf("\r\n") + 2);
	return [
		...requests.map(linesOf),
		...fields.map((lines) => Buffer.from(`${lines}\r\n\r\n`)),
	];
}

const goodQueries = [
	"text=a+b%20c&ecl=H&width=300&margin=0",
	"ecl=Q&text=%F0%9F%98%80",
	"%74ext=hello&&&",
	"text=a=b",
];

/** After a byte that says whether any bytes are a text. */
export function querySeeds() {
	const queries = [...goodQueries, ...refusedQueries.map(([query]) => query)];
	const targets = queries.flatMap((query) => [query, `/qrcode?${query}`]);
	return [...targets, "http://host/qrcode?text=a", "*", "a:b?c"].map(
		(target, i) => Buffer.from(`${i % 2}${target}`),
	);
}

export const jsonSeeds = () =>
	[
		...posts.map(([, , , body]) => body),
		'{"text":"hello"}',
		'{"text":"a","ecl":"H","width":300,"margin":0}',
		' { "margin" : 4.0e0 , "text" : "\\u00e9\\ud83d\\ude00\\n" } ',
		'{"text":"a","text":"b"}',
		'{"text":"\\ud800"}',
		'{"text":"a\\u0000b","other":null}',
		'{"text":{"a":[1,2]}}',
		'{"text":"a","width":1e2,"margin":-0}',
		'["one","two"]',
		'[ "\\u0041" , "\\\\\\"" , "é" ]',
		"[]",
		'["",1,true,null,{"a":"b"}]',
		'["\\udc00","b"]',
		"[1e999]",
		'[[["a"]]]',
		'"text"',
		"12",
	].map((body) => Buffer.from(body));

const joined = (...args) => Buffer.from(args.join("\0"));

/** Every option by each of its names, with what it takes and what it doesn't. */
export function argumentsSeeds() {
	const options = groups.flatMap((group) => group.options);
	const values = [
		"1",
		"H",
		"iso",
		"a.svg",
		"#fff0",
		"0.5",
		"png",
		"{line}.png",
	];
	const each = options.flatMap(({ name, aliases = [], letter, value }, i) => {
		const forms = [name, ...aliases].map((one) => `--${one}`);
		if (letter) forms.push(`-${letter}`);
		return forms.flatMap((form) => [
			joined(form, value ? values[i % values.length] : "text"),
			joined("text", value ? `${form}=${values[(i + 3) % 8]}` : form),
		]);
	});
	return [
		...each,
		joined("--batch", "-", "--out-dir", "codes", "--name", "{text}.svg"),
		joined("--batch", "a", "--out-dir=b", "--null", "--threads", "2"),
		joined("--small", "--type", "terminal", "--", "-a"),
		joined("--dark", "abc", "--light", "#12345678", "-o", "x.png", "a"),
		joined("one", "two"),
		joined("-dlmi"),
		joined("--wi", "3"),
		joined("--size=3", "a"),
	];
}

/** Of the server; a variable of its environment is an argument, too. */
export function configSeeds() {
	const flags = {
		bind: "::1",
		port: "0",
		"metrics-port": "9464",
		"metrics-bind": "0.0.0.0",
		"allowed-hosts": "a.example,[::1],192.0.2.1",
		unix: "/tmp/s",
		"unix-mode": "660",
		user: "nobody",
		"access-log": "-",
		io: "uring",
		threads: "2",
		"max-connections": "1000000",
		"max-connections-per-client": "0",
		"max-width": "4096",
		"max-batch": "10000",
		"max-batch-memory-mb": "100000",
		engine: "fast",
		"cache-control": "no-store",
		"request-timeout-ms": "86400000",
		"idle-timeout-ms": "1",
		"send-timeout-ms": "999999999",
		"drain-delay-ms": "0",
		"drain-timeout-ms": "0",
	};
	const variable = (name) =>
		`QRPNG_FLAG_${name.toUpperCase().replaceAll("-", "_")}`;
	return [
		...Object.entries(flags).flatMap(([name, value]) => [
			joined(`--${name}`, value),
			joined(`--${name}=${value}0`),
			joined(`${variable(name)}=${value}`),
		]),
		joined("--unix", "/a", "--unix-mode=600", "QRPNG_FLAG_PORT=1"),
		joined("--raw-text", "--exit-with-stdin", "--check", "-p", "80", "-t2"),
		joined("QRPNG_FLAG_RAW_TEXT=1", "QRPNG_FLAG_EXIT_WITH_STDIN=2"),
		joined("--help"),
		joined("-V"),
		joined("stray"),
	];
}

/** After a byte for the separator, from 240 on for many repetitions. */
export function batchSeeds() {
	const lists = [
		"one\ntwo\r\n\n.hidden/../x\nlast",
		"a\0b\nc\0\0",
		`${"x".repeat(500)}\n`,
		"\r\r\n\r",
		"é%\u{1F600}~ -_.\n",
	];
	return lists.flatMap((list) =>
		[0, 1, 240, 241, 255].map((first) =>
			Buffer.concat([Buffer.of(first), Buffer.from(list)]),
		),
	);
}

function pipeRequest(ecl, margin, width, text) {
	const request = Buffer.alloc(8);
	request.writeUInt32BE(4 + Buffer.byteLength(text));
	request.set([ecl, margin], 4);
	request.writeUInt16BE(width, 6);
	return Buffer.concat([request, Buffer.from(text)]);
}

export function pipeSeeds() {
	const good = pipeRequest(0, 4, 200, "hello");
	return [
		good,
		Buffer.concat([good, pipeRequest(3, 0, 29, "é".repeat(30))]),
		Buffer.concat([pipeRequest(4, 33, 0, "a"), good]),
		pipeRequest(1, 4, 4097, ""),
		good.subarray(0, -1),
		Buffer.concat([good, Buffer.of(0, 0)]),
		Buffer.of(0, 0, 0, 3, 0, 4, 0),
		Buffer.of(0, 1, 0, 1, 0, 4, 0),
	];
}

/** Words that a fuzzer would have to be lucky to find. */
export const dictionaries = {
	fuzz_query: ["text=", "ecl=", "width=", "margin=", "%25", "%00", "http://"],
	fuzz_json: [
		'"text":',
		'"ecl":',
		'"width":',
		'"margin":',
		"\\u0000",
		"\\ud83d\\ude00",
		"\\udc00",
		"1e308",
		"true",
		"null",
	],
	fuzz_headers: [
		"Content-Type: ",
		"Host: ",
		"Origin: ",
		"Sec-Fetch-Site: ",
		"If-None-Match: ",
		"same-origin",
		"text/plain",
		"application/json",
		"; charset=",
		"utf-8",
		"https://",
		"\r\n",
		"qr.example",
		"[2001:db8::1]",
	],
	fuzz_server: [
		"GET /qrcode?text=",
		"HEAD ",
		"POST /qrcode",
		"POST /qrcodes",
		" HTTP/1.1\r\n",
		" HTTP/1.0\r\n",
		"Host: a\r\n",
		"Content-Length: ",
		"Transfer-Encoding: chunked\r\n",
		"Content-Type: application/json\r\n",
		"Content-Type: text/plain\r\n",
		"Expect: 100-continue\r\n",
		"Connection: close\r\n",
		"\r\n\r\n",
		"0\r\n\r\n",
	],
	fuzz_arguments: groups
		.flatMap((group) => group.options)
		.map(({ name }) => `--${name}`),
	fuzz_config: ["QRPNG_FLAG_", "--max-", "-timeout-ms", "--unix", "--bind"],
	fuzz_batch: ["\r\n", "\0"],
};
