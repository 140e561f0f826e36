// How our hosts are asked for images: the requests of each transport (docs/http.md), and where the images are in the answers.
import { fileURLToPath } from "node:url";

const imagePath = "/qrcode";
const batchPath = "/qrcodes";
const protoFile = fileURLToPath(
	new URL("../../server/api/qrcode.proto", import.meta.url),
);
const grpcService = "/qrtiers.v1.QrCodes";

function query(parameters) {
	const pairs = Object.entries(parameters).map(
		([name, value]) => `${name}=${encodeURIComponent(value)}`,
	);
	return pairs.length ? `?${pairs.join("&")}` : "";
}

function post(path, contentType, content, parameters) {
	return {
		method: "POST",
		target: path + query(parameters),
		contentType,
		body: Buffer.from(content),
	};
}

/** Makes the request for the image of a text; `parameters` are further ones, such as width. */
const requestsFor = {
	get: (text, parameters) => ({
		method: "GET",
		target: imagePath + query({ text, ...parameters }),
	}),
	"post-raw": (text, parameters) =>
		post(imagePath, "text/plain", text, parameters),
	"post-json": (text, parameters) =>
		post(
			imagePath,
			"application/json",
			JSON.stringify({ text, ...parameters }),
			{},
		),
};

const batchRequest = (texts, parameters) =>
	post(batchPath, "application/json", JSON.stringify(texts), parameters);

function imagesIn({ headers, body }) {
	const type = headers["content-type"] ?? "";
	if (type === "image/png") return [body];
	if (!/^application\/json\b/.test(type))
		throw new Error(`the answer is of the type ${type}`);
	return JSON.parse(body.toString()).map((base64) =>
		Buffer.from(base64, "base64"),
	);
}

/**
 * That of a row by HTTP.
 * @type {(row: { transport: string | null, batchSize: number }) => Kit.HttpExchange}
 */
export function qrHttpExchange({ transport, batchSize }) {
	const request = requestsFor[transport ?? "get"];
	return {
		protocol: "http",
		request: (texts, parameters) =>
			batchSize > 1
				? batchRequest(texts, parameters)
				: request(texts[0], parameters),
		read: imagesIn,
	};
}

/** @type {(row: { batchSize: number }) => Kit.GrpcExchange} */
function grpcExchange({ batchSize }) {
	const isBatch = batchSize > 1;
	return {
		protocol: "grpc",
		protoFile,
		path: `${grpcService}/${isBatch ? "EncodeBatch" : "Encode"}`,
		message(texts, { ecl, ...others }) {
			const options = ecl ? { level: ecl, ...others } : others;
			return isBatch ? { texts, ...options } : { text: texts[0], ...options };
		},
		read: ({ png, pngs = [png] }) => pngs.map((bytes) => Buffer.from(bytes)),
	};
}

/**
 * The Exchange of a row of our tiers.
 * @type {(row: { transport: string | null, batchSize: number }) => Kit.Exchange}
 */
export const qrExchange = (row) =>
	row.transport === "grpc" ? grpcExchange(row) : qrHttpExchange(row);
