// Checks a row's answers before anything is measured: a fast wrong answer is worth nothing. What is right is up to its subject.
import { makeBatches } from "../load/batches.js";
import { openClient } from "../load/client.js";
import { parametersOf } from "../results/dimensions.js";
import { mean, median } from "../results/statistics.js";
import { describeText } from "../subjects/texts.js";

const describeBatch = (texts) =>
	texts.length === 1
		? describeText(texts[0])
		: `a batch of ${texts.length} texts that begins with ${describeText(texts[0])}`;

/** The answers to some texts. */
async function ask(client, texts, parameters) {
	let answers;
	try {
		answers = await client.fetchImages(texts, parameters);
	} catch (error) {
		throw new Error(`${describeBatch(texts)}: ${error.message}`, {
			cause: error,
		});
	}
	if (answers.length !== texts.length)
		throw new Error(
			`${describeBatch(texts)} was answered with ${answers.length} images`,
		);
	return answers;
}

/** Gives the answer to each text, as they are fetched by the row's transport, and adds to `found` what they say of the row. */
async function* fetchAll(client, row, texts, found) {
	for (const batch of makeBatches(texts, row.batchSize)) {
		const startMs = performance.now();
		const answers = await ask(client, batch, parametersOf(row));
		found.times.push(performance.now() - startMs);
		found.answerNbytes.push(client.lastAnswerNbytes);
		for (const [i, text] of batch.entries()) {
			found.imageNbytes.set(text, answers[i].length);
			yield { text, answer: answers[i], headers: client.lastHeaders };
		}
	}
}

/**
 * Has the row's subject verify the answers of its host. Rejects with the first that is wrong. Fulfils with { meanImageBytes, answerNbytes
 * of each batch of the row, requestMs: how long a request took in the median }.
 * @type {(verified: { row: Kit.Row, host: Kit.Host, engine: string | null }, options: { texts: string[], signal?: AbortSignal }) => Promise<{ meanImageBytes: number, answerNbytes: number[], requestMs: number }>}
 */
export async function verifyRow({ row, host, engine }, { texts, signal }) {
	const client = await openClient(host, row.exchange, signal);
	const found = { times: [], answerNbytes: [], imageNbytes: new Map() };
	try {
		await row.subject.verify({
			row,
			host,
			engine,
			signal,
			answers: fetchAll(client, row, texts, found),
			ask: (some, parameters) => ask(client, some, parameters),
		});
	} finally {
		client.close();
	}
	return {
		meanImageBytes: mean(texts.map((text) => found.imageNbytes.get(text))),
		answerNbytes: found.answerNbytes,
		requestMs: median(found.times) ?? 0,
	};
}
