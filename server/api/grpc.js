// The service of qrcode.proto. Loaded only where a gRPC port is asked for.
import { isUtf8 } from "node:buffer";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import grpc from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";
import protobuf from "protobufjs";
import { BusyError, RequestError, sentences } from "../errors.js";
import { joinHostPort, listen } from "../listen.js";
import { checkTexts, maxBatchBytes } from "./batch.js";
import { checkText } from "./body.js";
import { encode } from "./encode.js";
import { CallLimits } from "./grpc-limits.js";

const PROTO = fileURLToPath(new URL("qrcode.proto", import.meta.url));
const MAX_CONNECTIONS = 1000;
const MAX_CALLS_PER_CONNECTION = 100;
const LEVELS = [undefined, "L", "M", "Q", "H"]; // by the numbers of the enum

const { status } = grpc;

/** @typedef {import("@grpc/grpc-js").handleUnaryCall<any, any>} UnaryHandler */

/** A gRPC server over one variant of a tier, with the validation and the words of HTTP. */
export class GrpcServer {
	#server;
	#listener;
	#limits;
	#variant;
	#completeOptions;
	#maxBatch;
	#batches;

	/**
	 * @param {Server.BatchSettings & {
	 *   variant: Server.Variant,
	 *   completeOptions: (values: Server.GivenOptions) => Server.ImageOptions,
	 *   requestTimeoutMs: number,
	 *   metrics?: { countCalls(method: { path: string }, handler: UnaryHandler): UnaryHandler },
	 * }} settings
	 */
	constructor(settings) {
		const { variant, completeOptions, maxBatch, batches, metrics } = settings;
		this.#variant = variant;
		this.#completeOptions = completeOptions;
		this.#maxBatch = maxBatch;
		this.#batches = batches;
		const service = loadService(maxBatch);
		this.#limits = createLimits(service, settings);
		this.#server = new grpc.Server({
			"grpc.max_receive_message_length": maxBatchBytes(maxBatch),
			"grpc.max_concurrent_streams": MAX_CALLS_PER_CONNECTION,
			interceptors: [this.#limits.interceptor],
		});
		const handlerOf = (method, handle) =>
			metrics?.countCalls(method, unary(handle)) ?? unary(handle);
		this.#server.addService(service, {
			Encode: handlerOf(service.Encode, (request, signal) =>
				this.#encode(request, signal),
			),
			EncodeBatch: handlerOf(service.EncodeBatch, (request, signal) =>
				this.#encodeBatch(request, signal),
			),
		});
	}

	/**
	 * Resolves to HOST:PORT; rejects with a StartError.
	 * @type {(settings: { bind: string, grpcPort?: number }) => Promise<string>}
	 */
	async listen({ bind, grpcPort }) {
		const credentials = grpc.ServerCredentials.createInsecure();
		const injector = this.#server.createConnectionInjector(credentials);
		this.#listener = createServer({ noDelay: true }, (socket) => {
			this.#limits.addSocket(socket);
			injector.injectConnection(socket);
		});
		this.#listener.maxConnections = MAX_CONNECTIONS;
		const address = { bind, port: grpcPort, portFlag: "--grpc-port" };
		const port = await listen(this.#listener, address);
		return joinHostPort(bind, port);
	}

	/**
	 * Takes no more calls, and resolves when those that have begun are answered.
	 * @type {() => Promise<void>}
	 */
	async close() {
		const listener = this.#listener;
		// grpc-js waits neither for connections that it did not accept itself nor, since Node 24, for their sessions.
		await Promise.all([
			promisify(listener.close.bind(listener))(),
			promisify(this.#server.tryShutdown.bind(this.#server))(),
		]);
	}

	async #encode({ text, data, ...fields }, signal) {
		if ((text === undefined) === (data === undefined))
			throw new RequestError(sentences.content);
		const content = data === undefined ? decodeText(text) : checkText(data);
		const options = this.#options(fields, signal);
		return { png: await encode(this.#variant.tier, content, options) };
	}

	async #encodeBatch(request, signal) {
		const { texts = [], ...fields } = request;
		if (texts.length === 0) throw new RequestError(sentences.noTexts);
		await this.#batches.turn();
		const contents = checkTexts(texts, this.#maxBatch, decodeText);
		const options = this.#options(fields, signal);
		const call = this.#limits.callOf(request);
		call.part.resize(sumOfLengths(texts));
		const { images, unread } = await this.#batches.encode(
			this.#variant.tier,
			contents,
			options,
			call.part,
			sumOfLengths,
		);
		call.unread = unread;
		return { pngs: images };
	}

	/**
	 * For the tier.
	 * @type {(fields: { level?: number, width?: number, margin?: number }, signal: AbortSignal) => Server.EncodeOptions & { signal: AbortSignal }}
	 */
	#options({ level = 0, width, margin }, signal) {
		if (!(level in LEVELS)) throw new RequestError(sentences.level);
		return {
			...this.#completeOptions({
				ecl: LEVELS[level],
				width: width?.toString(),
				margin: margin?.toString(),
			}),
			engine: this.#variant.engine,
			signal,
		};
	}
}

/** A batch takes its part of the room before its message is read, which may be as long as any. */
function createLimits(
	{ EncodeBatch },
	{ batches, maxBatch, requestTimeoutMs, sendTimeoutMs },
) {
	const nbytes = maxBatchBytes(maxBatch);
	return new CallLimits({
		enter: (path, signal) =>
			path === EncodeBatch.path ? batches.enter(nbytes, signal) : undefined,
		readTimeoutMs: requestTimeoutMs,
		sendTimeoutMs,
	});
}

/** @type {(buffers: Buffer[]) => number} */
function sumOfLengths(buffers) {
	return buffers.reduce((sum, { length }) => sum + length, 0);
}

/**
 * Texts arrive as their bytes: protobufjs itself would make other characters of what is not UTF-8.
 * @type {(maxBatch: number) => Record<"Encode" | "EncodeBatch", grpc.MethodDefinition<any, any>>}
 */
function loadService(maxBatch) {
	const root = protobuf.loadSync(PROTO);
	const { text } = root.lookupType("EncodeRequest").fields;
	const { texts } = root.lookupType("EncodeBatchRequest").fields;
	for (const field of [text, texts]) field.type = "bytes";
	const { "qrtiers.v1.QrCodes": service } = fromJSON(root.toJSON());
	const { Encode, EncodeBatch } = /** @type {grpc.ServiceDefinition} */ (
		service
	);
	const checkCount = (message) => checkFieldCount(message, texts.id, maxBatch);
	return {
		Encode: withErrors(Encode),
		EncodeBatch: withErrors(EncodeBatch, checkCount),
	};
}

/**
 * The method with errors instead of requests where they can't be read, which would be an internal error of grpc-js.
 * @type {<Method extends grpc.MethodDefinition<any, any>>(method: Method, check?: (message: Buffer) => void) => Method}
 */
function withErrors(method, check = () => {}) {
	const requestDeserialize = (message) => {
		try {
			check(message);
			return method.requestDeserialize(message);
		} catch (error) {
			return error instanceof RequestError
				? error
				: new RequestError(sentences.message);
		}
	};
	return { ...method, requestDeserialize };
}

/**
 * Throws a RequestError if a field is given more often than allowed: objects take many times the room of their bytes.
 * @type {(message: Buffer, id: number, maxCount: number) => void}
 */
function checkFieldCount(message, id, maxCount) {
	const reader = protobuf.Reader.create(message);
	for (let count = 0; reader.pos < reader.len; ) {
		const tag = reader.uint32();
		if (tag >>> 3 === id && ++count > maxCount)
			throw new RequestError(sentences.batchSize(maxCount), 413);
		reader.skipType(tag & 7);
	}
}

/** @type {(bytes: Buffer) => Server.Text} */
function decodeText(bytes) {
	if (!isUtf8(bytes)) throw new RequestError(sentences.textUtf8);
	return checkText(bytes.toString());
}

/**
 * A handler that answers with what handle(request, signal) resolves to, or with the status of its error.
 * @type {(handle: (request: any, signal: AbortSignal) => Promise<object>) => UnaryHandler}
 */
function unary(handle) {
	return async (call, callback) => {
		const controller = new AbortController();
		call.once("cancelled", () => controller.abort());
		if (call.cancelled || Date.now() >= Number(call.getDeadline())) {
			callback({ code: status.DEADLINE_EXCEEDED });
			return;
		}
		try {
			if (call.request instanceof RequestError) throw call.request;
			callback(null, await handle(call.request, controller.signal));
		} catch (error) {
			callback(toStatus(error, call));
		}
	};
}

function toStatus(error, { cancelled }) {
	if (error instanceof RequestError) {
		const isTooLarge = error.status === 413;
		const code = isTooLarge ? "RESOURCE_EXHAUSTED" : "INVALID_ARGUMENT";
		return { code: status[code], details: error.message };
	}
	if (error instanceof BusyError)
		return { code: status.RESOURCE_EXHAUSTED, details: sentences.busy };
	if (!cancelled)
		process.stderr.write(`${error.code ?? error.name}: ${error.message}\n`);
	return { code: status.UNAVAILABLE, details: sentences.failed };
}
