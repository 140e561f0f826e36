import { createServer } from "node:http";
import {
	setImmediate as nextTurn,
	setTimeout as sleep,
} from "node:timers/promises";
import { Batches } from "../api/batches.js";
import {
	createOptionsCheck,
	createPostParser,
	createQueryParser,
} from "../api/query.js";
import { Routes, refuseUnread } from "../api/routes.js";
import { refusalOfHead } from "../api/strict-head.js";
import { RequestError, sentences } from "../errors.js";
import { listen } from "../listen.js";
import { createHostCheck, createSiteCheck } from "../origin.js";
import { Page } from "../page/page.js";
import { startTiers } from "../tier-registry.js";

/** @typedef {import("node:net").Socket} Socket */
/** @typedef {import("../metrics/process-metrics.js").ProcessMetrics} ProcessMetrics */
/** @typedef {(tiers: Server.StartedTiers, countConnections: () => number) => ProcessMetrics | undefined} CreateMetrics */

const KEEP_ALIVE_TIMEOUT_MS = 60_000;
const MAX_CHECKING_INTERVAL_MS = 500;
const CLOSE_IDLE_EVERY_MS = 20;
const BYTES_PER_MB = 1_000_000;

/** One process that serves: its tiers, its HTTP server and its connections. */
export class ServerProcess {
	/** How many connections have come in so far. */
	connectionCount = 0;
	#server;
	#routes;
	/** @type {import("../api/grpc.js").GrpcServer | undefined} */
	#grpc;
	/** @type {string | undefined} */
	#grpcAddress;
	#batches;
	#tiers;
	/** @type {Set<Socket>} */
	#sockets = new Set();
	/** @type {[Server.Incoming, Server.Response][]} */
	#held = [];
	/** @type {Server.Listener} */
	#listener;

	/**
	 * Resolves when the tiers are ready, and gRPC is served if it is asked for; rejects with a StartError.
	 * @type {(settings: Server.Settings) => Promise<ServerProcess>}
	 */
	static async start(settings) {
		const tiers = await startTiers(settings.tierIds, settings);
		const createMetrics = await metricsFactory(settings);
		const server = new ServerProcess(tiers, settings, createMetrics);
		if (settings.grpcPort !== undefined) await server.#serveGrpc(settings);
		return server;
	}

	/**
	 * @param {Server.StartedTiers} tiers
	 * @param {Server.Settings} settings
	 * @param {CreateMetrics} createMetrics
	 */
	constructor(tiers, settings, createMetrics) {
		this.metrics = createMetrics(tiers, () => this.#sockets.size);
		const selectVariant = variantSelector(tiers, settings.swappable);
		const extraNames = settings.swappable ? ["tier", "engine"] : [];
		this.#tiers = tiers;
		this.#batches = new Batches(settings.maxBatchMemoryMb * BYTES_PER_MB);
		this.#routes = new Routes({
			parseQuery: createQueryParser(settings.maxWidth, extraNames),
			parsePost: createPostParser(settings.maxWidth, extraNames),
			selectVariant: this.metrics?.noteTier(selectVariant) ?? selectVariant,
			cacheControl: settings.cacheControl,
			maxWaitMs: settings.maxWaitMs,
			queueAgeMs: queueAgeOf(tiers),
			maxBatch: settings.maxBatch,
			batches: this.#batches,
			sendTimeoutMs: settings.sendTimeoutMs,
			aheadOfExpress: [...tiers.values()].every(
				({ tier }) => tier.aheadOfExpress,
			),
			page: settings.page ? new Page({ tiers, ...settings }) : undefined,
			isAllowedHost: createHostCheck(settings.bind, settings.allowedHosts),
			isOwnSite: createSiteCheck(settings.allowedHosts),
		});
		const { listener } = this.#routes;
		this.#listener = strictly(
			this.metrics?.countRequests(listener) ?? listener,
		);
		this.#server = createHttpServer(this.#listener, settings);
		this.#server.on("connection", (socket) => this.#remember(socket));
	}

	/** @type {(settings: Server.Settings) => Promise<void>} */
	async #serveGrpc(settings) {
		const { GrpcServer } = await import("../api/grpc.js");
		const [{ defaultVariant: variant }] = this.#tiers.values();
		const completeOptions = createOptionsCheck(settings.maxWidth);
		const metrics = await this.metrics?.addGrpc();
		this.#grpc = new GrpcServer({
			...settings,
			variant,
			completeOptions,
			batches: this.#batches,
			metrics,
		});
		this.#grpcAddress = await this.#grpc.listen(settings);
	}

	/**
	 * Accepts connections itself; resolves to the port.
	 * @type {(address: Server.Address) => Promise<number>}
	 */
	listen(address) {
		return listen(this.#server, address);
	}

	/**
	 * Gets its connections from adopt(). Node looks for requests that take too long only once a server listens.
	 * @type {() => void}
	 */
	expectSockets() {
		this.#server.emit("listening");
	}

	/** @type {(socket: Socket) => void} */
	adopt(socket) {
		socket.allowHalfOpen = true; // as for those that an HTTP server accepts itself
		this.#server.emit("connection", socket);
	}

	/**
	 * What serves here, for the line that says it is ready.
	 * @type {string}
	 */
	get description() {
		const ids = [...this.#tiers.keys()];
		const variants = [...this.#tiers.values()].map(
			(tier) => tier.defaultVariant,
		);
		const isDebug = variants.some(({ build }) => build === "Debug");
		const more = isDebug ? ["Debug build"] : [];
		if (this.#grpc) more.push(`grpc on ${this.#grpcAddress}`);
		if (ids.length > 1) return [`tiers ${ids.join(" ")}`, ...more].join(", ");
		const [{ tier, engine }] = variants;
		const parts = [`tier ${tier.id}`, tier.libraries(engine), ...more];
		if (engine !== undefined) parts.splice(1, 0, `engine ${engine}`);
		return parts.join(", ");
	}

	/**
	 * From now on /readyz says that the server is about to end.
	 * @type {() => void}
	 */
	announceEnd() {
		this.#routes.announceEnd();
	}

	/**
	 * Holds requests back until close(): an answer would make its client connect again, and the listener must close when
	 * nobody is connecting. All answers from now on are the last on their connections.
	 * @type {() => void}
	 */
	hold() {
		this.#routes.drain();
		this.#server.removeAllListeners("request");
		this.#server.on("request", (req, res) => this.#held.push([req, res]));
	}

	/**
	 * Accepts no more connections, answers all requests, and resolves when all connections are closed.
	 * @type {() => Promise<void>}
	 */
	async close() {
		await nextTurn(); // what has arrived by now has just been accepted and read
		await Promise.all([this.#closeHttp(), this.#grpc?.close()]);
	}

	async #closeHttp() {
		this.#server.close();
		this.#release();
		while (this.#sockets.size > 0) {
			await sleep(CLOSE_IDLE_EVERY_MS); // the first time, so that the connections accepted last are read, too
			await nextTurn();
			this.#closeIdle();
		}
	}

	#release() {
		this.#server.removeAllListeners("request");
		this.#server.on("request", this.#listener);
		for (const [req, res] of this.#held)
			if (!res.closed) this.#listener(req, res);
	}

	/**
	 * The last thing to do before the process ends, whatever is still going on.
	 * @type {() => void}
	 */
	stop() {
		for (const { tier } of this.#tiers.values()) tier.stop?.();
	}

	/** @type {(socket: Socket) => void} */
	#remember(socket) {
		this.connectionCount++;
		this.#routes.noteConnection(socket);
		this.#sockets.add(socket);
		socket.once("close", () => this.#sockets.delete(socket));
	}

	/** Node itself takes a connection for busy that has never sent a byte. */
	#closeIdle() {
		this.#server.closeIdleConnections();
		for (const socket of this.#sockets)
			if (socket.bytesRead === 0) socket.destroy();
	}
}

/**
 * Returns what creates the metrics, if they are asked for.
 * @type {(settings: Server.Settings) => Promise<CreateMetrics>}
 */
async function metricsFactory({ metricsPort }) {
	if (metricsPort === undefined) return () => undefined;
	const { ProcessMetrics } = await import("../metrics/process-metrics.js");
	return (tiers, countConnections) =>
		new ProcessMetrics(tiers, countConnections);
}

/**
 * Passes on what is a request by RFC 9112.
 * @type {(listener: Server.Listener) => Server.Listener}
 */
function strictly(listener) {
	return (req, res) => {
		const refusal = refusalOfHead(req);
		if (refusal) refuseUnread(req, res, refusal.status, refusal.message);
		else listener(req, res);
	};
}

/** @type {(listener: Server.Listener, settings: Server.Settings) => import("node:http").Server} */
function createHttpServer(listener, { requestTimeoutMs }) {
	const server = createServer(
		{
			headersTimeout: requestTimeoutMs,
			requestTimeout: requestTimeoutMs,
			connectionsCheckingInterval: Math.min(
				requestTimeoutMs,
				MAX_CHECKING_INTERVAL_MS,
			),
			keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
		},
		listener,
	);
	// A body is asked for only where one is wanted.
	server.on("checkContinue", (/** @type {Server.Incoming} */ req, res) => {
		req.expectsContinue = true;
		server.emit("request", req, res);
	});
	return server;
}

/**
 * That of the tier's queue; of several tiers, each request chooses one, and by then has cost what it does.
 * @type {(tiers: Server.StartedTiers) => () => number}
 */
function queueAgeOf(tiers) {
	const [{ tier }] = tiers.values();
	return (tiers.size === 1 && tier.queueAgeMs) || (() => 0);
}

/** @type {(tiers: Server.StartedTiers, swappable: boolean) => (query: Server.BatchQuery) => Server.Variant} */
function variantSelector(tiers, swappable) {
	const [first] = tiers.values();
	if (!swappable) return () => first.defaultVariant;
	const ids = [...tiers.keys()];
	return ({ tier: id, engine }) => {
		const tier = id === undefined ? first : tiers.get(id);
		if (tier === undefined)
			throw new RequestError(sentences.oneOf("tier", ids));
		return tier.variant(engine);
	};
}
