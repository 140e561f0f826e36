import { setImmediate as nextTurn } from "node:timers/promises";
import { RequestError, sentences } from "../errors.js";

const MIN_IMAGES = 3;
const MAX_IMAGES = 20;
const MAX_MS = 25;

/**
 * Resolves to what each variant needs for the text, in their order: { tier, ms, bytes }, where ms is the shortest of 3 to 20 images,
 * or { tier, failed } with a sentence. generate(variant) makes one image. Rejects with the RequestError of the first that refuses.
 * @type {(variants: Server.Variant[], generate: Server.GenerateVariant, signal: AbortSignal) => Promise<object[]>}
 */
export async function timeVariants(variants, generate, signal) {
	const times = [];
	for (const variant of variants) {
		signal.throwIfAborted();
		times.push({
			tier: variant.tier.id,
			...(await timeOne(variant, generate)),
		});
		await nextTurn(); // others are served, too
	}
	return times;
}

async function timeOne(variant, generate) {
	try {
		return await shortest(() => generate(variant));
	} catch (error) {
		if (error instanceof RequestError) throw error;
		return { failed: sentences.failed };
	}
}

/** @type {(generate: () => Server.Image) => Promise<{ ms: number, bytes: number }>} */
async function shortest(generate) {
	const endMs = performance.now() + MAX_MS;
	let ms = Number.POSITIVE_INFINITY;
	let png;
	for (
		let i = 0;
		i < MAX_IMAGES && (i < MIN_IMAGES || performance.now() < endMs);
		i++
	) {
		const startMs = performance.now();
		const result = generate();
		png = Buffer.isBuffer(result) ? result : await result;
		ms = Math.min(ms, performance.now() - startMs);
	}
	return { ms, bytes: png.length };
}
