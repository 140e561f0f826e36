// What a host draws: the right size, the right modules, and the exact bytes of the text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeQrCode } from "../../bench/subjects/decode.js";
import { readPng, readPngSize } from "../../bench/subjects/png.js";
import { measureSymbol } from "../symbol.js";
import { checkRows, describeHosts, hosts } from "./hosts.js";
import { connect, request } from "./http.js";

const percentEncoded = (bytes) =>
	Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(
		"",
	);
/** Only what is not ASCII. */
const encodeNonAscii = (text) =>
	text.replace(/\P{ASCII}/gu, (character) =>
		percentEncoded(Buffer.from(character)),
	);
/** Bytes as they are, in the latin1 string that the client sends. */
const raw = (text) => Buffer.from(text).toString("latin1");

/** [value of text in the query, the text it means] */
const texts = [
	["hello", "hello"],
	["a+b+", "a b "],
	["+", " "],
	["a%2Bb", "a+b"],
	["%61%62", "ab"],
	["%c3%A9%C3%a9", "éé"],
	["a%00b", "a\0b"],
	["%00", "\0"],
	["%00%00%001", "\0\0\x001"],
	["100%25", "100%"],
	["%2525", "%25"],
	["a=b", "a=b"],
	["=", "="],
	["a%26b", "a&b"],
	["a?b/c:d@e!$'()*,;", "a?b/c:d@e!$'()*,;"],
	["a#b", "a#b"],
	["%0d%0a%09%1b%7f", "\r\n\t\x1b\x7f"],
	["\u{1F600}+ünï", "\u{1F600} ünï"],
	["%F0%9F%98%80%F0%9F%87%A9", "\u{1F600}\u{1F1E9}"],
	["%EF%BB%BFbom", "\uFEFFbom"],
	["%EF%BF%BD", "\uFFFD"],
	["%EF%BF%BF", "\uFFFF"],
	["%F4%8F%BF%BF", "\u{10FFFF}"],
	["%ED%9F%BF%EE%80%80", "\uD7FF\uE000"],
	["漢字カナ", "漢字カナ"],
	["0", "0"],
	["0123456789", "0123456789"],
	["00000000000000000000", "00000000000000000000"],
	["HELLO+WORLD%20$%25*%2B-./:", "HELLO WORLD $%*+-./:"],
	["ABC123abc456DEF7890123456789xyz", "ABC123abc456DEF7890123456789xyz"],
	["https://example.com/a?b=c", "https://example.com/a?b=c"],
	["[object+Object]", "[object Object]"],
	["__proto__", "__proto__"],
	["undefined", "undefined"],
];

const capacities = {
	L: { byte: 2953, alphanumeric: 4296, numeric: 7089 },
	M: { byte: 2331, alphanumeric: 3391, numeric: 5596 },
	Q: { byte: 1663, alphanumeric: 2420, numeric: 3993 },
	H: { byte: 1273, alphanumeric: 1852, numeric: 3057 },
};
const numbers = Array.from({ length: 1000 }, (_, i) => i * 7919).join("x");
const fullest = Object.entries(capacities).flatMap(([level, capacity]) => [
	[level, "a".repeat(capacity.byte)],
	[level, "A".repeat(capacity.alphanumeric)],
	[level, "1".repeat(capacity.numeric)],
	[level, `${"é".repeat((capacity.byte - 1) / 2)}a`],
	// It tempts encoders to change modes more often than pays off.
	[level, numbers.slice(0, capacity.byte)],
]);

/** Every spelling of one request: the image must be the same. */
const spellings = [
	"text=hello&ecl=Q&width=300&margin=2",
	"margin=2&width=300&ecl=Q&text=hello",
	"&&text=hello&&ecl=Q&width=300&margin=2&",
	"te%78t=hello&%65cl=Q&width=300&margin=2",
	"text=hell%6f&ecl=%51&width=%33%30%30&margin=%32",
	"text=hello&ecl=Q&width=000000300&margin=000000002",
];

const judged = new Set();

/** Most hosts draw the same bytes, and what was judged to be right is so again. */
async function judgeOnce(body, wanted, judge) {
	const key = `${wanted} ${body.toString("latin1")}`;
	if (judged.has(key)) return;
	await judge();
	judged.add(key);
}

async function assertImage({ status, body }, text, level) {
	assert.equal(status, 200, body.toString());
	await judgeOnce(body, `${level} ${text}`, async () => {
		const decoded = await decodeQrCode(body);
		assert.equal(decoded.bytes.toString(), text);
		assert.deepEqual(decoded.bytes, Buffer.from(text));
		assert.equal(decoded.level, level);
	});
}

describeHosts(hosts, (host, server) => {
	test("the headers of an image", async () => {
		const { status, headers, body } = await request(
			server.port,
			"/qrcode?text=hello",
		);
		assert.equal(status, 200);
		assert.equal(headers["content-type"], "image/png");
		assert.equal(headers["content-length"], String(body.length));
		assert.match(headers.etag, /^"[\x21\x23-\x7e]+"$/);
		assert.equal(
			headers["cache-control"],
			"private, max-age=31536000, immutable",
		);
		assert.equal(headers["x-content-type-options"], "nosniff");
		const expected = [
			"cache-control",
			"content-length",
			"content-type",
			"etag",
			"x-content-type-options",
		];
		const incidental = ["connection", "date", "keep-alive"];
		if (host.native || host.proxied) incidental.push("server");
		const names = Object.keys(headers).filter((n) => !incidental.includes(n));
		assert.deepEqual(names.sort(), expected);
		readPng(body);
	});

	test("/healthz", async () => {
		const { status, headers, body } = await request(server.port, "/healthz");
		assert.equal(status, 200);
		assert.equal(body.toString(), "ok\n");
		assert.match(headers["content-type"], /^text\/plain/);
		assert.equal(headers["cache-control"], "no-store");
	});

	if (host.encodes) testImages(host, server);
});

function testImages(host, server) {
	/** Asks for all rows on one connection. */
	async function askRows(t, rows, check) {
		const connection = await connect(server.port);
		t.after(() => connection.destroy());
		await checkRows(rows, (row) =>
			check(row, (query) => connection.request(`/qrcode?${query}`)),
		);
	}

	test("texts come back byte for byte", (t) =>
		askRows(t, texts, async ([value, text], ask) => {
			await assertImage(await ask(`text=${encodeNonAscii(value)}`), text, "L");
		}));

	test("the fullest symbols of each level", (t) =>
		askRows(t, fullest, async ([level, text], ask) => {
			const query = `text=${encodeNonAscii(text)}&ecl=${level}&width=740`;
			await assertImage(await ask(query), text, level);
		}));

	test("2953 bytes, each percent-encoded", async () => {
		const text = `${"é".repeat(1476)}z`;
		const query = `text=${percentEncoded(Buffer.from(text))}&width=1024`;
		const response = await request(server.port, `/qrcode?${query}`);
		await assertImage(response, text, "L");
	});

	test("bytes from 0x80 in the URL are refused: a target is ASCII (RFC 9112, 3.2)", async () => {
		for (const value of [raw("ünï"), raw("漢字\u{1F600}"), "\xff"]) {
			const { status } = await request(server.port, `/qrcode?text=${value}`);
			assert.equal(status, 400);
		}
	});

	test("the defaults are level L, 200 px and a margin of 4", async (t) => {
		const all = "text=hello&ecl=L&width=200&margin=4";
		const rows = ["text=hello", all, "margin=4&text=hello", `${all}&`];
		const bodies = [];
		await askRows(t, rows, async (query, ask) => {
			bodies.push((await ask(query)).body);
		});
		for (const body of bodies) assert.deepEqual(body, bodies[0]);
		assert.deepEqual(readPngSize(bodies[0]), { width: 200, height: 200 });
	});

	test("the order and the spelling of parameters do not matter", async (t) => {
		const bodies = [];
		await askRows(t, spellings, async (query, ask) => {
			const response = await ask(query);
			await assertImage(response, "hello", "Q");
			bodies.push(response.body);
		});
		assert.equal(bodies.length, spellings.length);
		for (const body of bodies) assert.deepEqual(body, bodies[0]);
	});

	test("width is exact", (t) => {
		// Among them widths where floating-point arithmetic on the module size would lose a pixel.
		const widths = [29, 30, 31, 57, 58, 87, 100, 109, 113, 120, 127, 161];
		widths.push(183, 199, 200, 201, 202, 217, 226, 233, 254, 333, 1023, 1024);
		return askRows(t, widths, async (width, ask) => {
			const response = await ask(`text=hello&width=${width}`);
			assert.equal(response.status, 200, response.body.toString());
			const expected = { width, height: width };
			assert.deepEqual(readPngSize(response.body), expected);
		});
	});

	const shapes = [0, 1, 2, 3, 4, 7, 16, 32].flatMap((margin) =>
		[101, 200, 255, 512].map((width) => ({ margin, width })),
	);
	test("margins and modules are where they belong", (t) =>
		askRows(t, shapes, async ({ margin, width }, ask) => {
			const query = `text=HELLO&width=${width}&margin=${margin}`;
			const { status, body } = await ask(query);
			assert.equal(status, 200, body.toString());
			await judgeOnce(body, query, () => {
				const image = readPng(body);
				assert.equal(image.width, width);
				assert.equal(image.height, width);
				if (host.geometry) assertGeometry(image, margin, 1);
				else assertQuietZone(image, margin, 1);
			});
		}));

	test("every level gives its own symbol", (t) =>
		askRows(t, ["L", "M", "Q", "H"], async (level, ask) => {
			await assertImage(await ask(`text=levels&ecl=${level}`), "levels", level);
		}));

	if (!host.geometry) return;
	/** One pixel a module; one less is refused (in refusals.js). */
	test("the smallest width that fits", async () => {
		for (const [margin, width] of [
			[0, 21],
			[4, 29],
			[32, 85],
		]) {
			const query = `text=a&margin=${margin}&width=${width}`;
			const response = await request(server.port, `/qrcode?${query}`);
			assert.equal(response.status, 200, response.body.toString());
			assertGeometry(readPng(response.body), margin, 1);
		}
	});
}

function assertGeometry(image, margin, version) {
	const side = 17 + 4 * version;
	const symbol = measureSymbol(image);
	assert.equal(symbol.side, side);
	assert.equal(symbol.scale, Math.floor(image.width / (side + 2 * margin)));
	const offset = Math.floor((image.width - symbol.scale * side) / 2);
	assert.deepEqual([symbol.left, symbol.top], [offset, offset]);
}

function assertQuietZone(image, margin, version) {
	const side = 17 + 4 * version;
	const smallest = Math.floor((image.width * margin) / (side + 2 * margin));
	for (let y = 0; y < image.height; y++)
		for (let x = 0; x < image.width; x++) {
			const fromEdge = Math.min(
				x,
				y,
				image.width - 1 - x,
				image.height - 1 - y,
			);
			if (fromEdge < smallest)
				assert.equal(image.dark[y * image.width + x], 0, `at ${x}, ${y}`);
		}
}
