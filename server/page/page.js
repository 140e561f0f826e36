import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MAX_BODY_BYTES, readBody, readers } from "../api/body.js";
import { encode } from "../api/encode.js";
import { createPostParser, createQueryParser } from "../api/query.js";
import { signalOfClose } from "../api/responses.js";
import { defaultOptions } from "../defaults.js";
import { RequestError, sentences } from "../errors.js";
import { Limiter } from "../limiter.js";
import { readForm } from "./form.js";
import { findLastReport, RESULTS } from "./last-report.js";
import { runRace } from "./race.js";
import { timeVariants } from "./times.js";
import { renderPage } from "./view.js";

/** @typedef {import("../api/responses.js").Responses} Responses */
/** @typedef {(req: Server.Request, res: Server.ExpressResponse, responses: Responses) => Promise<void>} Answer */
/**
 * What makes the images of a request, with a variant of each tier.
 * @typedef {{ variants: Server.Variant[], generate: Server.GenerateVariant, signal: AbortSignal }} Job
 */

const ASSETS = fileURLToPath(new URL("assets/", import.meta.url));
const WAITING_FOR_TIMES = { maxQueue: 16, maxWaitMs: 30_000 };
const REST_AFTER_RACE_MS = 1000;
const RETRY_AFTER_RACE_SECONDS = 5;
const NO_REPORT = "There is no report yet: npm run bench makes one.";
const RACE_TAKEN =
	"A race is running or has just ended: try again in a few seconds.";

const SECURITY = {
	"X-Content-Type-Options": "nosniff",
	"Referrer-Policy": "no-referrer",
	"Cross-Origin-Resource-Policy": "same-origin",
};

const PAGE_HEADERS = {
	...SECURITY,
	"Content-Type": "text/html; charset=utf-8",
	"Cache-Control": "private, no-cache",
	"Content-Security-Policy": [
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self'",
		"connect-src 'self'",
		"form-action 'self'",
		"base-uri 'none'",
		"frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
		"trusted-types 'none'",
	].join("; "),
	// Together they isolate the page, and browsers give an isolated page a clock of 5 µs instead of 100.
	"Cross-Origin-Opener-Policy": "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
};

/** A report has its scripts and styles within: it gets an origin of its own, in which it can reach nothing. */
const REPORT_POLICY = [
	"sandbox allow-scripts allow-downloads allow-modals",
	"default-src 'none'",
	"script-src 'unsafe-inline'",
	"style-src 'unsafe-inline'",
	"img-src data:",
	"font-src data:",
	"base-uri 'none'",
	"frame-ancestors 'none'",
].join("; ");

/**
 * What Express serves for people: a page with the code of a text from each tier, and a race between them. It takes the images from
 * /qrcode like any client. Those of the C server are there, too, with the tier sidecar, or where a proxy gives /qrcode to it.
 */
export class Page {
	/** @type {import("../tier-registry.js").StartedTier[]} */
	#tiers;
	#swappable;
	#maxWidth;
	#resultsDirectory;
	#parseQuery;
	#parsePost;
	#timing = new Limiter(1, WAITING_FOR_TIMES);
	#isRaceTaken = false;

	/**
	 * @param {{ tiers: Server.StartedTiers, swappable: boolean, maxWidth: number, resultsDirectory?: string }} settings in
	 *   resultsDirectory are reports
	 */
	constructor({ tiers, swappable, maxWidth, resultsDirectory = RESULTS }) {
		const encoding = [...tiers.values()].filter(
			({ tier }) => tier.encodes !== false,
		);
		this.#tiers = encoding.length > 0 ? encoding : [...tiers.values()];
		this.#swappable = swappable;
		this.#maxWidth = maxWidth;
		this.#resultsDirectory = resultsDirectory;
		const extraNames = this.#engines.length > 0 ? ["engine"] : [];
		this.#parseQuery = createQueryParser(maxWidth, extraNames);
		this.#parsePost = createPostParser(maxWidth, extraNames);
	}

	/**
	 * By path.
	 * @type {(responses: Responses) => Record<string, Server.Handlers>}
	 */
	routes(responses) {
		const assets = readdirSync(ASSETS).map((name) => [
			`/page/${name}`,
			{ get: this.#assetSender(name, responses) },
		]);
		return {
			...Object.fromEntries(assets),
			"/": { get: (req, res) => this.#answer(req, res, responses) },
			"/times": { post: (req, res) => this.#answerTimes(req, res, responses) },
			"/race": { post: (req, res) => this.#race(req, res, responses) },
			"/report": { get: (_req, res) => this.#sendReport(res, responses) },
		};
	}

	/** @type {Answer} */
	async #answer(req, res, responses) {
		const form = readForm(req.rawQuery, this.#defaults());
		const sentence = await this.#refusalOf(form, signalOfClose(res));
		const body = renderPage({
			...form,
			sentence,
			origin: `http://${req.headers.host}`, // an allowed one, which is plain enough for a shell
			tiers: this.#tiers,
			engines: this.#engines,
			swappable: this.#swappable,
			maxWidth: this.#maxWidth,
			hasReport: (await this.#findReport()) !== undefined,
		});
		if (responses.draining) res.setHeader("Connection", "close");
		res.writeHead(sentence === undefined ? 200 : 400, {
			...PAGE_HEADERS,
			"Content-Length": Buffer.byteLength(body),
		});
		res.end(body);
	}

	/**
	 * Resolves to the sentence that /qrcode would answer with, undefined if it would answer with an image.
	 * @type {(form: { query: string }, signal: AbortSignal) => Promise<string | undefined>}
	 */
	async #refusalOf({ query }, signal) {
		try {
			const job = this.#prepare(this.#parseQuery(query), signal);
			await job.generate(job.variants[0]);
		} catch (error) {
			if (error instanceof RequestError) return error.message;
			throw error;
		}
	}

	/** @type {Answer} */
	async #answerTimes(req, res, responses) {
		const { variants, generate, signal } = await this.#prepareBody(req, res);
		const times = await this.#timing.run(
			() => timeVariants(variants, generate, signal),
			signal,
		);
		responses.made(res, "application/json", JSON.stringify(times));
	}

	/** @type {Answer} */
	async #race(req, res, responses) {
		const { variants, generate, signal } = await this.#prepareBody(req, res);
		await generate(variants[0]); // what is refused, is refused by all
		if (this.#isRaceTaken) {
			const headers = { "Retry-After": RETRY_AFTER_RACE_SECONDS };
			responses.text(res, 503, RACE_TAKEN, headers);
			return;
		}
		this.#isRaceTaken = true;
		try {
			await runRace(variants, generate, res, responses, signal);
		} finally {
			const free = () => {
				this.#isRaceTaken = false;
			};
			setTimeout(free, REST_AFTER_RACE_MS).unref();
		}
	}

	/**
	 * Only JSON: another site's page would have to ask before it sends that here, and is not allowed to.
	 * @type {(req: Server.Request, res: Server.Response) => Promise<Job>}
	 */
	async #prepareBody(req, res) {
		const { mediaType, bytes } = await readBody(req, res, {
			mediaTypes: ["application/json"],
			maxBytes: MAX_BODY_BYTES,
		});
		const options = this.#parsePost(req.rawQuery, readers[mediaType](bytes));
		return this.#prepare(options, signalOfClose(res));
	}

	/** @type {(query: Server.Query, signal: AbortSignal) => Job} */
	#prepare({ text, ecl, width, margin, engine: wanted }, signal) {
		const generate = ({ tier, engine }) =>
			encode(tier, text, { ecl, width, margin, engine, signal });
		return { variants: this.#variants(wanted), generate, signal };
	}

	/**
	 * One of each tier: with that engine where it has it, with its default one where not.
	 * @type {(engine?: string) => Server.Variant[]}
	 */
	#variants(engine) {
		const engines = this.#engines;
		if (engine !== undefined && !engines.includes(engine))
			throw new RequestError(sentences.oneOf("engine", engines));
		return this.#tiers.map((tier) =>
			this.#swappable && engine !== undefined && tier.engines.includes(engine)
				? tier.variant(engine)
				: tier.defaultVariant,
		);
	}

	/** Those that a request may choose from. */
	get #engines() {
		return this.#swappable
			? [...new Set(this.#tiers.flatMap(({ engines }) => engines))]
			: [];
	}

	/** @type {(name: string, responses: Responses) => (req: Server.Request, res: Server.ExpressResponse) => void} */
	#assetSender(name, responses) {
		const content = readFileSync(`${ASSETS}${name}`);
		const hash = createHash("sha256").update(content).digest("base64url");
		const headers = { ETag: `"${hash}"` };
		return (_req, res) => sendFile(responses, res, ASSETS, name, headers);
	}

	#findReport() {
		return findLastReport(this.#resultsDirectory);
	}

	/** @type {(res: Server.ExpressResponse, responses: Responses) => Promise<void>} */
	async #sendReport(res, responses) {
		const name = await this.#findReport();
		if (name === undefined) {
			responses.text(res, 404, NO_REPORT);
			return;
		}
		const headers = { "Content-Security-Policy": REPORT_POLICY };
		sendFile(responses, res, this.#resultsDirectory, name, headers);
	}

	/** @type {() => Server.FormValues} */
	#defaults() {
		const chosen = this.#tiers.map(({ defaultVariant }) => defaultVariant);
		const engine = chosen.find(({ engine }) => engine !== undefined)?.engine;
		return {
			...defaultOptions(this.#maxWidth),
			text: "https://example.com/",
			engine: this.#swappable ? engine : undefined,
		};
	}
}

/**
 * Express answers, also with 304.
 * @type {(responses: Responses, res: Server.ExpressResponse, root: string, name: string, headers: Server.Headers) => void}
 */
function sendFile(responses, res, root, name, headers) {
	if (responses.draining) res.setHeader("Connection", "close");
	res.sendFile(name, {
		root,
		cacheControl: false,
		headers: { ...SECURITY, "Cache-Control": "no-cache", ...headers },
	});
}
