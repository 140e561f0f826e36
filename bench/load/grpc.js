// The kit's gRPC client, which also makes the messages that h2load sends. gRPC is loaded when a row asks for it.
import { fileURLToPath } from "node:url";

const protoFile = fileURLToPath(
	new URL("../../server/api/qrcode.proto", import.meta.url),
);
const prefixNbytes = 5;
const deadlineMs = 60_000;

async function loadService() {
	const grpc = await import("@grpc/grpc-js");
	const { load } = await import("@grpc/proto-loader");
	const definitions = await load(protoFile, { defaults: true });
	/** @type {any} */
	const service = Object.values(definitions).find((one) => "Encode" in one);
	return { grpc, service };
}

/**
 * The method of a row, with the message that asks it for the images of some texts.
 * @param {Kit.Parameters} parameters
 */
function methodFor(service, { batchSize }, texts, parameters) {
	const { ecl, ...others } = parameters;
	const options = ecl ? { level: ecl, ...others } : others;
	return batchSize > 1
		? { method: service.EncodeBatch, message: { texts, ...options } }
		: { method: service.Encode, message: { text: texts[0], ...options } };
}

/**
 * The body of the request for the images of some texts.
 * @type {(texts: string[], row: Kit.Sent, parameters: Kit.Parameters) => Promise<Buffer>}
 */
export async function grpcBody(texts, row, parameters) {
	const { service } = await loadService();
	const { method, message } = methodFor(service, row, texts, parameters);
	const content = method.requestSerialize(message);
	const prefix = Buffer.alloc(prefixNbytes); // its first byte says that nothing is compressed
	prefix.writeUInt32BE(content.length, 1);
	return Buffer.concat([prefix, content]);
}

/**
 * The path of the method of a row.
 * @type {(row: Kit.Sent) => Promise<string>}
 */
export async function grpcPath({ batchSize }) {
	const { service } = await loadService();
	return (batchSize > 1 ? service.EncodeBatch : service.Encode).path;
}

/**
 * See openClient() in transports.js.
 * @type {(address: string | null, row: Kit.Sent, signal?: AbortSignal) => Promise<Kit.Client>}
 */
export async function openGrpcClient(address, row, signal) {
	const { grpc, service } = await loadService();
	const client = new grpc.Client(
		`${address}`,
		grpc.credentials.createInsecure(),
		{
			"grpc.max_receive_message_length": -1,
		},
	);
	const call = async (method, message) => {
		let pending;
		const cancel = () => pending.cancel();
		signal?.addEventListener("abort", cancel);
		try {
			return await new Promise((resolve, reject) => {
				const { path, requestSerialize, responseDeserialize } = method;
				pending = client.makeUnaryRequest(
					path,
					requestSerialize,
					responseDeserialize,
					message,
					{ deadline: Date.now() + deadlineMs },
					(error, answer) => (error ? reject(error) : resolve(answer)),
				);
			});
		} finally {
			signal?.removeEventListener("abort", cancel);
		}
	};
	/** @type {Kit.Client} */
	const opened = {
		lastAnswerNbytes: 0,
		async fetchImages(texts, parameters) {
			const { method, message } = methodFor(service, row, texts, parameters);
			const answer = await call(method, message);
			this.lastAnswerNbytes =
				prefixNbytes + method.responseSerialize(answer).length;
			return (answer.pngs ?? [answer.png]).map((png) => Buffer.from(png));
		},
		close: () => client.close(),
	};
	return opened;
}
