// The kit's gRPC client, which also makes the messages that h2load sends. gRPC is loaded when a row asks for it.
const prefixNbytes = 5;
const deadlineMs = 60_000;

/** The method of an exchange, as its .proto file defines it. */
async function loadMethod({ protoFile, path }) {
	const { load } = await import("@grpc/proto-loader");
	const definitions = await load(protoFile, { defaults: true });
	/** @type {any[]} */
	const services = Object.values(definitions);
	return services
		.flatMap((service) => Object.values(service))
		.find((method) => method.path === path);
}

/**
 * The body of the request for the images of some texts.
 * @type {(exchange: Kit.GrpcExchange, texts: string[], parameters: Kit.Parameters) => Promise<Buffer>}
 */
export async function grpcBody(exchange, texts, parameters) {
	const method = await loadMethod(exchange);
	const content = method.requestSerialize(exchange.message(texts, parameters));
	const prefix = Buffer.alloc(prefixNbytes); // its first byte says that nothing is compressed
	prefix.writeUInt32BE(content.length, 1);
	return Buffer.concat([prefix, content]);
}

/**
 * See openClient() in client.js.
 * @type {(address: string | null, exchange: Kit.GrpcExchange, signal?: AbortSignal) => Promise<Kit.Client>}
 */
export async function openGrpcClient(address, exchange, signal) {
	const grpc = await import("@grpc/grpc-js");
	const method = await loadMethod(exchange);
	const client = new grpc.Client(
		`${address}`,
		grpc.credentials.createInsecure(),
		{
			"grpc.max_receive_message_length": -1,
		},
	);
	const call = async (message) => {
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
			const answer = await call(exchange.message(texts, parameters));
			this.lastAnswerNbytes =
				prefixNbytes + method.responseSerialize(answer).length;
			return exchange.read(answer);
		},
		close: () => client.close(),
	};
	return opened;
}
