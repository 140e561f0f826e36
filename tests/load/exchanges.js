// What clients may ask a host, each with the one right answer: for loads that check all that comes back.
import assert from "node:assert/strict";
import { decodeQrCode } from "../../bench/subjects/decode.js";
import { connect, formatRequest } from "../contract/http.js";
import { refusedQueries, sentences } from "../contract/refusals.js";

const TEXT_COUNT = 8;
const REFUSALS = [sentences.failed, sentences.busy].map((it) => `${it}\n`);

const post = (target, type, body) =>
	Buffer.concat([
		formatRequest(target, {
			method: "POST",
			headers: [
				`Content-Type: ${type}`,
				`Content-Length: ${Buffer.byteLength(body)}`,
			],
		}),
		Buffer.from(body),
	]);

const isStatus = (status) => (response) => response.status === status;
const saysExactly = (status, sentence) => (response) =>
	response.status === status && response.body.toString() === `${sentence}\n`;

/** Resolves to [text, image, etag] of some texts; a decoder has read the images, unless the host makes the same one of every text. */
async function readImages(connection, { encodes }, random) {
	const images = [];
	for (let i = 0; i < TEXT_COUNT; i++) {
		const text = `${i} ${"chaos ".repeat(random(40))}`;
		const target = `/qrcode?text=${encodeURIComponent(text)}`;
		const { status, body, headers } = await connection.request(target);
		assert.equal(status, 200);
		if (encodes)
			assert.equal((await decodeQrCode(body)).bytes.toString(), text);
		images.push({ text, target, image: body, etag: headers.etag });
	}
	return images;
}

function askForOne({ text, target, image, etag }) {
	const isImage = ({ status, body }) => status === 200 && body.equals(image);
	return [
		{ kind: "GET", bytes: formatRequest(target), isRight: isImage },
		{
			kind: "HEAD",
			method: "HEAD",
			bytes: formatRequest(target, { method: "HEAD" }),
			isRight: ({ status, headers }) =>
				status === 200 && Number(headers["content-length"]) === image.length,
		},
		{
			kind: "304",
			bytes: formatRequest(target, { headers: [`If-None-Match: ${etag}`] }),
			isRight: isStatus(304),
		},
		{
			kind: "POST",
			bytes: post("/qrcode", "text/plain", text),
			isRight: isImage,
		},
		{
			kind: "POST",
			bytes: post("/qrcode", "application/json", JSON.stringify({ text })),
			isRight: isImage,
		},
		{
			kind: "POST",
			bytes: post("/qrcode", "application/octet-stream", text),
			isRight: isImage,
		},
	];
}

function askForBatch(images) {
	const body = JSON.stringify(images.map(({ text }) => text));
	const answer = JSON.stringify(
		images.map(({ image }) => image.toString("base64")),
	);
	return {
		kind: "batch",
		bytes: post("/qrcodes", "application/json", body),
		isRight: (response) =>
			response.status === 200 && response.body.toString() === answer,
	};
}

/** What is no image, the same for every tier. */
const others = [
	...["/healthz", "/readyz"].map((target) => ({
		kind: "health",
		bytes: formatRequest(target),
		isRight: saysExactly(200, "ok"),
	})),
	{
		kind: "refused",
		bytes: formatRequest("/nowhere"),
		isRight: saysExactly(404, sentences.notFound),
	},
	{
		kind: "refused",
		bytes: formatRequest("/qrcode?text=a", { method: "DELETE" }),
		isRight: saysExactly(405, sentences.getAndPost),
	},
	{
		kind: "refused",
		bytes: post("/qrcode", "application/json", "{"),
		isRight: saysExactly(400, sentences.json),
	},
];

const askForRefusal = ([query, sentence]) => ({
	kind: "refused",
	bytes: formatRequest(`/qrcode?${query}`),
	isRight: saysExactly(400, sentence),
});

/**
 * Resolves to exchanges with a host that is well: lists of { kind, method, bytes, isRight(response) }, by how common they are to be.
 * random(limit): a whole number below that.
 */
export async function prepareExchanges(port, host, random) {
	const connection = await connect(port);
	try {
		const images = await readImages(connection, host, random);
		const gets = images.flatMap(askForOne);
		const refusals = host.encodes ? refusedQueries.map(askForRefusal) : [];
		return {
			images: gets.filter(({ kind }) => kind === "GET"),
			others: [...gets, ...others, askForBatch(images)],
			refusals: refusals.length > 0 ? refusals : others,
		};
	} finally {
		connection.destroy();
	}
}

/** "right", "503" if the host says as it should that it can't just now, or else "wrong". */
export function judge({ isRight }, response) {
	if (isRight(response)) return "right";
	const { status, body, headers } = response;
	const isRefusal = status === 503 && headers["retry-after"] === "1";
	const isEmpty = body.length === 0; // of HEAD
	return isRefusal && (isEmpty || REFUSALS.includes(body.toString()))
		? "503"
		: "wrong";
}
