// What the page asks of the server, and what it makes of refusals.

/** A refusal or a failure: the message is a sentence for people. */
export class Refusal extends Error {}

/** Resolves to the response to the form's values as JSON, which is one of success. Rejects with a Refusal. */
export function postValues(path, { width, margin, ...values }, signal) {
	// An empty field has its default; one that can't be read as a number is refused like any other wrong value.
	if (width !== "") values.width = Number(width);
	if (margin !== "") values.margin = Number(margin);
	return request(path, {
		method: "POST",
		headers: { "Content-Type": "application/json" },
		body: JSON.stringify(values),
		signal,
	});
}

/** Resolves to the shortest of a few times until an answer without an image has come, in ms. */
export async function measureRoundTrip(signal) {
	let shortestMs = Number.POSITIVE_INFINITY;
	for (let i = 0; i < 3; i++) {
		const startMs = performance.now();
		const response = await request("/healthz", { signal });
		await response.text();
		shortestMs = Math.min(shortestMs, performance.now() - startMs);
	}
	return shortestMs;
}

async function request(path, options) {
	const response = await fetch(path, options).catch((error) => {
		throw options.signal.aborted
			? error
			: new Refusal("The server can’t be reached.");
	});
	if (!response.ok) throw new Refusal(await sentenceOf(response));
	return response;
}

async function sentenceOf(response) {
	const type = response.headers.get("Content-Type") ?? "";
	return type.startsWith("text/plain")
		? (await response.text()).trim()
		: `The server answers with status ${response.status}.`;
}
