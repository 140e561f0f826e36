import { imagePath } from "./lines.js";
import { byteCount, duration, whole } from "./numbers.js";
import { measureRoundTrip, postValues } from "./server.js";

/** The cards, one of each tier. */
export class Codes {
	#list = document.querySelector("#cards");
	#cards = new Map(
		[...this.#list.children].map((element) => [
			element.dataset.tier,
			new Card(element),
		]),
	);
	#refusal = document.querySelector("#refusal");
	#summary = document.querySelector("#codes-summary");
	#note = document.querySelector("#times-note");
	#controller = new AbortController();

	/** What imagePath() wants to know of that tier. */
	tier(id) {
		return this.#cards.get(id).tier;
	}

	/** What is shown is no longer what is asked for. */
	cancel() {
		this.#controller.abort();
		this.#list.setAttribute("aria-busy", "true");
	}

	async show(values) {
		this.cancel();
		this.#controller = new AbortController();
		const { signal } = this.#controller;
		try {
			const response = await postValues("/times", values, signal);
			this.#showAll(await response.json(), values);
			const ms = await measureRoundTrip(signal);
			this.#note.textContent = `Time: the shortest of a few images in the server’s process. HTTP comes on top: this browser waits ${duration(ms)} for an answer without an image.`;
		} catch (error) {
			if (!signal.aborted) this.#refuse(error.message);
		}
		if (!signal.aborted) this.#list.removeAttribute("aria-busy");
	}

	#showAll(times, values) {
		this.#list.removeAttribute("data-refused");
		this.#refusal.textContent = "";
		for (const { tier, ...result } of times)
			this.#cards.get(tier).show(result, values);
		this.#summarise(times.filter(({ failed }) => failed === undefined));
	}

	#summarise(times) {
		const [first, ...others] = times;
		if (first === undefined) this.#summary.textContent = "";
		else if (others.length === 0)
			this.#summary.textContent = `${duration(first.ms)}, ${byteCount(first.bytes)}`;
		else {
			const best = duration(Math.min(...times.map(({ ms }) => ms)));
			const fewest = Math.min(...times.map(({ bytes }) => bytes));
			const fastest = times
				.filter(({ ms }) => duration(ms) === best)
				.map(({ tier }) => tier);
			for (const tier of fastest) this.#cards.get(tier).mark("fastest");
			this.#summary.textContent = `Fastest: ${fastest.join(", ")}, ${best}. Smallest: ${byteCount(fewest)}.`;
		}
	}

	#refuse(sentence) {
		// The same words again would be read out again.
		if (this.#refusal.textContent !== sentence)
			this.#refusal.textContent = sentence;
		this.#summary.textContent = "";
		this.#note.textContent = "";
		this.#list.setAttribute("data-refused", "");
		for (const card of this.#cards.values()) card.clear();
	}
}

class Card {
	#element;
	#image;
	#fields;

	constructor(element) {
		this.#element = element;
		this.#image = element.querySelector("img");
		this.#fields = Object.fromEntries(
			[...element.querySelectorAll("[data-field]")].map((field) => [
				field.dataset.field,
				field,
			]),
		);
	}

	get tier() {
		const { tier: id, engines } = this.#element.dataset;
		return engines === undefined
			? undefined
			: { id, engines: engines.split(" ") };
	}

	show({ ms, bytes, failed = "" }, values) {
		this.clear();
		this.#fields.failure.textContent = failed;
		this.#element.toggleAttribute("data-failed", failed !== "");
		this.#showImage(values);
		if (failed !== "") return;
		this.#fields.time.textContent = duration(ms);
		this.#fields.bytes.textContent = whole(bytes);
	}

	#showImage(values) {
		const path = imagePath(values, this.tier);
		const { defaultEngine } = this.#element.dataset;
		this.#fields.engine.textContent = this.tier?.engines.includes(values.engine)
			? values.engine
			: defaultEngine;
		if (this.#image.getAttribute("src") !== path) this.#image.src = path;
		this.#image.parentElement.href = path;
		this.#fields.download.href = path;
	}

	mark(word) {
		this.#fields.mark.textContent = word;
	}

	clear() {
		this.#fields.time.textContent = "–";
		this.#fields.bytes.textContent = "–";
		this.#fields.failure.textContent = "";
		this.mark("");
	}
}
