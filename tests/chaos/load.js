import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeQrCode } from "../../bench/subjects/decode.js";
import { connect } from "../contract/http.js";
import { sentences } from "../contract/refusals.js";

const PAUSE_MS = 5;
const REFUSALS = [sentences.failed, sentences.busy].map((it) => `${it}\n`);

const targetOf = (text) => `/qrcode?text=${encodeURIComponent(text)}`;

/** Resolves to a Map from some texts to their images, which a decoder has read. */
export async function readImages(port, random) {
	const images = new Map();
	const connection = await connect(port);
	for (let i = 0; i < 8; i++) {
		const text = `${i} ${"chaos ".repeat(random(40))}`;
		const { status, body } = await connection.request(targetOf(text));
		assert.equal(status, 200);
		assert.equal((await decodeQrCode(body)).bytes.toString(), text);
		images.set(text, body);
	}
	connection.destroy();
	return images;
}

/** Some connections that ask for images all the time, each for one after the other. */
export class Load {
	/** How the requests ended: "cut off" by the end of their connection, "unanswered" for far longer than any limit of a host. */
	counts = { 200: 0, 503: 0, wrong: 0, "cut off": 0, unanswered: 0 };
	/** What was wrong. */
	complaints = [];
	#port;
	#images;
	#random;

	constructor(port, images, random) {
		this.#port = port;
		this.#images = [...images];
		this.#random = random;
	}

	/** Resolves when isOver() says so, and the last requests have ended. */
	async run(isOver, connectionCount) {
		const lanes = Array.from({ length: connectionCount });
		await Promise.all(lanes.map(() => this.#runLane(isOver)));
	}

	async #runLane(isOver) {
		let connection;
		while (!isOver()) {
			connection ??= await connect(this.#port);
			const outcome = await this.#ask(connection);
			this.counts[outcome]++;
			if (connection.ended || !["200", "503"].includes(outcome)) {
				connection.destroy();
				connection = undefined;
			}
			await sleep(PAUSE_MS);
		}
		connection?.destroy();
	}

	async #ask(connection) {
		const [text, image] = this.#images[this.#random(this.#images.length)];
		try {
			const response = await connection.request(targetOf(text));
			return this.#judge(response, image);
		} catch (error) {
			if (connection.ended) return "cut off";
			this.complaints.push(error.message);
			return "unanswered";
		}
	}

	#judge({ status, headers, body }, image) {
		if (status === 200 && body.equals(image)) return "200";
		const isRefusal = REFUSALS.includes(body.toString());
		if (status === 503 && isRefusal && headers["retry-after"] === "1")
			return "503";
		this.complaints.push(`${status}: ${body.toString("latin1", 0, 100)}`);
		return "wrong";
	}
}
