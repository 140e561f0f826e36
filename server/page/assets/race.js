import { rate, ratio } from "./numbers.js";
import { postValues } from "./server.js";

/** What is drawn at least, as a share of the track: a bar that can't be seen could be a missing one. */
const SLIVER = 0.004;

/** The race: the server runs it and says how it goes, line by line. */
export class RaceView {
	#readValues;
	#section = document.querySelector("#race");
	#button = document.querySelector("#race-button");
	#status = document.querySelector("#race-status");
	#lanes;
	#controller;

	constructor(readValues) {
		this.#readValues = readValues;
		this.#lanes = new Map(
			[...this.#section.querySelectorAll(".lane")].map((element) => [
				element.dataset.tier,
				new Lane(element),
			]),
		);
	}

	enable() {
		this.#section.hidden = false;
		this.#button.addEventListener("click", () =>
			this.#controller ? this.#controller.abort() : this.#run(),
		);
	}

	async #run() {
		this.#controller = new AbortController();
		this.#button.textContent = "Stop the race";
		this.#status.textContent = "The race is on.";
		for (const lane of this.#lanes.values()) lane.reset();
		try {
			for await (const line of this.#lines()) this.#show(line);
			this.#status.textContent = this.#verdict();
		} catch (error) {
			this.#status.textContent = this.#controller.signal.aborted
				? "The race was stopped."
				: error.message;
		}
		for (const lane of this.#lanes.values()) lane.stop();
		this.#button.textContent = "Start the race";
		this.#controller = undefined;
	}

	/** The lines of the answer as objects, when they come. */
	async *#lines() {
		const { signal } = this.#controller;
		const response = await postValues("/race", this.#readValues(), signal);
		let rest = "";
		const chunks = response.body.pipeThrough(new TextDecoderStream());
		for await (const chunk of readChunks(chunks)) {
			const lines = (rest + chunk).split("\n");
			rest = lines.pop();
			for (const line of lines) yield JSON.parse(line);
		}
	}

	#show({ tier, ...news }) {
		for (const lane of this.#lanes.values()) lane.stop();
		this.#lanes.get(tier).show(news);
		const rates = [...this.#lanes.values()].map(({ rate }) => rate);
		const base = rates.length > 1 ? rates[0] : 0;
		for (const lane of this.#lanes.values())
			lane.draw(Math.max(...rates), base);
	}

	#verdict() {
		const lanes = [...this.#lanes.values()];
		if (!lanes.every(({ isDone }) => isDone)) return "The race was stopped.";
		const winner = lanes.reduce((a, b) => (b.rate > a.rate ? b : a));
		if (winner.rate === 0) return "No tier could make the image.";
		const [first] = lanes;
		const times =
			winner === first || first.rate === 0
				? ""
				: `, ${ratio(winner.rate / first.rate)} the rate of ${first.id}`;
		return `${winner.id} makes ${rate(winner.rate)} images a second${times}.`;
	}
}

/** Not every browser can iterate over a stream. */
async function* readChunks(stream) {
	const reader = stream.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return;
		yield value;
	}
}

class Lane {
	rate = 0;
	isDone = false;
	#element;
	#bar;
	#figure;
	#ratio;

	constructor(element) {
		this.#element = element;
		this.#bar = element.querySelector(".bar");
		this.#figure = element.querySelector("[data-field=figure]");
		this.#ratio = element.querySelector("[data-field=ratio]");
	}

	get id() {
		return this.#element.dataset.tier;
	}

	reset() {
		this.rate = 0;
		this.isDone = false;
		this.#figure.textContent = "–";
		this.draw(1, 0);
		this.stop();
	}

	stop() {
		this.#element.removeAttribute("data-running");
	}

	show({ images = 0, ms = 0, done = false, failed }) {
		this.rate = ms > 0 ? (1000 * images) / ms : 0;
		this.isDone = done || failed !== undefined;
		this.#figure.textContent =
			failed ?? (images === 0 ? "warming up" : `${rate(this.rate)}/s`);
		this.#element.toggleAttribute("data-running", !this.isDone);
	}

	/** On the scale of the fastest so far, and compared with the first. */
	draw(fastest, base) {
		const share = this.rate > 0 ? Math.max(this.rate / fastest, SLIVER) : 0;
		this.#bar.style.transform = `scaleX(${share})`;
		this.#ratio.textContent =
			base > 0 && this.rate > 0 ? ratio(this.rate / base) : "";
	}
}
