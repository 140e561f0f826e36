/*
 * The race runs here and not in the browser, which is busy for longer with a request than most tiers are with an image: what it saw
 * would be itself. So that it can't be used to overload the machine, a process runs one at a time and rests after it; each tier has
 * half a second, in slices between which others are served; at most four images are in the making; and it ends when its client
 * goes away.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { RequestError, sentences } from "../errors.js";

const WARM_UP_MS = 100;
const TURNS = 4;
const TURN_MS = 100;
const GRACE_MS = 2000;
const MAX_IMAGES = 50_000;
const MAX_AT_ONCE = 4;
const SLICE_MS = 5;
const PROGRESS_EVERY_MS = 50;

/**
 * How long a race of so many tiers takes.
 * @type {(tiers: number) => number}
 */
export const raceSeconds = (tiers) =>
	(tiers * (WARM_UP_MS + TURNS * TURN_MS)) / 1000;

/**
 * Lets the variants make images of the text, in turns, so that what disturbs the machine disturbs them all. Answers with a line of JSON now
 * and then: { tier, images, ms } so far, at the end of each tier with { done: true }, or { tier, failed } with a sentence.
 * generate(variant) makes an image.
 * @param {Server.Variant[]} variants
 * @param {Server.GenerateVariant} generate
 * @param {Server.Response} res
 * @param {import("../api/responses.js").Responses} responses
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export async function runRace(variants, generate, res, responses, signal) {
	writeHead(res, responses);
	const racers = variants.map(
		(variant) =>
			new Racer(variant.tier.id, () => generate(variant), res, signal),
	);
	for (let turn = 0; turn <= TURNS; turn++)
		for (const racer of racers) {
			if (signal.aborted || responses.draining) break;
			if (turn === 0) await racer.warmUp();
			else await racer.takeTurn(turn === TURNS);
		}
	res.end();
}

function writeHead(res, { draining }) {
	if (draining) res.setHeader("Connection", "close");
	res.writeHead(200, {
		"Content-Type": "application/x-ndjson",
		"Cache-Control": "no-store",
		"X-Content-Type-Options": "nosniff",
		"X-Accel-Buffering": "no", // nginx would keep the lines until the end
	});
}

class Racer {
	#id;
	#generate;
	#res;
	#signal;
	#hasFailed = false;
	#images = 0;
	#ms = 0;

	/**
	 * @param {string} id
	 * @param {() => Server.Image} generate
	 * @param {Server.Response} res
	 * @param {AbortSignal} signal
	 */
	constructor(id, generate, res, signal) {
		this.#id = id;
		this.#generate = generate;
		this.#res = res;
		this.#signal = signal;
	}

	async warmUp() {
		this.#report({ images: 0, ms: 0 });
		await this.#run(new Heat(this.#generate, this.#signal, WARM_UP_MS));
	}

	async takeTurn(isLast) {
		const heat = new Heat(this.#generate, this.#signal, TURN_MS);
		const report = () => this.#report(this.#scoreWith(heat));
		const timer = setInterval(report, PROGRESS_EVERY_MS);
		await this.#run(heat);
		clearInterval(timer);
		const { images, ms } = this.#scoreWith(heat);
		this.#images = images;
		this.#ms = ms;
		this.#report({ images, ms, ...(isLast && { done: true }) });
	}

	async #run(heat) {
		if (this.#hasFailed) return;
		try {
			await heat.run();
		} catch (error) {
			const isForClient = error instanceof RequestError;
			this.#report({ failed: isForClient ? error.message : sentences.failed });
			this.#hasFailed = true;
		}
	}

	#scoreWith({ images, ms }) {
		return { images: this.#images + images, ms: this.#ms + ms };
	}

	#report(news) {
		if (this.#hasFailed || this.#signal.aborted) return;
		this.#res.write(`${JSON.stringify({ tier: this.#id, ...news })}\n`);
	}
}

/** As many images as fit into a stretch of time. */
class Heat {
	#generate;
	#signal;
	#startMs = performance.now();
	#endMs;
	#sliceEndMs = this.#startMs + SLICE_MS;
	#lastMs = this.#startMs;
	images = 0;

	/**
	 * @param {() => Server.Image} generate
	 * @param {AbortSignal} signal
	 * @param {number} durationMs
	 */
	constructor(generate, signal, durationMs) {
		this.#generate = generate;
		this.#signal = signal;
		this.#endMs = this.#startMs + durationMs;
	}

	/** How long the images have taken. */
	get ms() {
		return this.#lastMs - this.#startMs;
	}

	/** Rejects if an image fails, or doesn't come for long. */
	async run() {
		let timer;
		const tooLong = new Promise((_, reject) => {
			const error = new Error("A tier does not answer.");
			timer = setTimeout(reject, GRACE_MS, error);
		});
		const runners = Array.from({ length: MAX_AT_ONCE }, () => this.#makeSome());
		await Promise.race([Promise.all(runners), tooLong]).finally(() =>
			clearTimeout(timer),
		);
	}

	async #makeSome() {
		while (this.#lastMs < this.#endMs && this.images < MAX_IMAGES) {
			if (this.#lastMs >= this.#sliceEndMs) {
				await nextTurn();
				this.#sliceEndMs = performance.now() + SLICE_MS;
			}
			if (this.#signal.aborted) return;
			const result = this.#generate();
			if (!Buffer.isBuffer(result)) await result;
			this.images++;
			this.#lastMs = performance.now();
		}
	}
}
