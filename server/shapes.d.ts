// The shapes that the server's rooms hand each other.
declare namespace Server {
	/** Where a QR code's text comes as bytes, they are any bytes. */
	type Text = string | Buffer;

	type Level = "L" | "M" | "Q" | "H";

	/** What the default export of a file server/tiers/ID.js is. */
	interface Tier {
		/** What it is called: the name of its file. */
		id: string;
		/** One line on what it is. */
		title: string;
		/** Before the first request. Throws an Error with a sentence on why it can't. */
		start?(settings: TierSettings): void | Promise<void>;
		/**
		 * Makes a PNG. The text may fit no symbol, but is never longer than one can hold digits (api/encode.js); all options are valid.
		 * Throws a RequestError for what is the client's fault, a BusyError when a queue is full.
		 */
		generate(text: Text, options: EncodeOptions): Image;
		/** The process is about to end. */
		stop?(): void;
		/** The names of its engines, the default first; called after start(). */
		engines?(): readonly string[];
		/** What makes its images, with versions: images may change when this does. */
		libraries(engine?: string): string | undefined;
		/** GET and HEAD of /qrcode don't go through Express at all. */
		aheadOfExpress?: boolean;
		/** False if its images don't show the text: the page leaves it out. */
		encodes?: boolean;
		/** Its client's going away aborts options.signal. */
		abortable?: boolean;
		/** How long the first text in its queue has waited. */
		queueAgeMs?(): number;
		/** For metrics. */
		stats?(): TierStats;
	}

	/** A tier with engines is always told which one. */
	interface EngineTier extends Tier {
		generate(text: Text, options: EncodeOptions & { engine: string }): Image;
		engines(): readonly string[];
		libraries(engine: string): string | undefined;
	}

	/** The same with a signal, too. */
	interface AbortableTier extends EngineTier {
		generate(text: Text, options: Required<EncodeOptions>): Image;
		abortable: true;
	}

	type Image = Buffer | Promise<Buffer>;

	/** What a tier is told of the command line. */
	type TierSettings = Pick<
		Settings,
		"maxConcurrency" | "maxQueue" | "maxWaitMs" | "answerTimeoutMs"
	>;

	interface TierStats {
		/** Texts in its queue. */
		waiting?: number;
		/** Texts refused so far since the queue was full or too old. */
		refused?: number;
		/** Children or threads that took the place of others that had ended. */
		restarts?: number;
	}

	/** How an image is to be, all of it given. */
	interface ImageOptions {
		ecl: Level;
		width: number;
		margin: number;
	}

	interface EncodeOptions extends ImageOptions {
		/** Undefined for a tier without any. */
		engine?: string;
		/** The client has gone away. */
		signal?: AbortSignal;
	}

	/** A tier with one of its engines: what an image comes from. */
	interface Variant {
		tier: Tier;
		engine: string | undefined;
		/** "Release" or "Debug"; null for what is not built here. */
		build: string | null;
		/** Of all its images: they are never changed. */
		etag: string;
	}

	/** By id, the default one first. */
	type StartedTiers = Map<string, import("./tier-registry.js").StartedTier>;

	/** The command line: see flags.js. */
	interface Settings {
		/** The default one first. */
		tierIds: string[];
		/** Requests may choose a tier and an engine. */
		swappable: boolean;
		engine?: string;
		maxConcurrency: number;
		maxQueue: number;
		maxWaitMs: number;
		queueTimeoutMs: number;
		answerTimeoutMs: number;
		processes: number;
		heartbeatTimeoutMs: number;
		bind: string;
		port: number;
		grpcPort?: number;
		metricsPort?: number;
		metricsBind: string;
		/** As canonicalName() of origin.js writes them. */
		allowedHosts?: string[];
		maxWidth: number;
		maxBatch: number;
		maxBatchMemoryMb: number;
		cacheControl: string;
		page: boolean;
		requestTimeoutMs: number;
		sendTimeoutMs: number;
		drainDelayMs: number;
		drainTimeoutMs: number;
	}

	/** What the line that says the server is ready tells. */
	interface Started {
		port: number;
		description: string;
		/** HOST:PORT, if they are served. */
		metricsAddress?: string;
	}

	/** What a request asks for. */
	interface Query extends ImageOptions {
		text: Text;
		tier?: string;
		engine?: string;
	}

	/** Of Query what a batch has. */
	type BatchQuery = Omit<Query, "text">;

	/** As they are written in a query; null for what is no UTF-8. */
	interface GivenOptions {
		ecl: string | null | undefined;
		width: string | null | undefined;
		margin: string | null | undefined;
	}

	/** The body of a POST: text that is checked, and other members as the client sent them. */
	interface Body {
		text: Text;
		[member: string]: unknown;
	}

	/** They throw a RequestError. */
	type QueryParser = (rawQuery: string) => Query;
	interface PostParser {
		(rawQuery: string, body: Body): Query;
		(rawQuery: string, body: object): BatchQuery;
	}
	type SelectVariant = (query: BatchQuery, req: Incoming) => Variant;

	interface BodyLimits {
		mediaTypes: string[];
		maxBytes: number;
	}

	type HttpRequest = import("node:http").IncomingMessage;

	/** A request of node:http, and what is noted on it on its way. */
	interface Incoming extends HttpRequest {
		/** What follows the question mark. */
		rawQuery?: string;
		/** Of the tier that makes its images. */
		tierId?: string;
		/** Its client waits to be asked for the body. */
		expectsContinue?: boolean;
	}

	/** The same as routes get it: its url is a path, without the query. */
	interface Request extends Incoming {
		url: string;
		rawQuery: string;
	}

	type Response = import("node:http").ServerResponse;

	/** What Express makes of it. */
	interface ExpressResponse extends Response {
		sendFile(name: string, options: object): void;
	}

	type Headers = import("node:http").OutgoingHttpHeaders;
	type RequestHeaders = import("node:http").IncomingHttpHeaders;
	type Listener = (req: Incoming, res: Response) => void;

	interface Handlers {
		get?(req: Request, res: ExpressResponse): unknown;
		post?(req: Request, res: ExpressResponse): unknown;
	}

	/** What Routes, Posts, GrpcServer need beside their own. */
	interface BatchSettings {
		maxBatch: number;
		/** Of the process. */
		batches: import("./api/batches.js").Batches;
		sendTimeoutMs: number;
	}

	/** Where a server is to listen, and the flags that say so. */
	interface Address {
		bind: string;
		/** Without one, any that is free. */
		port?: number;
		bindFlag?: string;
		portFlag?: string;
	}

	type GenerateVariant = (variant: Variant) => Image;

	/** The form of the page as it is shown again. */
	interface FormValues {
		text: string;
		ecl: string;
		width: number | string;
		margin: number | string;
		engine: string | undefined;
	}

	/** What the page is made of. */
	interface PageModel {
		values: FormValues;
		/** Why the values give no image. */
		sentence?: string;
		/** As the browser wrote it. */
		origin: string;
		tiers: import("./tier-registry.js").StartedTier[];
		/** That a request may choose from. */
		engines: string[];
		swappable: boolean;
		maxWidth: number;
		hasReport: boolean;
	}
}
